#include "sim/sumo/tripinfo.hpp"

#include <cmath>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace chorraha::sumo {

Result<std::vector<TripInfo>> read_tripinfo(const std::filesystem::path& file) {
  pugi::xml_document document;
  if (const pugi::xml_parse_result parsed = document.load_file(file.c_str()); !parsed) {
    return Fault{Reason::lost, "SUMO's tripinfo output " + file.string(), parsed.description(),
                 "whole XML"};
  }
  std::vector<TripInfo> trips;
  for (const pugi::xml_node& node : document.document_element().children("tripinfo")) {
    TripInfo trip;
    bool is_whole = true;
    const auto number = [&](const char* key) {
      const double value = node.attribute(key).as_double(NAN);
      is_whole = is_whole && std::isfinite(value);
      return value;
    };
    trip.id = node.attribute("id").value();
    trip.depart_s = number("depart");
    trip.depart_delay_s = number("departDelay");
    trip.duration_s = number("duration");
    trip.time_loss_s = number("timeLoss");
    trip.waiting_s = number("waitingTime");
    trip.stops = node.attribute("waitingCount").as_int();
    trip.distance_m = number("routeLength");
    if (const double arrival_s = number("arrival"); arrival_s >= 0) trip.arrival_s = arrival_s;
    if (!is_whole || trip.id.empty()) {
      return Fault{Reason::lost, "SUMO's tripinfo output " + file.string(),
                   fmt::format("trip \"{}\" without all its numbers", trip.id), "all of them"};
    }
    trips.push_back(std::move(trip));
  }
  return trips;
}

}  // namespace chorraha::sumo
