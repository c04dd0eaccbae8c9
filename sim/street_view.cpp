// What others see of the built-in street: vehicles, sightings, totals and trips.
#include <algorithm>
#include <string>

#include "sim/built_in_street.hpp"

namespace chorraha::sim {
namespace {

// SUMO: widths of the default vehicle classes.
double width_m(VehicleClass vehicle_class) {
  switch (vehicle_class) {
    case VehicleClass::truck:
      return 2.4;
    case VehicleClass::bus:
      return 2.5;
    case VehicleClass::motorcycle:
      return 0.9;
    case VehicleClass::bicycle:
      return 0.65;
    default:
      return 1.8;
  }
}

}  // namespace

std::vector<VehicleView> BuiltInStreet::vehicles() const {
  std::vector<VehicleView> all;
  all.reserve(world_.fleet.size());
  const Network& network = setup_.network;
  const auto add = [&](Way way, Slot slot) {
    const Vehicle& vehicle = world_.fleet[slot];
    VehicleView view;
    view.number = vehicle.number;
    view.vehicle_class = vehicle.vehicle_class;
    view.length_m = vehicle.length_m;
    view.width_m = width_m(vehicle.vehicle_class);
    view.speed_mps = vehicle.speed_mps;
    if (world_.road.is_lane(way)) {
      view.lane = LaneIndex{way};
    } else {
      view.movement = MovementIndex{world_.road.movement_of(way)};
    }
    const Polyline& shape =
        view.lane.valid() ? network.lane(view.lane).shape : network.movement(view.movement).shape;
    const double scale = length_m(shape) / world_.road.length_m(way);
    const Pose pose = pose_at(shape, vehicle.position_m * scale);
    view.front = pose.at;
    view.heading_rad = pose.heading_rad;
    all.push_back(view);
  };
  for (const Way way : world_.fleet.active_lanes())
    for (const Slot slot : world_.fleet.on(way)) add(way, slot);
  for (const Way way : world_.fleet.active_movements())
    for (const Slot slot : world_.fleet.on(way)) add(way, slot);
  std::ranges::sort(all, {}, &VehicleView::number);
  return all;
}

std::vector<PersonView> BuiltInStreet::pedestrians() const {
  return world_.walkers.view();
}

Totals BuiltInStreet::totals() const {
  Totals totals = totals_;
  totals.in_network = world_.fleet.size();
  for (const std::uint32_t link : waiting_links_) totals.waiting_to_enter += waiting_[link].size();
  totals.rerouted = lane_changes_.rerouted();
  return totals;
}

void BuiltInStreet::sight(Slot slot, double range_m, std::vector<Sighting>& out) const {
  const Vehicle& vehicle = world_.fleet[slot];
  const Road& road = world_.road;
  const Network& network = setup_.network;
  Sighting seen;
  seen.at = now_;
  seen.vehicle = vehicle.number;
  seen.speed_mps = vehicle.speed_mps;
  seen.length_m = vehicle.length_m;
  seen.vehicle_class = vehicle.vehicle_class;
  Way lane = vehicle.way;
  std::uint32_t place = vehicle.place;
  seen.position_m = vehicle.position_m;
  seen.distance_m = road.length_m(lane) - vehicle.position_m;
  if (!road.is_lane(lane)) {  // over a junction: seen before the begin of the lane behind it
    seen.position_m -= road.length_m(lane);
    lane = road.to(road.movement_of(lane));
    seen.distance_m += road.length_m(lane);
    ++place;
  }
  seen.lane = LaneIndex{lane};
  IntersectionIndex last;
  while (seen.distance_m <= range_m && !world_.routes.is_last(vehicle.route, place)) {
    const LaneWorth& worth = world_.routes.worth(vehicle.route, place, road.lane_number(lane));
    const Lane& stop_lane = network.lane(LaneIndex{lane});
    const bool known = worth.movement != no_movement;
    if (!known && stop_lane.outgoing.empty()) return;
    seen.movement = known ? MovementIndex{worth.movement} : MovementIndex::none();
    seen.approach = LaneIndex{lane};
    seen.intersection =
        network.movement(known ? seen.movement : stop_lane.outgoing.front()).intersection;
    if (seen.intersection.valid() && seen.intersection != last) out.push_back(seen);
    if (!known) return;
    last = seen.intersection;
    lane = road.to(worth.movement);
    seen.distance_m += road.length_m(road.way_of_movement(worth.movement)) + road.length_m(lane);
    ++place;
  }
}

std::vector<Sighting> BuiltInStreet::sightings(double range_m) const {
  std::vector<Sighting> all;
  for (const Way way : world_.fleet.active_movements())
    for (const Slot slot : world_.fleet.on(way)) sight(slot, range_m, all);
  for (const Way way : world_.fleet.active_lanes())
    for (const Slot slot : world_.fleet.on(way)) sight(slot, range_m, all);
  std::ranges::stable_sort(all, {}, &Sighting::vehicle);
  return all;
}

TripRecord BuiltInStreet::record_of(std::size_t index) const {
  const Trip& trip = trips_[index];
  TripRecord record;
  record.number = index + 1;
  record.id = trip.listed == ~0U ? "v" + std::to_string(index + 1)
                                 : setup_.demand.departures[trip.listed].id;
  record.vehicle_class = setup_.demand.types[trip.type].vehicle_class;
  record.depart_scheduled = instant(trip.scheduled_s);
  const double now_s = second();
  record.depart_delay_s = (trip.depart_s < 0 ? now_s : trip.depart_s) - trip.scheduled_s;
  if (trip.depart_s < 0) return record;
  record.depart = instant(trip.depart_s);
  record.duration_s = (trip.arrival_s < 0 ? now_s : trip.arrival_s) - trip.depart_s;
  if (trip.arrival_s >= 0) record.arrival = instant(trip.arrival_s);
  record.time_loss_s = trip.time_loss_s;
  record.waiting_s = trip.stood_s;
  record.stops = trip.stops;
  record.distance_m = trip.distance_m;
  if (trip.slot == no_slot) return record;
  const Vehicle& vehicle = world_.fleet[trip.slot];
  record.time_loss_s = vehicle.time_loss_s;
  record.waiting_s = vehicle.stood_s;
  record.stops = vehicle.stops;
  record.distance_m = vehicle.distance_m;
  return record;
}

std::vector<TripRecord> BuiltInStreet::trips() const {
  std::vector<TripRecord> all;
  all.reserve(trips_.size());
  for (std::size_t i = 0; i < trips_.size(); ++i) all.push_back(record_of(i));
  return all;
}

}  // namespace chorraha::sim
