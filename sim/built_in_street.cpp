#include "sim/built_in_street.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha::sim {
namespace {

constexpr double locked_s = 300;  // SUMO: time-to-teleport

double seconds(Milliseconds span) {
  return to_seconds(span);
}

Fault type_fault(const VehicleType& type, const char* what, double seen, const char* allowed) {
  return Fault{Reason::bad_input, "vehicle type " + type.name + " " + what, std::to_string(seen),
               allowed};
}

Done check_type(const VehicleType& type) {
  const auto within = [](double value, double least, double most) {
    return value >= least && value <= most;  // false for NaN
  };
  if (!within(type.share, 0, 1e6)) return type_fault(type, "share", type.share, "0 to 1e6");
  if (!within(type.length_m, 0.5, 50))
    return type_fault(type, "length_m", type.length_m, "0.5 to 50");
  if (!within(type.gap_min_m, 0, 20))
    return type_fault(type, "gap_min_m", type.gap_min_m, "0 to 20");
  if (!within(type.acceleration_mps2, 0.1, 20))
    return type_fault(type, "acceleration_mps2", type.acceleration_mps2, "0.1 to 20");
  if (!within(type.deceleration_mps2, 0.5, 20))
    return type_fault(type, "deceleration_mps2", type.deceleration_mps2, "0.5 to 20");
  if (!within(type.speed_max_mps, 0.5, 100))
    return type_fault(type, "speed_max_mps", type.speed_max_mps, "0.5 to 100");
  if (!within(type.imperfection, 0, 1))
    return type_fault(type, "imperfection", type.imperfection, "0 to 1");
  if (!within(type.reaction_s, 0.1, 10))
    return type_fault(type, "reaction_s", type.reaction_s, "0.1 to 10");
  if (!within(type.speed_factor_mean, 0.2, 2) || !within(type.speed_factor_deviation, 0, 1))
    return type_fault(type, "speed_factor", type.speed_factor_mean,
                      "mean 0.2 to 2, deviation 0 to 1");
  return {};
}

Done check(const StreetSetup& setup) {
  const auto fault = [](const char* thing, std::string seen, const char* allowed) {
    return Fault{Reason::bad_input, thing, std::move(seen), allowed};
  };
  if (setup.step_length < Milliseconds{100} || setup.step_length > Milliseconds{1000})
    return fault("step_length_ms", std::to_string(setup.step_length.count()), "100 to 1000");
  if (setup.begin < setup.midnight)
    return fault("begin", "before the demand's midnight", "at or after it");
  if (!(setup.demand_scale >= 0) || setup.demand_scale > 100)
    return fault("demand_scale", std::to_string(setup.demand_scale), "0 to 100");
  const Demand& demand = setup.demand;
  const bool drives = !demand.routes.empty() || !demand.departures.empty();
  if (drives && demand.types.empty()) return fault("vehicle types", "none", "at least one");
  double shares = 0;
  for (const VehicleType& type : demand.types) {
    if (const Done checked = check_type(type); !checked) return checked.error();
    shares += type.share;
  }
  if (!demand.routes.empty() && !(shares > 0))
    return fault("vehicle types", "all shares 0", "one share above 0");
  for (const PedestrianFlow& flow : demand.pedestrians) {
    if (!flow.crossing.valid() || flow.crossing.value() >= setup.network.crossings().size())
      return fault("pedestrian flow", "a crossing that does not exist", "one of the network");
  }
  for (const Departure& departure : demand.departures) {
    if (departure.type >= demand.types.size())
      return fault("departure", departure.id + " of type " + std::to_string(departure.type),
                   "a vehicle type of the demand");
  }
  return {};
}

}  // namespace

BuiltInStreet::BuiltInStreet(StreetSetup setup, Lamps lamps)
    : setup_(std::move(setup)),
      now_(setup_.begin),
      world_(setup_.network, std::move(lamps),
             Walkers(setup_.network, setup_.demand.pedestrians, setup_.demand_scale),
             Routes(setup_.network), Dice(setup_.seed)),
      loops_(setup_.network),
      driving_(world_),
      lane_changes_(world_, setup_.network),
      waiting_(setup_.network.links().size()) {
  world_.step_s = seconds(setup_.step_length);
}

Result<std::unique_ptr<BuiltInStreet>> BuiltInStreet::make(StreetSetup setup) {
  if (const Done checked = check(setup); !checked) return checked.error();
  Result<Lamps> lamps = Lamps::make(setup.network, std::move(setup.intersections));
  if (!lamps) return lamps.error();
  std::unique_ptr<BuiltInStreet> street(
      new BuiltInStreet(std::move(setup), std::move(*lamps)));  // NOLINT: private constructor
  if (const Done added = street->add_demand(); !added) return added.error();
  street->start();
  return street;
}

