#include "sim/sumo/vehicle_loops.hpp"

#include <algorithm>
#include <iterator>

namespace chorraha::sumo {
namespace {

constexpr double outside_m = -0.01;  // before a lane's begin: who enters it was not on it
constexpr double slack_m = 1.0;      // of lengths that SUMO rounds
constexpr std::size_t lanes_looked_at_most = 64;

sim::Way way_of(LaneIndex lane) {
  return static_cast<sim::Way>(lane.value());
}

}  // namespace

VehicleLoops::VehicleLoops(const Network& network) : network_(network), loops_(network) {}

void VehicleLoops::seen(const Place& place, double step_s) {
  const auto [known, is_new] = bodies_.try_emplace(place.vehicle);
  Body& body = known->second;
  body.now = place;
  if (body.lanes.empty()) {
    if (place.lane.valid()) appear(body);
    return;
  }
  const double gone_m = std::max(0.0, place.speed_mps * step_s);
  const LaneIndex newest = body.lanes.back().lane;
  if (!place.lane.valid()) {
    drive_on(body, gone_m);
  } else if (place.lane == newest) {
    stay(body);
  } else if (network_.lane(place.lane).link == network_.lane(newest).link) {
    change_lane(body);
  } else {
    enter(body, gone_m);
  }
  forget_left_behind(body);
}

void VehicleLoops::gone(std::uint64_t vehicle) {
  const auto known = bodies_.find(vehicle);
  if (known == bodies_.end()) return;
  vanish(known->second);
  bodies_.erase(known);
}

void VehicleLoops::drive(const Body& body, LaneIndex lane, double from_m, double to_m) {
  if (!loops_.watches(way_of(lane))) return;
  loops_.drove(
      {way_of(lane), from_m, to_m, body.now.length_m, body.now.speed_mps, body.now.vehicle_class});
}

// All lanes under the body, the front off the newest.
void VehicleLoops::drive_on(Body& body, double gone_m) {
  for (Covered& covered : body.lanes) {
    double to_m = covered.front_m + gone_m;
    if (&covered == &body.lanes.back()) to_m = std::max(to_m, network_.lane(covered.lane).length_m);
    drive(body, covered.lane, covered.front_m, to_m);
    covered.front_m = to_m;
  }
}

void VehicleLoops::stay(Body& body) {
  const double gone_m = std::max(0.0, body.now.position_m - body.lanes.back().front_m);
  for (Covered& covered : body.lanes) {
    drive(body, covered.lane, covered.front_m, covered.front_m + gone_m);
    covered.front_m += gone_m;
  }
}

// It drove on its old lane and came over sideways at the end of the step.
void VehicleLoops::change_lane(Body& body) {
  stay(body);
  const Covered left = body.lanes.back();
  body.lanes.pop_back();
  if (loops_.watches(way_of(left.lane))) {
    loops_.vanished({way_of(left.lane), 0, left.front_m, body.now.length_m, body.now.speed_mps,
                     body.now.vehicle_class});
  }
  appear(body);
}

void VehicleLoops::enter(Body& body, double gone_m) {
  const LaneIndex from = body.lanes.back().lane;
  std::vector<LaneIndex> lanes = way_to(from, network_.lane(body.now.lane).link, gone_m + slack_m);
  if (lanes.empty()) {  // it did not drive there: SUMO has put it there
    vanish(body);
    appear(body);
    return;
  }
  drive_on(body, gone_m);
  lanes.back() = body.now.lane;
  double front_m = body.now.position_m;
  std::vector<Covered> entered;
  for (std::size_t i = lanes.size(); i-- > 0;) {
    entered.push_back({lanes[i], front_m});
    drive(body, lanes[i], std::min(front_m - gone_m, outside_m), front_m);
    if (i > 0) front_m += way_over_m(lanes[i - 1], lanes[i]) + network_.lane(lanes[i - 1]).length_m;
  }
  body.lanes.insert(body.lanes.end(), entered.rbegin(), entered.rend());
}

void VehicleLoops::appear(Body& body) {
  body.lanes.push_back({body.now.lane, body.now.position_m});
  if (!loops_.watches(way_of(body.now.lane))) return;
  loops_.appeared({way_of(body.now.lane), 0, body.now.position_m, body.now.length_m,
                   body.now.speed_mps, body.now.vehicle_class});
}

void VehicleLoops::vanish(Body& body) {
  for (const Covered& covered : body.lanes) {
    if (!loops_.watches(way_of(covered.lane))) continue;
    loops_.vanished({way_of(covered.lane), 0, covered.front_m, body.now.length_m,
                     body.now.speed_mps, body.now.vehicle_class});
  }
  body.lanes.clear();
}

// The newest stays: it says where the vehicle comes from.
void VehicleLoops::forget_left_behind(Body& body) const {
  if (body.lanes.empty()) return;
  const auto left = std::ranges::find_if(body.lanes, [&](const Covered& covered) {
    return &covered == &body.lanes.back() ||
           covered.front_m - body.now.length_m <= network_.lane(covered.lane).length_m;
  });
  body.lanes.erase(body.lanes.begin(), left);
}

// The lanes behind `from` up to one of `link`, the fewest; those between are together shorter than
// `reach_m`. Empty if there is no such way.
std::vector<LaneIndex> VehicleLoops::way_to(LaneIndex from, LinkIndex link, double reach_m) const {
  struct Step {
    LaneIndex lane;
    std::size_t before = 0;
    double gone_m = 0;
  };
  std::vector<Step> steps{{from, 0, 0}};
  std::size_t there = 0;
  for (std::size_t i = 0; there == 0 && i < steps.size() && i < lanes_looked_at_most; ++i) {
    for (const MovementIndex way : network_.lane(steps[i].lane).outgoing) {
      const LaneIndex to = network_.movement(way).to;
      const bool arrives = network_.lane(to).link == link;
      const double gone_m = steps[i].gone_m + (arrives ? 0 : network_.lane(to).length_m);
      if (gone_m > reach_m) continue;
      if (arrives) there = steps.size();
      steps.push_back({to, i, gone_m});
    }
  }
  std::vector<LaneIndex> lanes;
  for (std::size_t at = there; at != 0; at = steps[at].before) lanes.push_back(steps[at].lane);
  std::ranges::reverse(lanes);
  return lanes;
}

double VehicleLoops::way_over_m(LaneIndex from, LaneIndex to) const {
  for (const MovementIndex way : network_.lane(from).outgoing) {
    if (network_.movement(way).to == to) return network_.movement(way).length_m;
  }
  return 0;
}

}  // namespace chorraha::sumo
