#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/city/network_file.hpp"
#include "formats/city/table.hpp"
#include "formats/city/words.hpp"

namespace chorraha {
namespace {

using city::Node;
using city::Reading;
using city::Table;

constexpr double metres_max = 1e7;
using Places = std::unordered_map<std::string, std::size_t>;

// Where each id of a list stands; the readers of the list say what is wrong with it.
Places places_of(const Node& file, const char* key) {
  Places places;
  const Node* list = file.find(key);
  if (list == nullptr) return places;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    if (const Node* id = list->items[i].find("id")) places.emplace(id->text, i);
  }
  return places;
}

class NetworkReader {
 public:
  NetworkReader(Table& file, const Node& node)
      : file_(file),
        links_(places_of(node, "links")),
        lanes_(places_of(node, "lanes")),
        movements_(places_of(node, "movements")),
        crossings_(places_of(node, "crossings")),
        junctions_(places_of(node, "intersections")) {}

  void read() {
    file_.each("intersections", [this](Table& table) { read_junction(table); });
    file_.each("links", [this](Table& table) { read_link(table); });
    file_.each("lanes", [this](Table& table) { read_lane(table); });
    file_.each("movements", [this](Table& table) { read_movement(table); });
    file_.each("crossings", [this](Table& table) { read_crossing(table); });
    file_.each("detectors", [this](Table& table) { read_detector(table); });
    file_.each_if_any("background", [this](Table& table) { read_area(table); });
  }

  NetworkParts parts;
  std::vector<LinkClass> link_classes;
  std::vector<MapArea> background;

 private:
  template <class Place>
  Place place(Table& table, const char* key, const Places& places, const std::string& id,
              const char* kind) {
    const auto found = places.find(id);
    if (found != places.end()) return Place{found->second};
    table.refuse(key, '"' + id + '"', fmt::format("{} of this file", kind));
    return Place::none();
  }
  template <class Place>
  Place refer(Table& table, const char* key, const Places& places, const char* kind) {
    const std::string id = table.text(key);
    return table.has(key) ? place<Place>(table, key, places, id, kind) : Place::none();
  }
  IntersectionIndex junction_if_any(Table& table, const char* key) {
    if (!table.has(key)) return IntersectionIndex::none();
    return refer<IntersectionIndex>(table, key, junctions_, "an intersection");
  }
  static int signal_link(Table& table) {
    return table.has("signal_link") ? static_cast<int>(table.integer("signal_link", 0, 1 << 20))
                                    : -1;
  }

  void read_junction(Table& table) {
    Junction junction;
    junction.id = IntersectionId{table.text("id")};
    junction.name = table.text_or("name", junction.id.text());
    junction.centre = table.point("centre");
    if (table.has("outline")) junction.outline = table.polyline("outline", 3);
    parts.junctions.push_back(std::move(junction));
  }

  void read_link(Table& table) {
    Link link;
    link.id = LinkId{table.text("id")};
    link.street = table.text_or("street", "");
    link_classes.push_back(table.has("class")
                               ? table.word("class", link_class_named, "arterial, collector, minor")
                               : LinkClass::minor);
    link.upstream = junction_if_any(table, "upstream");
    link.downstream = junction_if_any(table, "downstream");
    for (const std::string& id : table.texts("lanes"))
      link.lanes.push_back(place<LaneIndex>(table, "lanes", lanes_, id, "lanes"));
    parts.links.push_back(std::move(link));
  }

  void read_lane(Table& table) {
    Lane lane;
    lane.id = LaneId{table.text("id")};
    lane.link = refer<LinkIndex>(table, "link", links_, "a link");
    lane.number = static_cast<int>(table.integer("number", 0, 63));
    lane.length_m = table.number("length_m", {0, metres_max});
    lane.speed_limit_mps = table.number("speed_limit_mps", {0, 1000});
    lane.width_m = table.number_or("width_m", lane.width_m, {0.5, 30});
    lane.vehicles_allowed = table.flag_or("vehicles_allowed", true);
    lane.shape = table.polyline("shape", 2);
    parts.lanes.push_back(std::move(lane));
  }

