#include "sim/driving.hpp"

#include <algorithm>
#include <array>

namespace chorraha::sim {
namespace {

constexpr double standing_mps = 0.1;     // SUMO: haltingSpeed
constexpr double before_signal_m = 1.0;  // SUMO: DIST_TO_STOPLINE_EXPECT_PRIORITY
constexpr double before_minor_m = 0.1;   // SUMO: POSITION_EPS
constexpr double see_minor_m = 4.5;      // SUMO: visibility distance of a minor link
constexpr double arrival_m = 0.1;        // a route ends this far before the lane's end
constexpr double wait_inside_m = 4.0;    // room inside for who waits for a gap
constexpr double look_again_m = 0.1;
constexpr double favour_s = 10;     // who has stood so long makes no more room
constexpr double creeping_mps = 2;  // slower ones beside are not waited for
constexpr double beside_mps = 1;    // slower than who is beside and has to come in
constexpr double start_m = 1.5;     // who stood at the line and starts is nearer than this ...
constexpr double start_mps = 3.0;   // ... and slower

}  // namespace

void Driving::plan() {
  World& world = *world_;
  plans_.clear();
  links_.clear();
  for (std::vector<Approach>& list : world.approaches) list.clear();
  std::ranges::fill(world.about_to_pass, std::uint8_t{0});
  for (const Way way : world.fleet.active_movements()) plan_way(way);
  for (const Way way : world.fleet.active_lanes()) plan_way(way);
}

void Driving::plan_way(Way way) {
  Slot leader = no_slot;
  for (const Slot slot : world_->fleet.on(way)) {
    plan_vehicle(slot, leader);
    leader = slot;
  }
}

double Driving::behind_mps(const Vehicle& vehicle, Slot leader, double back_m) const {
  const Vehicle& ahead = world_->fleet[leader];
  return vehicle.krauss.follow_speed(back_m - vehicle.position_m - vehicle.gap_m, vehicle.speed_mps,
                                     ahead.speed_mps, ahead.krauss.deceleration_mps2);
}

void Driving::plan_vehicle(Slot slot, Slot leader) {
  const World& world = *world_;
  const Vehicle& vehicle = world.fleet[slot];
  const Krauss& krauss = vehicle.krauss;
  const double fastest = vehicle.speed_mps + krauss.acceleration_mps2 * krauss.step_s;
  const double slower = vehicle.speed_mps - krauss.deceleration_mps2 * krauss.step_s;
  const double reach_m =
      fastest * (krauss.step_s + krauss.reaction_s) + krauss.braking_m(fastest) + look_again_m;

  Look look{vehicle.way, vehicle.place, world.road.length_m(vehicle.way) - vehicle.position_m,
            std::min(fastest, std::max(world.allowed_mps(vehicle, vehicle.way), slower))};
  if (leader != no_slot) {
    look.speed_mps =
        std::min(look.speed_mps, behind_mps(vehicle, leader, world.fleet[leader].back_m()));
  } else if (const Slot left = world.fleet.tail(vehicle.way); left != no_slot) {
    look.speed_mps =
        std::min(look.speed_mps, behind_mps(vehicle, left, world.fleet.tail_back_m(vehicle.way)));
  }
  if (vehicle.makes_room_for != no_slot && vehicle.waiting_s < favour_s) {
    look.speed_mps = std::min(look.speed_mps, std::max({0.0, slower, favour_mps(vehicle)}));
  }
  look_ahead(slot, look, reach_m);
}

// Behind who has to come in, as if it were ahead already; beside it, a little slower.
double Driving::favour_mps(const Vehicle& vehicle) const {
  const Vehicle& asks = world_->fleet[vehicle.makes_room_for];
  if (asks.back_m() > vehicle.position_m)
    return behind_mps(vehicle, vehicle.makes_room_for, asks.back_m());
  return asks.speed_mps > creeping_mps ? asks.speed_mps - beside_mps : vehicle.speed_max_mps;
}

void Driving::look_ahead(Slot slot, Look look, double look_m) {
  const auto first = static_cast<std::uint32_t>(links_.size());
  const Road& road = world_->road;
  while (look.seen_m < look_m) {
    const bool goes_on = road.is_lane(look.way)
                             ? look_over_lane_end(slot, look)
                             : enter_view(slot, look, road.to(road.movement_of(look.way)));
    if (!goes_on) break;
  }
  plans_.push_back({slot, first, static_cast<std::uint32_t>(links_.size()) - first,
                    std::max(0.0, look.speed_mps)});
}

bool Driving::look_over_lane_end(Slot slot, Look& look) {
  const World& world = *world_;
  const Vehicle& vehicle = world.fleet[slot];
  if (world.routes.is_last(vehicle.route, look.place)) return false;  // leaves at full speed
  const LaneWorth& worth =
      world.routes.worth(vehicle.route, look.place, world.road.lane_number(look.way));
  if (worth.movement == no_movement) {
    look.speed_mps = std::min(
        look.speed_mps, vehicle.krauss.stop_speed(std::max(0.0, look.seen_m - before_signal_m)));
    return false;
  }
  plan_link(slot, look, worth.movement);
  const Claim claim{slot, worth.movement, std::max(0.0, look.seen_m), vehicle.speed_mps};
  const double people_m = right_of_way_.stop_for_people_m(claim);
  if (people_m < Passage::free) {
    look.speed_mps = std::min(look.speed_mps, vehicle.krauss.stop_speed(people_m));
  }
  return enter_view(slot, look, world.road.way_of_movement(worth.movement));
}

// The next way comes into view: its limit, and whoever is last on it.
bool Driving::enter_view(Slot slot, Look& look, Way next) {
  const World& world = *world_;
  const Vehicle& vehicle = world.fleet[slot];
  const Krauss& krauss = vehicle.krauss;
  const double allowed = world.allowed_mps(vehicle, next);
  look.speed_mps = std::min(look.speed_mps, krauss.slowing_speed(look.seen_m, allowed));
  if (world.road.is_lane(next)) ++look.place;
  look.way = next;
  const std::vector<Slot>& queue = world.fleet.on(next);
  const Slot last = queue.empty() ? world.fleet.tail(next) : queue.back();
  if (last != no_slot && last != slot) {
    const Vehicle& ahead = world.fleet[last];
    const double back_m = queue.empty() ? world.fleet.tail_back_m(next) : ahead.back_m();
    look.speed_mps = std::min(
        look.speed_mps, krauss.follow_speed(look.seen_m + back_m - vehicle.gap_m, vehicle.speed_mps,
                                            ahead.speed_mps, ahead.krauss.deceleration_mps2));
    return false;
  }
  look.seen_m += world.road.length_m(next);
  return true;
}

void Driving::plan_link(Slot slot, Look& look, std::uint32_t movement) {
  World& world = *world_;
  const Vehicle& vehicle = world.fleet[slot];
  const Krauss& krauss = vehicle.krauss;
  const Light light = world.lamps.light(movement);
  const double stand_m = light == Light::unsignalled ? before_minor_m : before_signal_m;
  LinkPlan link;
  link.movement = movement;
  link.distance_m = look.seen_m;
  link.wait_mps = std::min(look.speed_mps, krauss.stop_speed(std::max(0.0, look.seen_m - stand_m)));

  const bool can_brake = look.seen_m >= krauss.braking_m(vehicle.speed_mps);
  const bool starts =
      vehicle.waiting_s > 0 || (look.seen_m < start_m && vehicle.speed_mps < start_mps);
  const bool must_stop = light == Light::red || (light == Light::amber && can_brake) ||
                         (light == Light::turn_on_red && !starts);
  link.asks = !must_stop && right_of_way_.room_behind(vehicle, movement);

  const bool yields = light == Light::unsignalled
                          ? world.road.is_minor(movement)
                          : world.lamps.permissive(movement) && world.road.is_minor(movement);
  if (yields && look.seen_m > see_minor_m) {
    look.speed_mps = std::min(look.speed_mps, krauss.slowing_speed(look.seen_m - see_minor_m,
                                                                   krauss.stop_speed(see_minor_m)));
  }
  world.approaches[movement].push_back(
      {slot, look.seen_m, link.asks ? look.speed_mps : link.wait_mps, link.asks});
  if (link.asks) warn_people(vehicle, movement, look.seen_m);
  links_.push_back(link);
}

void Driving::warn_people(const Vehicle& vehicle, std::uint32_t movement, double distance_m) {
  for (const Walkway& walkway : world_->road.walkways(movement)) {
    if (world_->lamps.walk(walkway.crossing) != Walk::unsignalled) continue;
    const double to_m = distance_m + walkway.at_m - walkway.half_m;
    const double needed_m =
        vehicle.krauss.braking_m(vehicle.speed_mps) + vehicle.speed_mps * vehicle.krauss.step_s;
    if (to_m < needed_m + 1) world_->about_to_pass[walkway.crossing] = 1;
  }
}

// Who is inside a junction stops before whoever goes first, and for people.
double Driving::inside_mps(Slot slot) const {
  const Vehicle& vehicle = world_->fleet[slot];
  const Claim claim{slot, world_->road.movement_of(vehicle.way),
                    std::min(-1e-6, -vehicle.position_m), vehicle.speed_mps};
  const Passage passage = right_of_way_.passage(claim);
  const double stop_m = std::min(passage.stop_m, right_of_way_.stop_for_people_m(claim));
  if (stop_m == Passage::free) return passage.merge_mps;
  return std::min(passage.merge_mps, vehicle.krauss.stop_speed(stop_m));
}

// The speed after right of way has been settled; `open` counts the links that may be entered.
double Driving::settled_mps(const Plan& plan, std::uint32_t& open) const {
  const World& world = *world_;
  const Vehicle& vehicle = world.fleet[plan.slot];
  double speed_mps = plan.speed_mps;
  if (!world.road.is_lane(vehicle.way)) speed_mps = std::min(speed_mps, inside_mps(plan.slot));
  for (open = 0; open < plan.count; ++open) {
    const LinkPlan& link = links_[plan.first + open];
    if (!link.asks) return std::min(speed_mps, link.wait_mps);
    const Claim claim{plan.slot, link.movement, std::max(0.0, link.distance_m), vehicle.speed_mps};
    const Passage passage = right_of_way_.passage(claim);
    const double merged = std::min(speed_mps, passage.merge_mps);
    if (passage.stop_m == Passage::free) {
      speed_mps = merged;
      continue;
    }
    const bool too_late =
        link.distance_m < vehicle.krauss.braking_m(vehicle.speed_mps, Krauss::emergency_mps2, 0);
    const Light light = world.lamps.light(link.movement);
    const bool waits_inside = world.road.waits_inside(link.movement) && light != Light::amber &&
                              light != Light::turn_on_red &&
                              passage.stop_m - link.distance_m >= wait_inside_m;
    if (!too_late && !waits_inside) return std::min(speed_mps, link.wait_mps);
    speed_mps = std::min(merged, vehicle.krauss.stop_speed(passage.stop_m));
  }
  return speed_mps;
}

double Driving::dawdled_mps(const Vehicle& vehicle, double speed_mps) const {
  const Krauss& krauss = vehicle.krauss;
  const double hardest = vehicle.speed_mps - Krauss::emergency_mps2 * krauss.step_s;
  const double comfortable = vehicle.speed_mps - krauss.deceleration_mps2 * krauss.step_s;
  const double wanted = std::max({0.0, hardest, speed_mps});
  const double draw = world_->dice.uniform(Purpose::dawdling, vehicle.number, world_->step);
  const double lost =
      krauss.step_s * vehicle.imperfection * std::min(krauss.acceleration_mps2, wanted) * draw;
  const double least = std::min(wanted, std::max(0.0, comfortable));
  return std::max(least, wanted - lost);
}

void Driving::execute(VirtualLoops& loops, std::vector<Slot>& arrived) {
  anybody_moved_ = false;
  for (const Plan& plan : plans_) {
    std::uint32_t open = 0;
    const double settled = settled_mps(plan, open);
    const double speed_mps = dawdled_mps(world_->fleet[plan.slot], settled);
    if (move(plan, speed_mps, open, loops)) arrived.push_back(plan.slot);
  }
}

bool Driving::move(const Plan& plan, double speed_mps, std::uint32_t open, VirtualLoops& loops) {
  Fleet& fleet = world_->fleet;
  const Road& road = world_->road;
  struct Stretch {
    Way way;
    double begin_m;  // from the begin of the way it came from
  };
  std::array<Stretch, 24> trail{};
  std::size_t count = 0;
  Vehicle& vehicle = fleet[plan.slot];
  double begin_m = 0;
  for (std::uint8_t i = 0; i < vehicle.behind_count; ++i) {
    begin_m -= road.length_m(vehicle.behind[i]);
    trail[count++] = {vehicle.behind[i], begin_m};
  }
  const double from_m = vehicle.position_m;
  trail[count++] = {vehicle.way, 0};
  begin_m = 0;
  vehicle.position_m += speed_mps * world_->step_s;
  bool arrives = false;
  for (std::uint32_t passed = 0; vehicle.position_m >= road.length_m(vehicle.way) - arrival_m;) {
    const double length_m = road.length_m(vehicle.way);
    const bool on_lane = road.is_lane(vehicle.way);
    arrives = on_lane && world_->routes.is_last(vehicle.route, vehicle.place);
    if (arrives || vehicle.position_m < length_m) break;
    if (on_lane && (passed >= open || count == trail.size())) {  // could not brake in time
      vehicle.position_m = length_m - look_again_m / 2;
      break;
    }
    const Way next = on_lane ? road.way_of_movement(links_[plan.first + passed++].movement)
                             : road.to(road.movement_of(vehicle.way));
    if (on_lane) {
      vehicle.box_entry = ++world_->box_entries;
    } else {
      ++vehicle.place;
    }
    begin_m += length_m;
    fleet.pass_on(plan.slot, next);
    if (count < trail.size()) trail[count++] = {next, begin_m};
  }
  fleet.pull_tail(plan.slot);
  const double to_m = vehicle.position_m + begin_m;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [way, at_m] = trail[i];
    if (!loops.watches(way)) continue;
    loops.drove(
        {way, from_m - at_m, to_m - at_m, vehicle.length_m, speed_mps, vehicle.vehicle_class});
  }
  vehicle.distance_m += to_m - from_m;
  account(vehicle, (to_m - from_m) / world_->step_s);
  return arrives;
}

void Driving::account(Vehicle& vehicle, double speed_mps) {
  const double allowed = world_->allowed_mps(vehicle, vehicle.way);
  const bool stood = vehicle.speed_mps <= standing_mps;
  vehicle.speed_mps = std::max(0.0, speed_mps);
  vehicle.makes_room_for = no_slot;
  vehicle.time_loss_s += world_->step_s * std::max(0.0, (allowed - vehicle.speed_mps) / allowed);
  if (vehicle.speed_mps > standing_mps) {
    vehicle.waiting_s = 0;
    anybody_moved_ = true;
    return;
  }
  if (!stood) ++vehicle.stops;
  vehicle.waiting_s += world_->step_s;
  vehicle.stood_s += world_->step_s;
}

}  // namespace chorraha::sim
