#include "sim/lane_change.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace chorraha::sim {
namespace {

constexpr double look_ahead_s = 10;       // SUMO: LOOK_FORWARD
constexpr double left_looks_further = 2;  // SUMO: lcLookaheadLeft
constexpr double slowest_look_mps = 5;    // who stands looks ahead as if at this speed
constexpr double threshold_left = 0.2;    // SUMO: changeProbThresholdLeft
constexpr double threshold_right = 2.0;   // SUMO: changeProbThresholdRight
constexpr double standing_mps = 0.1;
constexpr double strand_s = 60;  // patience at the end of a wrong lane
constexpr double behind_m = 60;  // how far back before the lane's begin others are seen

}  // namespace

LaneChanges::LaneChanges(World& world, const Network& network)
    : world_(&world), network_(&network), visited_(network.links().size(), 0) {}

void LaneChanges::advance(VirtualLoops& loops) {
  std::ranges::fill(visited_, std::uint8_t{0});
  const std::vector<Way>& lanes = world_->fleet.active_lanes();
  for (std::size_t i = 0; i < lanes.size(); ++i) {  // changes may lengthen the list
    const Way lane = lanes[i];
    const auto link = static_cast<std::uint32_t>(network_->lanes()[lane].link.value());
    if (visited_[link] != 0) continue;
    visited_[link] = 1;
    if (network_->links()[link].lanes.size() > 1) {
      advance_link(link, loops);
      continue;
    }
    for (const Slot slot : world_->fleet.on(lane)) go_another_way(slot);
  }
}

void LaneChanges::advance_link(std::uint32_t link, VirtualLoops& loops) {
  order_.clear();
  for (const LaneIndex lane : network_->links()[link].lanes) {
    const std::vector<Slot>& queue = world_->fleet.on(Road::way_of(lane));
    order_.insert(order_.end(), queue.begin(), queue.end());
  }
  std::ranges::stable_sort(order_, [this](Slot a, Slot b) {
    return world_->fleet[a].position_m > world_->fleet[b].position_m;
  });
  for (const Slot slot : order_) decide(slot, loops);
}

void LaneChanges::decide(Slot slot, VirtualLoops& loops) {
  const Vehicle& vehicle = world_->fleet[slot];
  go_another_way(slot);
  if (vehicle.behind_count > 0) return;  // its tail is still in the junction
  const LaneWorth& worth =
      world_->routes.worth(vehicle.route, vehicle.place, world_->road.lane_number(vehicle.way));
  if (worth.offset != 0 && change_for_route(slot, worth, loops)) return;
  change_for_speed(slot, worth, loops);
}

double LaneChanges::queue_m(Way lane, double from_m) const {
  double sum_m = 0;
  for (const Slot slot : world_->fleet.on(lane)) {
    const Vehicle& vehicle = world_->fleet[slot];
    if (vehicle.position_m <= from_m) break;
    if (vehicle.speed_mps < standing_mps) sum_m += vehicle.length_m + vehicle.gap_m;
  }
  return sum_m;
}

// True when it was urgent, whether it worked or not.
bool LaneChanges::change_for_route(Slot slot, const LaneWorth& worth, VirtualLoops& loops) {
  Fleet& fleet = world_->fleet;
  Vehicle& vehicle = fleet[slot];
  const bool left = worth.offset > 0;
  const Road& road = world_->road;
  Way best = vehicle.way;
  for (int i = 0; i < std::abs(worth.offset) && best != no_way; ++i)
    best = left ? road.left_of(best) : road.right_of(best);
  const double queue = best == no_way ? 0 : queue_m(best, vehicle.position_m);
  const double look_m = std::max(vehicle.speed_mps, slowest_look_mps) * look_ahead_s *
                            (left ? left_looks_further : 1) +
                        2 * (vehicle.length_m + vehicle.gap_m);
  const double left_over_m = worth.reach_m - vehicle.position_m - queue;
  if (left_over_m / std::abs(worth.offset) > look_m) return false;

  const Way target = left ? road.left_of(vehicle.way) : road.right_of(vehicle.way);
  if (target == no_way) return true;
  const Beside found = beside(vehicle, target);
  if (fits(vehicle, found)) {
    change(slot, target, loops);
    return true;
  }
  // Always the one behind makes room, so that nobody waits in a circle.
  const bool follower_is_here = found.follower != no_slot && fleet[found.follower].way == target;
  const bool leader_is_here = found.leader != no_slot && fleet[found.leader].way == target;
  if (follower_is_here) fleet[found.follower].makes_room_for = slot;
  if (leader_is_here) vehicle.makes_room_for = found.leader;
  return true;
}

