#include "formats/sumo/sumo_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/sumo/xml_file.hpp"

namespace chorraha::sumo {
namespace {

// A way over a junction is never shorter than this: SUMO writes 0.1 m where lanes touch.
constexpr double way_min_m = 0.1;

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

// SUMO: s straight, t turnaround, l left, r right, L and R partially, invalid: nothing.
Turn turn_of(char dir) {
  switch (dir) {
    case 'l':
    case 'L':
      return Turn::left;
    case 'r':
    case 'R':
      return Turn::right;
    case 't':
    case 'T':
      return Turn::u_turn;
    default:
      return Turn::straight;
  }
}

struct InternalLane {
  Polyline shape;
  double length_m = 0;
  double speed_mps = 0;
};

struct Node {
  std::vector<std::string> inner_lanes;     // by place among the requests
  std::vector<std::string> incoming_lanes;  // in SUMO's order
  Point at;
  Polyline outline;
  std::vector<std::pair<std::string, std::string>> requests;  // response, foes
};

bool bit_of(const std::string& bits, std::size_t place) {
  return place < bits.size() && bits[bits.size() - 1 - place] == '1';
}

/// Reads one net.xml; each step uses what the ones before it have found.
class NetworkReader {
 public:
  explicit NetworkReader(const XmlFile& xml) : xml_(xml) {}

  Result<NetworkParts> read() {
    using Step = Done (NetworkReader::*)();
    constexpr std::array<Step, 6> steps{&NetworkReader::read_edges,
                                        &NetworkReader::read_nodes,
                                        &NetworkReader::read_inner_connections,
                                        &NetworkReader::read_connections,
                                        &NetworkReader::read_crossings,
                                        &NetworkReader::find_foes};
    for (const Step step : steps) {
      if (const Done done = (this->*step)(); !done) return done.error();
    }
    place_junctions();
    return std::move(parts_);
  }

 private:
  struct Way {
    Polyline shape;
    double length_m = 0;
    double speed_mps = 0;
    std::string last_lane;  // internal; its place among the requests is the movement's
  };

