#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/sumo/network_reader.hpp"

namespace chorraha::sumo {
namespace {

// Classes that use the carriageway; a lane that admits none of them is a footway, a cycle path or
// a track. Source: https://sumo.dlr.de/docs/Simulation/VehiclePermissions.html
constexpr std::array<std::string_view, 19> road_classes{
    "private", "emergency", "authority", "army",     "vip",     "passenger", "hov",
    "taxi",    "bus",       "coach",     "delivery", "truck",   "trailer",   "motorcycle",
    "moped",   "evehicle",  "custom1",   "custom2",  "ignoring"};

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

bool admits_vehicles(const pugi::xml_node& lane) {
  const std::vector<std::string> allowed = words_in(lane.attribute("allow").value());
  const std::vector<std::string> barred = words_in(lane.attribute("disallow").value());
  const auto is_in = [](const std::vector<std::string>& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end() ||
           std::ranges::find(list, "all") != list.end();
  };
  return std::ranges::any_of(road_classes, [&](std::string_view road_class) {
    if (!allowed.empty()) return is_in(allowed, road_class);
    return !is_in(barred, road_class);
  });
}

}  // namespace

Done NetworkReader::read_edges() {
  for (const pugi::xml_node& edge : xml_.root().children("edge")) {
    const std::string_view function = edge.attribute("function").as_string("normal");
    if (function == "internal") {
      if (Done done = read_inner_lanes(edge); !done) return done;
    } else if (function == "crossing") {
      crossing_edges_.push_back(edge);
    } else if (function != "walkingarea") {
      if (Done done = read_edge(edge); !done) return done;
    }
  }
  if (parts_.links.empty())
    return Fault{Reason::bad_input, xml_.place(xml_.root()), "no <edge>", "a SUMO network"};
  return {};
}

Done NetworkReader::read_inner_lanes(const pugi::xml_node& edge) {
  for (const pugi::xml_node& node : edge.children("lane")) {
    const Result<std::string> id = xml_.text(node, "id");
    if (!id) return id.error();
    const Result<double> length_m = xml_.number(node, "length");
    if (!length_m) return length_m.error();
    const Result<double> speed_mps = xml_.number(node, "speed");
    if (!speed_mps) return speed_mps.error();
    const Result<Polyline> shape = xml_.shape(node, 1);
    if (!shape) return shape.error();
    inner_lanes_[*id] = {*shape, *length_m, *speed_mps};
  }
  return {};
}

Done NetworkReader::read_edge(const pugi::xml_node& edge) {
  const LinkIndex at{parts_.links.size()};
  Link link;
  Result<std::string> id = xml_.text(edge, "id");
  if (!id) return id.error();
  link.id = LinkId{*id};
  link.street = edge.attribute("name").value();
  link_ends_[*id] = {edge.attribute("from").value(), edge.attribute("to").value()};
  int number = 0;
  for (const pugi::xml_node& node : edge.children("lane")) {
    Result<Lane> lane = read_lane(node);
    if (!lane) return lane.error();
    lane->link = at;
    lane->number = number++;
    const LaneIndex place{parts_.lanes.size()};
    lanes_[lane->id.text()] = place;
    link.lanes.push_back(place);
    parts_.lanes.push_back(std::move(*lane));
  }
  if (link.lanes.empty()) return xml_.fault(edge, "id", "an edge with at least one <lane>");
  if (!links_.emplace(*id, at).second) return xml_.fault(edge, "id", "each edge once");
  parts_.links.push_back(std::move(link));
  return {};
}

Result<Lane> NetworkReader::read_lane(const pugi::xml_node& node) {
  Lane lane;
  Result<std::string> id = xml_.text(node, "id");
  if (!id) return id.error();
  lane.id = LaneId{std::move(*id)};
  const Result<double> length_m = xml_.number(node, "length");
  if (!length_m) return length_m.error();
  const Result<double> speed_mps = xml_.number(node, "speed");
  if (!speed_mps) return speed_mps.error();
  Result<Polyline> shape = xml_.shape(node, 2);
  if (!shape) return shape.error();
  if (!(*length_m > 0)) return xml_.fault(node, "length", "more than 0");
  if (!(*speed_mps > 0)) return xml_.fault(node, "speed", "more than 0");
  lane.length_m = *length_m;
  lane.speed_limit_mps = *speed_mps;
  lane.shape = std::move(*shape);
  lane.width_m = node.attribute("width").as_double(lane.width_m);
  lane.vehicles_allowed = admits_vehicles(node);
  return lane;
}

Done NetworkReader::read_nodes() {
  for (const pugi::xml_node& junction : xml_.root().children("junction")) {
    if (std::string_view(junction.attribute("type").value()) == "internal") continue;
    const Result<std::string> id = xml_.text(junction, "id");
    if (!id) return id.error();
    const Result<double> x_m = xml_.number(junction, "x");
    if (!x_m) return x_m.error();
    const Result<double> y_m = xml_.number(junction, "y");
    if (!y_m) return y_m.error();
    Node node;
    node.at = {*x_m, *y_m};
    node.inner_lanes = words_in(junction.attribute("intLanes").value());
    node.incoming_lanes = words_in(junction.attribute("incLanes").value());
    if (const Result<Polyline> outline = xml_.shape(junction, 3)) node.outline = *outline;
    for (const pugi::xml_node& request : junction.children("request")) {
      const Result<int> place = xml_.whole(request, "index");
      if (!place) return place.error();
      if (*place != static_cast<int>(node.requests.size()))
        return xml_.fault(request, "index", fmt::format("{}", node.requests.size()));
      node.requests.emplace_back(request.attribute("response").value(),
                                 request.attribute("foes").value());
    }
    nodes_[*id] = std::move(node);
  }
  return {};
}

}  // namespace chorraha::sumo