  void read_movement(Table& table) {
    Movement movement;
    movement.id = MovementId{table.text("id")};
    movement.from = refer<LaneIndex>(table, "from", lanes_, "a lane");
    movement.to = refer<LaneIndex>(table, "to", lanes_, "a lane");
    movement.turn = table.word("turn", turn_named, "straight, left, right, u_turn");
    movement.length_m = table.number("length_m", {0, metres_max});
    movement.speed_limit_mps = table.number("speed_limit_mps", {0, 1000});
    movement.intersection = junction_if_any(table, "intersection");
    movement.signal_link = signal_link(table);
    movement.shape = table.polyline("shape", 2);
    for (const std::string& id : table.texts_or_none("foes")) {
      movement.foes.push_back(
          {place<MovementIndex>(table, "foes", movements_, id, "movements"), false});
    }
    for (const std::string& id : table.texts_or_none("yields_to")) yield(table, movement, id);
    for (const std::string& id : table.texts_or_none("crossings")) {
      movement.crossings.push_back(
          place<CrossingIndex>(table, "crossings", crossings_, id, "crossings"));
    }
    parts.movements.push_back(std::move(movement));
  }

  void yield(Table& table, Movement& movement, const std::string& id) {
    const auto to = place<MovementIndex>(table, "yields_to", movements_, id, "movements");
    const auto foe = std::ranges::find(movement.foes, to, &Movement::Foe::movement);
    if (foe == movement.foes.end()) {
      table.refuse("yields_to", '"' + id + '"', "foes of this movement");
      return;
    }
    foe->yields_to = true;
  }

  void read_crossing(Table& table) {
    Crossing crossing;
    crossing.id = CrossingId{table.text("id")};
    crossing.intersection = junction_if_any(table, "intersection");
    crossing.shape = table.polyline("shape", 2);
    crossing.width_m = table.number_or("width_m", crossing.width_m, {0.5, 100});
    crossing.signal_link = signal_link(table);
    parts.crossings.push_back(std::move(crossing));
  }

  void read_detector(Table& table) {
    Detector detector;
    detector.id = DetectorId{table.text("id")};
    detector.kind = table.word("kind", city::detector_kind_named, "presence, crossing, button");
    detector.intersection = junction_if_any(table, "intersection");
    if (detector.kind == Detector::Kind::button) {
      detector.crossing = refer<CrossingIndex>(table, "crossing", crossings_, "a crossing");
    } else {
      detector.lane = refer<LaneIndex>(table, "lane", lanes_, "a lane");
      detector.position_m = table.number("position_m", {0, metres_max});
      detector.length_m = table.number_or("length_m", 0, {0, metres_max});
      detector.camera = table.flag_or("camera", false);
    }
    parts.detectors.push_back(std::move(detector));
  }

  void read_area(Table& table) {
    MapArea area;
    area.kind = table.word("kind", area_kind_named, "river, park");
    area.name = table.text_or("name", "");
    area.polygon = table.polyline("polygon", 3);
    background.push_back(std::move(area));
  }

  Table& file_;
  Places links_, lanes_, movements_, crossings_, junctions_;
};

// Faults of Network::make name "lane ID".
int line_about(const Node& file, const std::string& thing) {
  const std::size_t blank = thing.find(' ');
  if (blank == std::string::npos) return 1;
  const Node* list = file.find(thing.substr(0, blank) + 's');
  if (list == nullptr) return 1;
  for (const Node& item : list->items) {
    const Node* id = item.find("id");
    if (id != nullptr && id->text == thing.substr(blank + 1)) return item.line;
  }
  return list->line;
}

}  // namespace

Result<StreetMap> read_network_text(std::string_view text, const std::string& file) {
  const Result<Node> node = city::parse_json(text, file);
  if (!node) return node.error();
  Reading reading(file);
  NetworkParts parts;
  std::vector<LinkClass> link_classes;
  std::vector<MapArea> background;
  {
    Table table(reading, *node, "");
    NetworkReader reader(table, *node);
    reader.read();
    parts = std::move(reader.parts);
    link_classes = std::move(reader.link_classes);
    background = std::move(reader.background);
  }
  if (const Done done = reading.done(); !done) return done.error();
  Result<Network> network = Network::make(std::move(parts));
  if (!network) {
    Fault fault = network.error();
    fault.thing = fmt::format("{}:{} {}", file, line_about(*node, fault.thing), fault.thing);
    return fault;
  }
  return StreetMap{*std::move(network), std::move(link_classes), std::move(background)};
}

}  // namespace chorraha