// A lane that leads along the route, or leaves room to come back.
bool LaneChanges::serves(const Vehicle& vehicle, Way lane) const {
  const LaneWorth& worth =
      world_->routes.worth(vehicle.route, vehicle.place, world_->road.lane_number(lane));
  if (worth.offset == 0) return true;
  const double needed_m = std::max(vehicle.speed_mps, slowest_look_mps) * look_ahead_s *
                          left_looks_further * (std::abs(worth.offset) + 1);
  return worth.reach_m - vehicle.position_m - queue_m(lane, vehicle.position_m) > needed_m;
}

double LaneChanges::expected_mps(const Vehicle& vehicle, Way lane) const {
  const Beside found = beside(vehicle, lane);
  const double allowed = world_->allowed_mps(vehicle, lane);
  if (found.leader == no_slot) return allowed;
  const Vehicle& ahead = world_->fleet[found.leader];
  return std::min(allowed, vehicle.krauss.stop_speed(found.ahead_m - vehicle.gap_m +
                                                     vehicle.krauss.braking_m(ahead.speed_mps)));
}

void LaneChanges::change_for_speed(Slot slot, const LaneWorth& worth, VirtualLoops& loops) {
  Vehicle& vehicle = world_->fleet[slot];
  const double allowed = world_->allowed_mps(vehicle, vehicle.way);
  if (worth.offset == 0 && vehicle.speed_mps > 0.95 * allowed) {
    vehicle.lane_wish *= 0.5;
    return;
  }
  const double here = expected_mps(vehicle, vehicle.way);
  double best = 0;
  bool to_left = false;
  for (const bool left : {true, false}) {
    const Way lane = left ? world_->road.left_of(vehicle.way) : world_->road.right_of(vehicle.way);
    if (lane == no_way || !serves(vehicle, lane)) continue;
    const double there = expected_mps(vehicle, lane);
    const double gain = (there - here) / std::max(there, 1.0);
    if (gain <= best) continue;
    best = gain;
    to_left = left;
  }
  const double side = to_left ? 1 : -1;
  if (best <= 0 || vehicle.lane_wish * side < 0) vehicle.lane_wish *= 0.5;
  if (best <= 0) return;
  vehicle.lane_wish += side * best * world_->step_s;
  const double wanted = to_left ? threshold_left : threshold_right;
  if (vehicle.lane_wish * side <= wanted) return;
  const Way lane = to_left ? world_->road.left_of(vehicle.way) : world_->road.right_of(vehicle.way);
  if (!fits(vehicle, lane)) return;
  change(slot, lane, loops);
}

void LaneChanges::change(Slot slot, Way lane, VirtualLoops& loops) {
  Vehicle& vehicle = world_->fleet[slot];
  const auto note = [&](Way way) {
    return VirtualLoops::Move{
        way, 0, vehicle.position_m, vehicle.length_m, vehicle.speed_mps, vehicle.vehicle_class};
  };
  if (loops.watches(vehicle.way)) loops.vanished(note(vehicle.way));
  vehicle.position_m = std::min(vehicle.position_m, world_->road.length_m(lane));
  world_->fleet.change_lane(slot, lane);
  if (loops.watches(lane)) loops.appeared(note(lane));
  vehicle.lane_wish = 0;
}

