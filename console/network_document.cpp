#include "console/network_document.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <nlohmann/json.hpp>

namespace chorraha::console {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double metres) {
  return std::round(metres * 100.0) / 100.0;
}

Json place(Point point) {
  return Json::array({rounded(point.x_m), rounded(point.y_m)});
}

Json shape_of(const Polyline& line) {
  Json shape = Json::array();
  for (const Point& point : line) shape.push_back(place(point));
  return shape;
}

template <class Thing>
Json id_or_null(const std::vector<Thing>& things, std::size_t index, bool valid) {
  return valid ? Json(things[index].id.text()) : Json(nullptr);
}

template <class Thing, class Tag>
Json id_or_null(const std::vector<Thing>& things, Index<Tag> index) {
  return id_or_null(things, index.valid() ? index.value() : 0, index.valid());
}

template <class Thing, class Tag>
Json ids(const std::vector<Thing>& things, const std::vector<Index<Tag>>& indices) {
  Json list = Json::array();
  for (const Index<Tag> index : indices) list.push_back(things[index.value()].id.text());
  return list;
}

template <class Tag>
Json texts(const std::vector<Id<Tag>>& things) {
  Json list = Json::array();
  for (const Id<Tag>& id : things) list.push_back(id.text());
  return list;
}

/// As the city says, else by the lanes of its direction.
std::string_view class_of(const City& city, std::size_t link, std::size_t lanes) {
  StreetClass told = lanes >= 3 ? StreetClass::arterial : StreetClass::collector;
  if (lanes < 2) told = StreetClass::minor;
  if (link < city.street_classes.size()) told = city.street_classes[link];
  if (told == StreetClass::arterial) return "arterial";
  return told == StreetClass::collector ? "collector" : "minor";
}

/// The middle of the carriageway: point by point between the outermost lanes when these run
/// alike, else the middle lane.
Polyline middle_of(const Network& network, const Link& link) {
  const Polyline& right = network.lane(link.lanes.front()).shape;
  const Polyline& left = network.lane(link.lanes.back()).shape;
  if (right.size() != left.size()) return network.lane(link.lanes[link.lanes.size() / 2]).shape;
  Polyline middle;
  for (std::size_t i = 0; i < right.size(); ++i) {
    middle.push_back({(right[i].x_m + left[i].x_m) / 2, (right[i].y_m + left[i].y_m) / 2});
  }
  return middle;
}

Json links_of(const City& city) {
  const Network& network = *city.network;
  Json list = Json::array();
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    const Link& link = network.links()[i];
    if (link.lanes.empty()) continue;
    double width_m = 0;
    std::size_t driven = 0;
    for (const LaneIndex lane : link.lanes) {
      width_m += network.lane(lane).width_m;
      driven += network.lane(lane).vehicles_allowed ? 1 : 0;
    }
    if (driven == 0) continue;
    list.push_back({{"id", link.id.text()},
                    {"street", link.street},
                    {"class", class_of(city, i, driven)},
                    {"upstream", id_or_null(network.junctions(), link.upstream)},
                    {"downstream", id_or_null(network.junctions(), link.downstream)},
                    {"lanes", ids(network.lanes(), link.lanes)},
                    {"shape", shape_of(middle_of(network, link))},
                    {"width_m", rounded(width_m)}});
  }
  return list;
}

Json lanes_of(const Network& network) {
  Json list = Json::array();
  for (const Lane& lane : network.lanes()) {
    list.push_back({{"id", lane.id.text()},
                    {"link", network.link(lane.link).id.text()},
                    {"number", lane.number},
                    {"shape", shape_of(lane.shape)},
                    {"length_m", rounded(lane.length_m)},
                    {"width_m", rounded(lane.width_m)},
                    {"vehicles", lane.vehicles_allowed}});
  }
  return list;
}

Json movements_of(const Network& network) {
  Json list = Json::array();
  for (const Movement& movement : network.movements()) {
    list.push_back({{"id", movement.id.text()},
                    {"junction", id_or_null(network.junctions(), movement.intersection)},
                    {"from", network.lane(movement.from).id.text()},
                    {"to", network.lane(movement.to).id.text()},
                    {"turn", name_of(movement.turn)},
                    {"shape", shape_of(movement.shape)}});
  }
  return list;
}

Json crossings_of(const Network& network) {
  Json list = Json::array();
  for (const Crossing& crossing : network.crossings()) {
    list.push_back({{"id", crossing.id.text()},
                    {"junction", id_or_null(network.junctions(), crossing.intersection)},
                    {"shape", shape_of(crossing.shape)},
                    {"width_m", rounded(crossing.width_m)}});
  }
  return list;
}

const char* word_of(Detector::Kind kind) {
  switch (kind) {
    case Detector::Kind::presence:
      return "presence";
    case Detector::Kind::crossing:
      return "crossing";
    case Detector::Kind::button:
      return "button";
  }
  return "presence";
}

/// The groups that a detector calls, by its own intersection's configuration.
Json calls_of(const City& city, const Detector& detector) {
  Json calls = Json::array();
  if (!detector.intersection.valid()) return calls;
  const IntersectionConfig& config = city.intersections[detector.intersection.value()];
  const auto use = std::ranges::find(config.detectors(), detector.id, &DetectorUse::id);
  if (use == config.detectors().end()) return calls;
  for (const GroupIndex g : use->calls) calls.push_back(config.group(g).id.text());
  return calls;
}