Done BuiltInStreet::add_demand() {
  double sum = 0;
  for (const VehicleType& type : setup_.demand.types) type_limits_.push_back(sum += type.share);
  for (const RouteFlow& flow : setup_.demand.routes) {
    const Result<RouteNumber> route = world_.routes.add(flow.route);
    if (!route) return route.error();
    flow_routes_.push_back(*route);
    streams_.emplace_back(flow.intervals, setup_.demand_scale, Purpose::departure, streams_.size());
  }
  for (const Departure& departure : setup_.demand.departures) {
    const Result<RouteNumber> route = world_.routes.add(departure.route);
    if (!route) return route.error();
    listed_routes_.push_back(*route);
  }
  return {};
}

double BuiltInStreet::second() const {
  return seconds(now_ - setup_.midnight);
}
Instant BuiltInStreet::instant(double at_s) const {
  return setup_.midnight + Milliseconds{std::llround(at_s * 1000)};
}

void BuiltInStreet::start() {
  for (PoissonStream& stream : streams_) stream.start(world_.dice, second());
  world_.walkers.start(world_.dice, second());
  const std::vector<Departure>& listed = setup_.demand.departures;
  while (next_listed_ < listed.size() && seconds(listed[next_listed_].at) < second())
    ++next_listed_;
  load_until(second());
  insert();
}

void BuiltInStreet::show(IntersectionIndex intersection, std::span<const Aspect> by_group,
                         SignalMode mode) {
  world_.lamps.show(intersection, by_group, mode);
}

Done BuiltInStreet::advance() {
  const Instant began = now_;
  totals_.vehicle_steps += world_.fleet.size();
  world_.fleet.tidy();
  driving_.plan();
  arrived_.clear();
  driving_.execute(loops_, arrived_);
  walk();
  now_ += setup_.step_length;
  ++world_.step;
  for (const Slot slot : arrived_) take_out(slot);
  lane_changes_.advance(loops_);
  load_until(second());
  insert();
  nobody_moved_s_ =
      driving_.anybody_moved() || world_.fleet.size() == 0 ? 0 : nobody_moved_s_ + world_.step_s;
  totals_.locked = totals_.locked || nobody_moved_s_ >= locked_s;
  loops_.finish(began, world_.step_s, detections_);
  return {};
}

// Each source in the order of time, all of them merged.
void BuiltInStreet::load_until(double at_s) {
  struct Due {
    double at_s;
    std::size_t flow;
  };
  const double end_s = seconds(setup_.end - setup_.midnight);
  std::vector<Due> due;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    for (; streams_[i].next_s() <= at_s && streams_[i].next_s() < end_s;
         streams_[i].take(world_.dice)) {
      due.push_back({streams_[i].next_s(), i});
    }
  }
  std::ranges::stable_sort(due, {}, &Due::at_s);
  for (const Due& one : due)
    load(flow_routes_[one.flow], drawn_type(trips_.size() + 1), one.at_s, ~0U);
  const std::vector<Departure>& listed = setup_.demand.departures;
  for (; next_listed_ < listed.size(); ++next_listed_) {
    const double listed_s = seconds(listed[next_listed_].at);
    if (listed_s > at_s || listed_s >= end_s) break;
    load(listed_routes_[next_listed_], static_cast<std::uint32_t>(listed[next_listed_].type),
         listed_s, static_cast<std::uint32_t>(next_listed_));
  }
}

void BuiltInStreet::load(RouteNumber route, std::uint32_t type, double scheduled_s,
                         std::uint32_t listed) {
  Trip trip;
  trip.type = type;
  trip.route = route;
  trip.scheduled_s = scheduled_s;
  trip.listed = listed;
  trips_.push_back(trip);
  const auto link = static_cast<std::uint32_t>(world_.routes.links(route).front().value());
  if (waiting_[link].empty()) waiting_links_.push_back(link);
  waiting_[link].push_back(static_cast<std::uint32_t>(trips_.size()));
  ++totals_.loaded;
}

std::uint32_t BuiltInStreet::drawn_type(std::uint64_t number) const {
  const double draw = world_.dice.uniform(Purpose::vehicle_type, number, 0) * type_limits_.back();
  const auto found = std::ranges::upper_bound(type_limits_, draw);
  return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(
      found - type_limits_.begin(), static_cast<std::ptrdiff_t>(type_limits_.size()) - 1));
}