void LaneChanges::go_another_way(Slot slot) {
  Vehicle& vehicle = world_->fleet[slot];
  if (vehicle.waiting_s < strand_s) return;
  const Road& road = world_->road;
  if (road.length_m(vehicle.way) - vehicle.position_m > vehicle.length_m) return;
  const LaneWorth& worth =
      world_->routes.worth(vehicle.route, vehicle.place, road.lane_number(vehicle.way));
  if (worth.movement != no_movement || world_->routes.is_last(vehicle.route, vehicle.place)) return;
  const LinkIndex goal = world_->routes.links(vehicle.route).back();
  const Lane& lane = network_->lanes()[vehicle.way];
  const auto take = [&](bool to_goal) {
    for (const MovementIndex movement : lane.outgoing) {
      const Lane& next = network_->lane(network_->movement(movement).to);
      if (!next.vehicles_allowed) continue;
      const Result<RouteNumber> route =
          world_->routes.detour(lane.link, next.link, to_goal ? goal : next.link);
      if (!route) continue;
      vehicle.route = *route;
      vehicle.place = 0;
      ++rerouted_;
      return true;
    }
    return false;
  };
  // Where no way leads to its goal any more, its trip ends behind the junction.
  if (!take(true)) take(false);
}

LaneChanges::Beside LaneChanges::beside(const Vehicle& vehicle, Way lane) const {
  const Fleet& fleet = world_->fleet;
  Beside found;
  for (const Slot slot : fleet.on(lane)) {
    const Vehicle& other = fleet[slot];
    if (&other == &vehicle) continue;
    if (other.position_m < vehicle.position_m) {
      found.follower = slot;
      found.behind_m = vehicle.back_m() - other.position_m;
      break;
    }
    found.leader = slot;
    found.ahead_m = other.back_m() - vehicle.position_m;
  }
  if (found.leader == no_slot && fleet.tail(lane) != no_slot) {
    found.leader = fleet.tail(lane);
    found.ahead_m = fleet.tail_back_m(lane) - vehicle.position_m;
  }
  if (found.follower == no_slot && vehicle.back_m() < behind_m) look_behind(vehicle, lane, found);
  return found;
}

// Who comes over the junction onto this lane, or stands ready to.
void LaneChanges::look_behind(const Vehicle& vehicle, Way lane, Beside& found) const {
  const Fleet& fleet = world_->fleet;
  const auto consider = [&](Way way, double to_lane_m) {
    if (fleet.on(way).empty()) return;
    const Slot slot = fleet.on(way).front();
    const double gap_m = to_lane_m - fleet[slot].position_m + vehicle.back_m();
    if (gap_m >= found.behind_m) return;
    found.behind_m = gap_m;
    found.follower = slot;
  };
  for (const std::uint32_t movement : world_->road.into(lane)) {
    const Way way = world_->road.way_of_movement(movement);
    consider(way, world_->road.length_m(way));
    if (world_->lamps.light(movement) == Light::red) continue;
    const Way from = world_->road.from(movement);
    consider(from, world_->road.length_m(way) + world_->road.length_m(from));
  }
}

bool LaneChanges::fits(const Vehicle& vehicle, const Beside& found) const {
  const Fleet& fleet = world_->fleet;
  const auto comfortable = [](const Vehicle& who) {
    return who.speed_mps - who.krauss.deceleration_mps2 * who.krauss.step_s;
  };
  if (found.leader != no_slot) {
    const Vehicle& ahead = fleet[found.leader];
    const double gap_m = found.ahead_m - vehicle.gap_m;
    const Krauss& krauss = vehicle.krauss;
    const double braking_m = krauss.braking_m(ahead.speed_mps, krauss.deceleration_mps2, 0);
    if (gap_m < 0 || krauss.stop_speed(gap_m + braking_m) < comfortable(vehicle)) return false;
  }
  if (found.follower != no_slot) {
    const Vehicle& after = fleet[found.follower];
    const double gap_m = found.behind_m - after.gap_m;
    const double braking_m =
        after.krauss.braking_m(vehicle.speed_mps, after.krauss.deceleration_mps2, 0);
    if (gap_m < 0 || after.krauss.stop_speed(gap_m + braking_m) < comfortable(after)) return false;
  }
  return true;
}

bool LaneChanges::fits(const Vehicle& vehicle, Way lane) const {
  return fits(vehicle, beside(vehicle, lane));
}

}  // namespace chorraha::sim