Json detectors_of(const City& city) {
  const Network& network = *city.network;
  Json list = Json::array();
  for (const Detector& detector : network.detectors()) {
    list.push_back({{"id", detector.id.text()},
                    {"junction", id_or_null(network.junctions(), detector.intersection)},
                    {"kind", word_of(detector.kind)},
                    {"lane", id_or_null(network.lanes(), detector.lane)},
                    {"crossing", id_or_null(network.crossings(), detector.crossing)},
                    {"position_m", rounded(detector.position_m)},
                    {"length_m", rounded(detector.length_m)},
                    {"camera", detector.camera},
                    {"calls", calls_of(city, detector)}});
  }
  return list;
}

Json groups_of(const IntersectionConfig& config) {
  Json list = Json::array();
  for (const SignalGroup& group : config.groups()) {
    list.push_back({{"id", group.id.text()},
                    {"type", name_of(group.type)},
                    {"movements", texts(group.movements)},
                    {"crossings", texts(group.crossings)},
                    {"min_green_s", to_seconds(group.min_green)},
                    {"max_green_s", to_seconds(group.max_green)}});
  }
  return list;
}

Json stages_of(const IntersectionConfig& config) {
  Json list = Json::array();
  for (const Stage& stage : config.stages()) {
    Json green = Json::array();
    for (const GroupIndex g : stage.green) green.push_back(config.group(g).id.text());
    list.push_back({{"id", stage.id.text()}, {"groups", std::move(green)}});
  }
  return list;
}

Json number_of(const City& city, std::size_t junction) {
  const bool numbered = junction < city.numbers.size() && city.numbers[junction] > 0;
  return numbered ? Json(city.numbers[junction]) : Json(nullptr);
}

Json corridors_of(const City& city) {
  Json list = Json::array();
  for (const Corridor& corridor : city.corridors) {
    list.push_back({{"id", corridor.id},
                    {"names", corridor.names},
                    {"junctions", ids(city.network->junctions(), corridor.junctions)}});
  }
  return list;
}

Json junctions_of(const City& city) {
  const Network& network = *city.network;
  Json list = Json::array();
  for (std::size_t i = 0; i < network.junctions().size(); ++i) {
    const Junction& junction = network.junctions()[i];
    const IntersectionConfig& config = city.intersections[i];
    Json timetables = Json::array();
    for (const Timetable& timetable : config.timetables()) {
      timetables.push_back({{"id", timetable.id.text()},
                            {"cycle_s", to_seconds(timetable.cycle)},
                            {"offset_s", to_seconds(timetable.offset)}});
    }
    list.push_back({{"id", junction.id.text()},
                    {"name", junction.name},
                    {"number", number_of(city, i)},
                    {"aliases", i < city.aliases.size() ? Json(city.aliases[i]) : Json::array()},
                    {"centre", place(junction.centre)},
                    {"outline", shape_of(junction.outline)},
                    {"groups", groups_of(config)},
                    {"stages", stages_of(config)},
                    {"timetables", std::move(timetables)},
                    {"detectors", ids(network.detectors(), junction.detectors)}});
  }
  return list;
}

Json pixel(Pixel at) {
  return Json::array({at.x, at.y});
}

Json lines_of(const CameraConfig& camera) {
  Json list = Json::array();
  for (const CountingLine& line : camera.lines) {
    list.push_back(
        {{"name", line.name},
         {"p1", pixel(line.p1)},
         {"p2", pixel(line.p2)},
         {"direction", name_of(line.direction)},
         {"detector", line.detector.empty() ? Json(nullptr) : Json(line.detector.text())}});
  }
  return list;
}

Json cameras_of(const City& city) {
  Json list = Json::array();
  for (const CameraConfig& camera : city.cameras) {
    const bool serves = !camera.intersection.empty();
    const bool placed = camera.pose.has_value();
    Json at = nullptr;
    if (placed) at = place({camera.pose->x_m, camera.pose->y_m});
    list.push_back({{"id", camera.id.text()},
                    {"junction", serves ? Json(camera.intersection) : Json(nullptr)},
                    {"width", camera.width},
                    {"height", camera.height},
                    {"at", std::move(at)},
                    {"yaw_deg", placed ? Json(camera.pose->yaw_deg) : Json(nullptr)},
                    {"rendered", city.simulated && placed},
                    {"lines", lines_of(camera)}});
  }
  return list;
}

Json areas_of(const City& city) {
  Json list = Json::array();
  for (const MapArea& area : city.areas) {
    list.push_back({{"kind", area.kind == MapArea::Kind::river ? "river" : "park"},
                    {"shape", shape_of(area.shape)}});
  }
  return list;
}

Json bounds_of(const Network& network) {
  if (network.lanes().empty()) return Json::array({0, 0, 0, 0});
  constexpr double far = std::numeric_limits<double>::max();
  Point low{far, far};
  Point high{-far, -far};
  for (const Lane& lane : network.lanes()) {
    for (const Point& point : lane.shape) {
      low = {std::min(low.x_m, point.x_m), std::min(low.y_m, point.y_m)};
      high = {std::max(high.x_m, point.x_m), std::max(high.y_m, point.y_m)};
    }
  }
  return Json::array({rounded(low.x_m), rounded(low.y_m), rounded(high.x_m), rounded(high.y_m)});
}

}  // namespace

std::string network_document(const City& city) {
  const Network& network = *city.network;
  const Json document{{"version", 1},
                      {"city",
                       {{"id", city.id},
                        {"name", city.name},
                        {"geographic", city.geographic},
                        {"simulated", city.simulated}}},
                      {"bounds", bounds_of(network)},
                      {"areas", areas_of(city)},
                      {"links", links_of(city)},
                      {"lanes", lanes_of(network)},
                      {"movements", movements_of(network)},
                      {"crossings", crossings_of(network)},
                      {"detectors", detectors_of(city)},
                      {"junctions", junctions_of(city)},
                      {"corridors", corridors_of(city)},
                      {"cameras", cameras_of(city)}};
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace chorraha::console
