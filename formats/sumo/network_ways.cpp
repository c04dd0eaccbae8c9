#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/sumo/network_reader.hpp"

namespace chorraha::sumo {
namespace {

// A way over a junction is never shorter than this: SUMO writes 0.1 m where lanes touch.
constexpr double way_min_m = 0.1;

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

bool bit_of(const std::string& bits, std::size_t place) {
  return place < bits.size() && bits[bits.size() - 1 - place] == '1';
}

}  // namespace

// An internal lane goes on over an internal junction for one destination.
Done NetworkReader::read_inner_connections() {
  for (const pugi::xml_node& node : xml_.root().children("connection")) {
    const std::string from = node.attribute("from").value();
    const std::string via = node.attribute("via").value();
    if (!from.starts_with(':') || via.empty()) continue;
    next_inner_[fmt::format("{}_{}>{}_{}", from, node.attribute("fromLane").value(),
                            node.attribute("to").value(), node.attribute("toLane").value())] = via;
  }
  return {};
}

Done NetworkReader::read_connections() {
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

Result<Movement> NetworkReader::read_movement(const pugi::xml_node& node, LaneIndex from,
                                              LaneIndex to) {
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

Result<NetworkReader::Way> NetworkReader::way_over(const pugi::xml_node& node, const Lane& from,
                                                   const Lane& to) {
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

Result<LaneIndex> NetworkReader::lane_named(const pugi::xml_node& node, const char* edge_key,
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

// Crossings are edges; the signal stands at the connection that leads onto them.
Done NetworkReader::read_crossings() {
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
std::vector<MovementIndex> NetworkReader::movements_by_request(const Node& node) const {
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

Done NetworkReader::find_foes() {
  for (const auto& [id, node] : nodes_) {
    const std::vector<MovementIndex> movements = movements_by_request(node);
    for (std::size_t i = 0; i < movements.size(); ++i) {
      if (movements[i].valid()) add_foes(node, movements, i);
    }
  }
  return {};
}

void NetworkReader::add_foes(const Node& node, const std::vector<MovementIndex>& movements,
                             std::size_t i) {
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

}  // namespace chorraha::sumo