Vehicle BuiltInStreet::vehicle_of(std::uint32_t number) const {
  const Trip& trip = trips_[number - 1];
  const VehicleType& type = setup_.demand.types[trip.type];
  Vehicle vehicle;
  vehicle.length_m = type.length_m;
  vehicle.gap_m = type.gap_min_m;
  vehicle.krauss = {world_.step_s, type.acceleration_mps2, type.deceleration_mps2, type.reaction_s};
  vehicle.imperfection = type.imperfection;
  const double deviation = world_.dice.normal(Purpose::speed_factor, number);
  vehicle.speed_factor =
      std::clamp(type.speed_factor_mean + type.speed_factor_deviation * deviation, 0.2, 2.0);
  vehicle.speed_max_mps = type.speed_max_mps;
  vehicle.vehicle_class = type.vehicle_class;
  vehicle.route = trip.route;
  vehicle.number = number;
  return vehicle;
}

// The first lane for vehicles, from a stand; queue order is kept.
bool BuiltInStreet::insert_first_of(std::uint32_t link) {
  const std::uint32_t number = waiting_[link].front();
  Vehicle vehicle = vehicle_of(number);
  for (const LaneIndex lane : setup_.network.links()[link].lanes) {
    if (!setup_.network.lane(lane).vehicles_allowed) continue;
    vehicle.way = Road::way_of(lane);
    break;
  }
  CHORRAHA_EXPECT(vehicle.way != no_way);
  vehicle.position_m = std::min(vehicle.length_m, world_.road.length_m(vehicle.way));
  if (!lane_changes_.fits(vehicle, vehicle.way)) return false;
  const Slot slot = world_.fleet.add(vehicle);
  Trip& trip = trips_[number - 1];
  trip.slot = slot;
  trip.depart_s = second();
  if (loops_.watches(vehicle.way)) {
    loops_.appeared(
        {vehicle.way, 0, vehicle.position_m, vehicle.length_m, 0, vehicle.vehicle_class});
  }
  ++totals_.entered;
  return true;
}

void BuiltInStreet::insert() {
  std::ranges::sort(waiting_links_);
  for (const std::uint32_t link : waiting_links_) {
    while (!waiting_[link].empty() && insert_first_of(link)) waiting_[link].pop_front();
  }
  std::erase_if(waiting_links_, [this](std::uint32_t link) { return waiting_[link].empty(); });
}

void BuiltInStreet::take_out(Slot slot) {
  const Vehicle& vehicle = world_.fleet[slot];
  const auto leave = [&](Way way, double front_m) {
    if (!loops_.watches(way)) return;
    loops_.vanished({way, 0, front_m, vehicle.length_m, vehicle.speed_mps, vehicle.vehicle_class});
  };
  leave(vehicle.way, vehicle.position_m);
  double front_m = vehicle.position_m;
  for (std::uint8_t i = 0; i < vehicle.behind_count; ++i) {
    front_m += world_.road.length_m(vehicle.behind[i]);
    leave(vehicle.behind[i], front_m);
  }
  Trip& trip = trips_[vehicle.number - 1];
  trip.arrival_s = second();
  trip.slot = no_slot;
  trip.stops = vehicle.stops;
  trip.time_loss_s = vehicle.time_loss_s;
  trip.stood_s = vehicle.stood_s;
  trip.distance_m = vehicle.distance_m;
  world_.fleet.remove(slot);
  ++totals_.finished;
}

void BuiltInStreet::find_obstacles() {
  constexpr double beside_m = 1.2;
  obstacles_.clear();
  const Fleet& fleet = world_.fleet;
  const auto covered = [&](Way way, double from_m, double to_m) {
    if (fleet.tail(way) != no_slot && fleet.tail_back_m(way) < to_m) return true;
    return std::ranges::any_of(fleet.on(way), [&](Slot slot) {
      return fleet[slot].position_m > from_m && fleet[slot].back_m() < to_m;
    });
  };
  for (const Way way : fleet.active_movements()) {
    for (const Walkway& walkway : world_.road.walkways(world_.road.movement_of(way))) {
      if (!covered(way, walkway.at_m - walkway.half_m, walkway.at_m + walkway.half_m)) continue;
      obstacles_.push_back(
          {walkway.crossing, walkway.walk_m - beside_m, walkway.walk_m + beside_m});
    }
  }
}

void BuiltInStreet::walk() {
  find_obstacles();
  const double end_s = seconds(setup_.end - setup_.midnight);
  world_.walkers.advance({second(), world_.step_s, end_s}, world_.dice, world_.lamps,
                         world_.about_to_pass, obstacles_);
  for (const Walkers::Press& press : world_.walkers.pressed()) {
    const double share = (press.at_s - second()) / world_.step_s;
    loops_.pressed(CrossingIndex{press.crossing}, std::clamp(share, 0.0, 1.0));
  }
}

}  // namespace chorraha::sim

namespace chorraha {

Result<std::unique_ptr<Street>> make_street(StreetSetup setup) {
  Result<std::unique_ptr<sim::BuiltInStreet>> made = sim::BuiltInStreet::make(std::move(setup));
  if (!made) return made.error();
  return std::unique_ptr<Street>(std::move(*made));
}

}  // namespace chorraha
