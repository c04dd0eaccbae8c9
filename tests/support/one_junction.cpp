#include "tests/support/one_junction.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace chorraha::test {
namespace {

using namespace std::chrono_literals;

constexpr double stop_line_m = 20;  // from the middle
constexpr double arm_m = 300;
constexpr double lane_width_m = 3.0;
constexpr double speed_mps = 13.9;
constexpr std::size_t arms = 4;
constexpr std::array<const char*, arms> arm_names{"N", "E", "S", "W"};  // clockwise
constexpr std::array<Point, arms> outward{Point{0, 1}, Point{1, 0}, Point{0, -1}, Point{-1, 0}};

// A point `along_m` from the middle on an arm, `right_m` to the right of somebody who drives out.
Point on_arm(std::size_t arm, double along_m, double right_m) {
  const Point d = outward[arm];
  return {along_m * d.x_m + right_m * d.y_m, along_m * d.y_m - right_m * d.x_m};
}

// Lane 0 is at the kerb, lane 1 at the middle of the road.
double from_middle_m(int lane) {
  return lane_width_m * (1.5 - lane);
}

LinkIndex link_in(std::size_t arm) {
  return LinkIndex{2 * arm};
}
LinkIndex link_out(std::size_t arm) {
  return LinkIndex{2 * arm + 1};
}
LaneIndex lane_of(LinkIndex link, int number) {
  return LaneIndex{2 * link.value() + static_cast<std::size_t>(number)};
}

void add_road(NetworkParts& parts, std::size_t arm, bool in) {
  const LinkIndex at{parts.links.size()};
  const double side = in ? -1 : 1;
  Link link;
  link.id = LinkId{std::string(arm_names[arm]) + (in ? "_in" : "_out")};
  link.street = arm % 2 == 0 ? "Cross street" : "Main street";
  (in ? link.downstream : link.upstream) = IntersectionIndex{0};
  for (const int number : {0, 1}) {
    const double right_m = side * from_middle_m(number);
    Lane lane;
    lane.id = LaneId{link.id.text() + "_" + std::to_string(number)};
    lane.link = at;
    lane.number = number;
    lane.shape = {on_arm(arm, stop_line_m, right_m), on_arm(arm, stop_line_m + arm_m, right_m)};
    if (in) std::ranges::reverse(lane.shape);
    lane.length_m = arm_m;
    lane.speed_limit_mps = speed_mps;
    lane.width_m = lane_width_m;
    link.lanes.emplace_back(parts.lanes.size());
    parts.lanes.push_back(std::move(lane));
  }
  parts.links.push_back(std::move(link));
}

// From stop line to exit: straight, or a quadratic curve round the corner of both lanes.
Polyline way(const Lane& from, const Lane& to, Turn turn) {
  const Point a = from.shape.back();
  const Point b = to.shape.front();
  if (turn == Turn::straight) return {a, b};
  const bool starts_upright = std::abs(from.shape.front().x_m - a.x_m) < 1e-9;
  const Point corner = starts_upright ? Point{a.x_m, b.y_m} : Point{b.x_m, a.y_m};
  Polyline line;
  constexpr int pieces = 8;
  for (int i = 0; i <= pieces; ++i) {
    const double t = static_cast<double>(i) / pieces;
    const double s = 1 - t;
    line.push_back({s * s * a.x_m + 2 * s * t * corner.x_m + t * t * b.x_m,
                    s * s * a.y_m + 2 * s * t * corner.y_m + t * t * b.y_m});
  }
  return line;
}

void add_movement(NetworkParts& parts, std::size_t from_arm, std::size_t to_arm, Turn turn) {
  const int lane = turn == Turn::left ? 1 : 0;
  Movement movement;
  movement.from = lane_of(link_in(from_arm), lane);
  movement.to = lane_of(link_out(to_arm), lane);
  const Lane& from = parts.lanes[movement.from.value()];
  const Lane& to = parts.lanes[movement.to.value()];
  movement.id = MovementId{from.id.text() + ">" + to.id.text()};
  movement.turn = turn;
  movement.shape = way(from, to, turn);
  movement.length_m = length_m(movement.shape);
  movement.speed_limit_mps = turn == Turn::straight ? speed_mps : turn == Turn::left ? 8.0 : 6.0;
  movement.intersection = IntersectionIndex{0};
  movement.signal_link = static_cast<int>(parts.movements.size());
  movement.crossings = {CrossingIndex{from_arm}, CrossingIndex{to_arm}};
  parts.movements.push_back(std::move(movement));
}

double least_distance_m(const Polyline& a, const Polyline& b) {
  const auto finely = [](const Polyline& line) {
    Polyline points;
    const double all_m = length_m(line);
    for (int i = 0; i * 0.5 <= all_m; ++i) points.push_back(pose_at(line, i * 0.5).at);
    return points;
  };
  double least_m = 1e9;
  const Polyline of_a = finely(a);
  const Polyline of_b = finely(b);
  for (const Point p : of_a) {
    for (const Point q : of_b)
      least_m = std::min(least_m, std::hypot(p.x_m - q.x_m, p.y_m - q.y_m));
  }
  return least_m;
}

// N and S give way to E and W; a left turn gives way to who comes straight or right from opposite.
bool gives_way(std::size_t arm, const Movement& movement, std::size_t foe_arm,
               const Movement& foe) {
  const bool minor = arm % 2 == 0;
  if (minor != (foe_arm % 2 == 0)) return minor;
  return movement.turn == Turn::left && foe.turn != Turn::left;
}

void add_foes(NetworkParts& parts) {
  const auto arm_of = [](std::size_t movement) { return movement / 3; };
  for (std::size_t i = 0; i < parts.movements.size(); ++i) {
    Movement& a = parts.movements[i];
    for (std::size_t j = 0; j < parts.movements.size(); ++j) {
      const Movement& b = parts.movements[j];
      if (arm_of(i) == arm_of(j) || least_distance_m(a.shape, b.shape) > 2.0) continue;
      a.foes.push_back({MovementIndex{j}, gives_way(arm_of(i), a, arm_of(j), b)});
    }
  }
}

void add_crossing(NetworkParts& parts, std::size_t arm) {
  Crossing crossing;
  crossing.id = CrossingId{std::string(arm_names[arm]) + "_walk"};
  crossing.intersection = IntersectionIndex{0};
  crossing.shape = {on_arm(arm, 15, -2 * lane_width_m), on_arm(arm, 15, 2 * lane_width_m)};
  parts.crossings.push_back(std::move(crossing));
}

void add_detectors(NetworkParts& parts, std::size_t arm) {
  for (const int number : {0, 1}) {
    for (const auto& [before_m, name] : {std::pair{5.0, ".5m"}, std::pair{80.0, ".80m"}}) {
      Detector loop;
      loop.lane = lane_of(link_in(arm), number);
      loop.id = DetectorId{parts.lanes[loop.lane.value()].id.text() + name};
      loop.kind = Detector::Kind::presence;
      loop.position_m = arm_m - before_m;
      loop.length_m = 2;
      loop.intersection = IntersectionIndex{0};
      parts.detectors.push_back(std::move(loop));
    }
  }
  Detector button;
  button.id = DetectorId{std::string(arm_names[arm]) + "_button"};
  button.kind = Detector::Kind::button;
  button.crossing = CrossingIndex{arm};
  button.intersection = IntersectionIndex{0};
  parts.detectors.push_back(std::move(button));
}

// Groups by index.
enum : std::size_t { ns, ew, ns_left, ew_left, p_n, p_e, p_s, p_w, group_count };

GroupSet groups(std::initializer_list<std::size_t> list) {
  GroupSet set;
  for (const std::size_t group : list) set.insert(GroupIndex{group});
  return set;
}

std::vector<SignalGroup> signal_groups() {
  const Network network = one_junction();
  std::vector<SignalGroup> all(group_count);
  constexpr std::array<const char*, group_count> names{"NS",  "EW",  "NS_L", "EW_L",
                                                       "P_N", "P_E", "P_S",  "P_W"};
  for (std::size_t g = 0; g < group_count; ++g) {
    SignalGroup& group = all[g];
    group.id = GroupId{names[g]};
    if (g < p_n) {
      group.red_amber = Ticks{10};
      group.min_green = Ticks{70};
      continue;
    }
    group.type = GroupType::pedestrian;
    group.lenses = lens_red | lens_green;
    group.amber = Ticks{0};
    group.flashing_green = Ticks{30};
    group.min_green = Ticks{100};
    group.crossings = {network.crossings()[g - p_n].id};
  }
  for (std::size_t i = 0; i < network.movements().size(); ++i) {
    const Movement& movement = network.movements()[i];
    const bool upright = i / 3 % 2 == 0;
    const bool left = movement.turn == Turn::left;
    all[upright ? (left ? ns_left : ns) : (left ? ew_left : ew)].movements.push_back(movement.id);
  }
  return all;
}

void relate(IntersectionParts& parts, std::size_t a, std::size_t b, Relation relation) {
  parts.relations[a][b] = relation;
  parts.relations[b][a] = relation == Relation::yields ? Relation::yielded_to : relation;
}

void fill_relations(IntersectionParts& parts) {
  using enum Relation;
  parts.relations.assign(group_count, std::vector<Relation>(group_count, compatible));
  for (const std::size_t a : {ns, ns_left}) {
    for (const std::size_t b : {ew, ew_left}) relate(parts, a, b, conflict);
    for (const std::size_t walk : {p_n, p_s}) relate(parts, a, walk, conflict);
  }
  relate(parts, ns, ns_left, conflict);
  relate(parts, ew_left, ew, yields);
  for (const std::size_t walk : {p_e, p_w}) {
    relate(parts, ns, walk, yields);
    relate(parts, ns_left, walk, conflict);
    relate(parts, ew, walk, conflict);
    relate(parts, ew_left, walk, conflict);
  }
  for (const std::size_t walk : {p_n, p_s}) {
    relate(parts, ew, walk, yields);
    relate(parts, ew_left, walk, yields);
  }
}

// Vehicles clear the box in 5 s, 6 s before a walk; people need 12 m / 1.2 m/s = 10 s.
void fill_intergreen(IntersectionParts& parts) {
  parts.intergreen.assign(group_count, std::vector<Ticks>(group_count, Ticks{0}));
  for (std::size_t a = 0; a < group_count; ++a) {
    for (std::size_t b = 0; b < group_count; ++b) {
      const Relation relation = parts.relations[a][b];
      if (relation == Relation::compatible || relation == Relation::same_stream) continue;
      parts.intergreen[a][b] = a >= p_n ? Ticks{100} : b >= p_n ? Ticks{60} : Ticks{50};
    }
  }
}

void fill_timetables(IntersectionParts& parts) {
  parts.stages = {{StageId{"ns"}, groups({ns, p_e, p_w})},
                  {StageId{"ns_left"}, groups({ns_left})},
                  {StageId{"ew"}, groups({ew, ew_left, p_n, p_s})}};
  // Interstages: 10 s, 5 s, 10 s.
  const StageIndex first{0};
  const StageIndex second{1};
  const StageIndex third{2};
  parts.timetables.push_back({TimetableId{"fixed"},
                              Ticks{1000},
                              Ticks{0},
                              {{first, Ticks{300}, Ticks{300}, false},
                               {second, Ticks{520}, Ticks{520}, false},
                               {third, Ticks{900}, Ticks{900}, false}}});
  parts.timetables.push_back({TimetableId{"actuated"},
                              Ticks{1000},
                              Ticks{0},
                              {{first, Ticks{200}, Ticks{350}, false},
                               {second, Ticks{440}, Ticks{560}, true},
                               {third, Ticks{900}, Ticks{900}, false}}});
  parts.day_plan = {{0s, 0x7f, TimetableIndex{0}}};
}

void fill_detectors(IntersectionParts& parts) {
  for (std::size_t arm = 0; arm < arms; ++arm) {
    const std::string name = arm_names[arm];
    const bool upright = arm % 2 == 0;
    const GroupSet straight = groups({upright ? ns : ew});
    const GroupSet left = groups({upright ? ns_left : ew_left});
    using enum DetectorUse::Role;
    using enum DetectorUse::Input;
    parts.detectors.push_back({DetectorId{name + "_in_0.5m"}, driver, call_and_extend, straight});
    parts.detectors.push_back({DetectorId{name + "_in_0.80m"}, driver, count_only, {}});
    parts.detectors.push_back({DetectorId{name + "_in_1.5m"}, driver, call_and_extend, left});
    parts.detectors.push_back({DetectorId{name + "_in_1.80m"}, driver, count_only, {}});
    parts.detectors.push_back({DetectorId{name + "_button"}, driver, button, groups({p_n + arm})});
  }
}

}  // namespace