  Done read_edges() {
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

  Done read_inner_lanes(const pugi::xml_node& edge) {
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

  Done read_edge(const pugi::xml_node& edge) {
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

  Result<Lane> read_lane(const pugi::xml_node& node) {
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

  Done read_nodes() {
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

  // An internal lane goes on over an internal junction for one destination.
  Done read_inner_connections() {
    for (const pugi::xml_node& node : xml_.root().children("connection")) {
      const std::string from = node.attribute("from").value();
      const std::string via = node.attribute("via").value();
      if (!from.starts_with(':') || via.empty()) continue;
      next_inner_[fmt::format("{}_{}>{}_{}", from, node.attribute("fromLane").value(),
                              node.attribute("to").value(), node.attribute("toLane").value())] =
          via;
    }
    return {};
  }

  Result<LaneIndex> lane_named(const pugi::xml_node& node, const char* edge_key,
                               const char* lane_key) {
    const auto link = links_.find(node.attribute(edge_key).value());
    if (link == links_.end()) return xml_.fault(node, edge_key, "an edge of this network");
    const Result<int> number = xml_.whole(node, lane_key);
    if (!number) return number.error();
    const std::vector<LaneIndex>& lanes = parts_.links[link->second.value()].lanes;
    if (*number < 0 || *number >= static_cast<int>(lanes.size()))
      return xml_.fault(node, lane_key, fmt::format("0 to {}", lanes.size() - 1));
    return lanes[static_cast<std::size_t>(*number)];
  }

  Done read_connections() {
    for (const pugi::xml_node& node : xml_.root().children("connection")) {
      const std::string_view from_edge = node.attribute("from").value();
      const std::string_view to_edge = node.attribute("to").value();
      if (from_edge.starts_with(':') || to_edge.starts_with(':')) continue;
      const Result<LaneIndex> from = lane_named(node, "from", "fromLane");
      if (!from) return from.error();
      const Result<LaneIndex> to = lane_named(node, "to", "toLane");
      if (!to) return to.error();
      Result<Movement> movement = read_movement(node, *from, *to);
      if (!movement) return movement.error();
      ways_out_[from->value()].emplace_back(parts_.movements.size());
      parts_.movements.push_back(std::move(*movement));
    }
    return {};
  }

  Result<Movement> read_movement(const pugi::xml_node& node, LaneIndex from, LaneIndex to) {
    const Lane& a = parts_.lanes[from.value()];
    const Lane& b = parts_.lanes[to.value()];
    Movement movement;
    movement.id = MovementId{a.id.text() + ">" + b.id.text()};
    movement.from = from;
    movement.to = to;
    movement.turn = turn_of(*node.attribute("dir").as_string("s"));
    Result<Way> way = way_over(node, a, b);
    if (!way) return way.error();
    movement.shape = std::move(way->shape);
    movement.length_m = std::max(way->length_m, way_min_m);
    movement.speed_limit_mps = way->speed_mps;
    if (!way->last_lane.empty())
      by_inner_lane_[way->last_lane] = MovementIndex{parts_.movements.size()};
    const std::string signal = node.attribute("tl").value();
    if (signal.empty()) return movement;
    const Result<int> place = xml_.whole(node, "linkIndex");
    if (!place) return place.error();
    if (*place < 0) return xml_.fault(node, "linkIndex", "0 or more");
    movement.intersection = intersection_named(signal);
    movement.signal_link = *place;
    return movement;
  }

  Result<Way> way_over(const pugi::xml_node& node, const Lane& from, const Lane& to) {
    Way way;
    way.speed_mps = std::min(from.speed_limit_mps, to.speed_limit_mps);
    std::string via = node.attribute("via").value();
    std::set<std::string> seen;
    while (!via.empty()) {
      const auto inner = inner_lanes_.find(via);
      if (inner == inner_lanes_.end() || !seen.insert(via).second)
        return xml_.fault(node, "via", "internal lanes of this network, none twice");
      for (const Point point : inner->second.shape) {
        if (way.shape.empty() || !(way.shape.back() == point)) way.shape.push_back(point);
      }
      way.speed_mps = seen.size() == 1 ? inner->second.speed_mps
                                       : std::min(way.speed_mps, inner->second.speed_mps);
      way.length_m += inner->second.length_m;
      way.last_lane = via;
      const auto next = next_inner_.find(via + ">" + to.id.text());
      via = next == next_inner_.end() ? std::string{} : next->second;
    }
    if (!(way.speed_mps > 0)) return xml_.fault(node, "via", "internal lanes with a speed over 0");
    if (seen.empty()) {
      way.shape = {from.shape.back(), to.shape.front()};
      way.length_m = length_m(way.shape);
    }
    if (way.shape.size() == 1) way.shape.push_back(way.shape.front());
    return way;
  }

  // Crossings are edges; the signal stands at the connection that leads onto them.
  Done read_crossings() {
    std::unordered_map<std::string, std::pair<std::string, int>> signals;
    for (const pugi::xml_node& node : xml_.root().children("connection")) {
      const std::string to = node.attribute("to").value();
      if (!to.starts_with(':') || !node.attribute("tl")) continue;
      const Result<int> place = xml_.whole(node, "linkIndex");
      if (!place) return place.error();
      signals[to] = {node.attribute("tl").value(), *place};
    }
    for (const pugi::xml_node& edge : crossing_edges_) {
      const Result<std::string> id = xml_.text(edge, "id");
      if (!id) return id.error();
      const pugi::xml_node lane = edge.child("lane");
      const Result<Polyline> shape = xml_.shape(lane, 2);
      if (!shape) return shape.error();
      Crossing crossing;
      crossing.id = CrossingId{*id};
      crossing.shape = *shape;
      crossing.width_m = lane.attribute("width").as_double(crossing.width_m);
      if (const auto signal = signals.find(*id); signal != signals.end()) {
        crossing.intersection = intersection_named(signal->second.first);
        crossing.signal_link = signal->second.second;
      }
      by_crossing_lane_[lane.attribute("id").value()] = CrossingIndex{parts_.crossings.size()};
      parts_.crossings.push_back(std::move(crossing));
    }
    return {};
  }

  // The requests of a node stand in the order of its internal lanes; in a network without them in
  // the order of its incoming lanes and their connections.
  [[nodiscard]] std::vector<MovementIndex> movements_by_request(const Node& node) const {
    std::vector<MovementIndex> movements(node.requests.size());
    if (node.inner_lanes.size() >= node.requests.size()) {
      for (std::size_t i = 0; i < movements.size(); ++i) {
        const auto found = by_inner_lane_.find(node.inner_lanes[i]);
        if (found != by_inner_lane_.end()) movements[i] = found->second;
      }
      return movements;
    }
    std::size_t next = 0;
    for (const std::string& lane : node.incoming_lanes) {
      const auto at = lanes_.find(lane);
      if (at == lanes_.end()) continue;
      const auto ways = ways_out_.find(at->second.value());
      if (ways == ways_out_.end()) continue;
      for (const MovementIndex way : ways->second) {
        if (next < movements.size()) movements[next++] = way;
      }
    }
    return movements;
  }

  Done find_foes() {
    for (const auto& [id, node] : nodes_) {
      const std::vector<MovementIndex> movements = movements_by_request(node);
      for (std::size_t i = 0; i < movements.size(); ++i) {
        if (movements[i].valid()) add_foes(node, movements, i);
      }
    }
    return {};
  }

  void add_foes(const Node& node, const std::vector<MovementIndex>& movements, std::size_t i) {
    Movement& movement = parts_.movements[movements[i].value()];
    const auto& [response, foes] = node.requests[i];
    for (std::size_t j = 0; j < node.requests.size(); ++j) {
      if (!bit_of(foes, j)) continue;
      if (movements[j].valid()) {
        movement.foes.push_back({movements[j], bit_of(response, j)});
      } else if (j < node.inner_lanes.size()) {
        const auto crossing = by_crossing_lane_.find(node.inner_lanes[j]);
        if (crossing != by_crossing_lane_.end()) movement.crossings.push_back(crossing->second);
      }
    }
  }

  IntersectionIndex intersection_named(const std::string& id) {
    const auto [found, added] =
        intersections_.emplace(id, IntersectionIndex{parts_.junctions.size()});
    if (added) {
      Junction junction;
      junction.id = IntersectionId{id};
      parts_.junctions.push_back(std::move(junction));
    }
    return found->second;
  }

  // Links get their ends; a junction stands at the mean of its nodes, carries the names of its
  // streets and the outline of its first node that has one.
  void place_junctions() {
    std::unordered_map<std::string, IntersectionIndex> of_node;
    for (const Movement& movement : parts_.movements) {
      if (!movement.intersection.valid()) continue;
      Link& link = parts_.links[parts_.lanes[movement.from.value()].link.value()];
      link.downstream = movement.intersection;
      of_node[link_ends_[link.id.text()].second] = movement.intersection;
    }
    for (Link& link : parts_.links) {
      const auto node = of_node.find(link_ends_[link.id.text()].first);
      if (node != of_node.end()) link.upstream = node->second;
    }
    std::vector<std::set<std::string>> nodes(parts_.junctions.size());
    for (const auto& [id, at] : of_node) nodes[at.value()].insert(id);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      Junction& junction = parts_.junctions[i];
      junction.name = name_of_junction(IntersectionIndex{i});
      for (const std::string& id : nodes[i]) {
        const Node& node = nodes_[id];
        const auto count = static_cast<double>(nodes[i].size());
        junction.centre.x_m += node.at.x_m / count;
        junction.centre.y_m += node.at.y_m / count;
        if (nodes[i].size() == 1) junction.outline = node.outline;
      }
    }
  }

  [[nodiscard]] std::string name_of_junction(IntersectionIndex at) const {
    std::vector<std::string> streets;
    for (const Link& link : parts_.links) {
      if (link.downstream != at || link.street.empty()) continue;
      if (std::ranges::find(streets, link.street) == streets.end()) streets.push_back(link.street);
    }
    if (streets.empty()) return parts_.junctions[at.value()].id.text();
    return streets.size() == 1 ? streets[0] : streets[0] + " / " + streets[1];
  }

  const XmlFile& xml_;
  NetworkParts parts_;
  std::unordered_map<std::string, LinkIndex> links_;
  std::unordered_map<std::string, LaneIndex> lanes_;
  std::unordered_map<std::string, std::pair<std::string, std::string>> link_ends_;  // nodes
  std::unordered_map<std::string, InternalLane> inner_lanes_;
  std::unordered_map<std::string, std::string> next_inner_;  // "LANE>TO_LANE" -> lane
  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, IntersectionIndex> intersections_;
  std::unordered_map<std::string, MovementIndex> by_inner_lane_;
  std::unordered_map<std::string, CrossingIndex> by_crossing_lane_;
  std::unordered_map<std::size_t, std::vector<MovementIndex>> ways_out_;  // by lane, file order
  std::vector<pugi::xml_node> crossing_edges_;
};

}  // namespace

Result<NetworkParts> read_sumo_network_parts(const std::filesystem::path& net_file) {
  const Result<XmlFile> xml = XmlFile::load(net_file);
  if (!xml) return xml.error();
  return NetworkReader(*xml).read();
}

Result<NetworkParts> parse_sumo_network(std::string name, std::string xml) {
  const Result<XmlFile> file = XmlFile::parse(std::move(name), std::move(xml));
  if (!file) return file.error();
  return NetworkReader(*file).read();
}

Result<Network> read_sumo_network(const std::filesystem::path& net_file) {
  Result<NetworkParts> parts = read_sumo_network_parts(net_file);
  if (!parts) return parts.error();
  Result<Network> network = Network::make(std::move(*parts));
  if (network) return network;
  Fault fault = network.error();
  fault.thing = net_file.string() + ": " + fault.thing;
  return fault;
}

}  // namespace chorraha::sumo
