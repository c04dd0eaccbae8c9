#include "apps/make_city/traffic_model.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "formats/city/words.hpp"

namespace chorraha::make_city {
namespace {

std::chrono::seconds second_of(const std::string& clock) {
  if (clock == "24:00") return std::chrono::hours{24};
  return city::second_of_day(clock).value_or(std::chrono::seconds{0});
}

std::vector<RouteFlow::Interval> intervals_of(const Description& description, double peak_per_h) {
  std::vector<RouteFlow::Interval> intervals;
  for (const ProfileDescription& part : description.profile) {
    constexpr double per_unit = 10;
    intervals.push_back({second_of(part.begin), second_of(part.end),
                         std::round(peak_per_h * part.share * per_unit) / per_unit});
  }
  return intervals;
}

// Cars, vans and lorries, buses of a city street.
std::vector<VehicleType> vehicle_types() {
  VehicleType car;
  car.name = "car";
  car.share = 0.9;
  car.length_m = 4.6;
  VehicleType truck;
  truck.name = "truck";
  truck.vehicle_class = VehicleClass::truck;
  truck.share = 0.05;
  truck.length_m = 8.5;
  truck.acceleration_mps2 = 1.4;
  truck.deceleration_mps2 = 4.0;
  VehicleType bus;
  bus.name = "bus";
  bus.vehicle_class = VehicleClass::bus;
  bus.share = 0.05;
  bus.length_m = 12;
  bus.acceleration_mps2 = 1.2;
  bus.deceleration_mps2 = 4.0;
  return {car, truck, bus};
}

}  // namespace

std::vector<double> movement_flows(const std::vector<PeakRoute>& routes, const Streets& streets) {
  const auto link_of = [&](LaneIndex lane) { return streets.parts.lanes[lane.value()].link; };
  std::map<std::pair<LinkIndex, LinkIndex>, std::vector<std::size_t>> joins;
  for (std::size_t i = 0; i < streets.parts.movements.size(); ++i) {
    const Movement& movement = streets.parts.movements[i];
    joins[{link_of(movement.from), link_of(movement.to)}].push_back(i);
  }
  std::vector<double> flows(streets.parts.movements.size(), 0);
  for (const PeakRoute& route : routes) {
    for (std::size_t i = 1; i < route.links.size(); ++i) {
      const auto& ways = joins[{route.links[i - 1], route.links[i]}];
      for (const std::size_t way : ways)
        flows[way] += route.flow_veh_per_h / static_cast<double>(ways.size());
    }
  }
  return flows;
}

Demand demand_of_day(const Description& description, const Layout& layout, const Streets& streets,
                     const std::vector<PeakRoute>& routes) {
  Demand demand;
  demand.types = vehicle_types();
  for (const PeakRoute& route : routes)
    demand.routes.push_back({route.links, intervals_of(description, route.flow_veh_per_h)});
  for (std::size_t c = 0; c < layout.crossroads.size(); ++c) {
    for (std::size_t a = 0; a < layout.crossroads[c].arms.size(); ++a) {
      const std::size_t street = layout.crossroads[c].arms[a].street;
      const LinkClass link_class = layout.streets[street].description.link_class;
      const double share = link_class == LinkClass::arterial    ? 1.0
                           : link_class == LinkClass::collector ? 0.7
                                                                : 0.4;
      demand.pedestrians.push_back(
          {streets.arms[c][a].walk,
           intervals_of(description, std::round(description.pedestrians_per_h * share))});
    }
  }
  return demand;
}

}  // namespace chorraha::make_city