Network one_junction() {
  NetworkParts parts;
  parts.junctions.push_back(
      {IntersectionId{"J"}, "Main street / Cross street", {}, {}, {}, {}, {}, {}});
  for (std::size_t arm = 0; arm < arms; ++arm) {
    add_road(parts, arm, true);
    add_road(parts, arm, false);
  }
  for (std::size_t arm = 0; arm < arms; ++arm) {
    add_movement(parts, arm, (arm + 1) % arms, Turn::left);
    add_movement(parts, arm, (arm + 2) % arms, Turn::straight);
    add_movement(parts, arm, (arm + 3) % arms, Turn::right);
  }
  add_foes(parts);
  for (std::size_t arm = 0; arm < arms; ++arm) {
    add_crossing(parts, arm);
    add_detectors(parts, arm);
  }
  return Network::make(std::move(parts)).value();
}

IntersectionParts one_junction_parts() {
  IntersectionParts parts;
  parts.id = IntersectionId{"J"};
  parts.profile = Profile::gost;
  parts.start_up.all_red = Ticks{100};
  parts.groups = signal_groups();
  fill_relations(parts);
  fill_intergreen(parts);
  fill_timetables(parts);
  fill_detectors(parts);
  return parts;
}

IntersectionConfig one_junction_config() {
  return IntersectionConfig::make(one_junction_parts()).value();
}

Demand one_junction_demand(const Network& network, double flow_veh_per_h,
                           double flow_persons_per_h) {
  Demand demand;
  VehicleType car;
  car.name = "car";
  car.share = 0.9;
  VehicleType truck;
  truck.name = "truck";
  truck.vehicle_class = VehicleClass::truck;
  truck.share = 0.1;
  truck.length_m = 10;
  truck.acceleration_mps2 = 1.3;
  truck.deceleration_mps2 = 4.0;
  demand.types = {car, truck};
  const auto all_day = [](double flow) {
    return std::vector<RouteFlow::Interval>{{0s, 24h, flow}};
  };
  for (const Movement& movement : network.movements()) {
    const double share = movement.turn == Turn::straight ? 0.6 : 0.2;
    demand.routes.push_back({{network.lane(movement.from).link, network.lane(movement.to).link},
                             all_day(share * flow_veh_per_h)});
  }
  for (std::size_t i = 0; i < network.crossings().size(); ++i) {
    demand.pedestrians.push_back({CrossingIndex{i}, all_day(flow_persons_per_h)});
  }
  return demand;
}

}  // namespace chorraha::test
