#include "sim/sumo/sumo_vehicles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha::sumo {
namespace {

using traci::ObjectValues;
using traci::Variable;

constexpr std::array every_step{Variable::loaded_ids, Variable::departed_ids, Variable::arrived_ids,
                                Variable::pending_ids};
constexpr double stands_mps = 0.1;  // SUMO's waiting
constexpr double locked_after_s = 300;

bool is_due(const SumoVehicle& vehicle, Instant now) {
  return vehicle.entered || (vehicle.scheduled && *vehicle.scheduled < now);
}

void take_figures(TripRecord& record, const TripInfo& trip, Instant midnight) {
  const auto instant = [midnight](double s) {
    return midnight + Milliseconds{std::llround(s * 1000)};
  };
  record.depart_scheduled = instant(trip.depart_s - trip.depart_delay_s);
  record.depart = instant(trip.depart_s);
  if (trip.arrival_s) record.arrival = instant(*trip.arrival_s);
  record.duration_s = trip.duration_s;
  record.depart_delay_s = trip.depart_delay_s;
  record.time_loss_s = trip.time_loss_s;
  record.waiting_s = trip.waiting_s;
  record.stops = trip.stops;
  record.distance_m = trip.distance_m;
}

}  // namespace

SumoVehicles::SumoVehicles(const Network& network, Departures departures, Instant midnight,
                           Milliseconds step_length)
    : network_(network),
      ways_(network),
      departures_(std::move(departures)),
      midnight_(midnight),
      step_length_(step_length) {
  if (!network.detectors().empty()) loops_.emplace(network);
}

void SumoVehicles::subscribe(traci::Request& request) {
  request.subscribe(traci::subscribe_simulation, "", every_step);
}

void SumoVehicles::take_loaded(const std::vector<ObjectValues>& objects) {
  for (const ObjectValues& object : objects) {
    if (const auto* ids = object.find_as<Ids>(Variable::loaded_ids)) take_loaded(*ids);
  }
}

Result<traci::Request> SumoVehicles::take_step(Instant now,
                                               const std::vector<ObjectValues>& objects) {
  asked_.clear();
  const auto simulation =
      std::ranges::find(objects, traci::simulation_values, &ObjectValues::domain);
  if (simulation == objects.end())
    return Fault{Reason::lost, "SUMO", "a step without its account", "loaded, departed, arrived"};
  const Instant step_begin = now - step_length_;
  if (const auto* ids = simulation->find_as<Ids>(Variable::loaded_ids)) take_loaded(*ids);
  if (const auto* ids = simulation->find_as<Ids>(Variable::pending_ids)) take_due(step_begin, *ids);
  if (const auto* ids = simulation->find_as<Ids>(Variable::arrived_ids)) take_arrived(*ids);
  for (const ObjectValues& object : objects) {
    const auto number = numbers_.find(object.object);
    if (object.domain == traci::vehicle_values && number != numbers_.end())
      take_place(vehicles_[number->second], object, network_, ways_);
  }
  const auto* departed = simulation->find_as<Ids>(Variable::departed_ids);
  if (departed == nullptr) return traci::Request();
  take_due(step_begin, *departed);
  return take_departed(*departed);
}

std::size_t SumoVehicles::number_of(const std::string& id) {
  const auto [known, added] = numbers_.emplace(id, vehicles_.size());
  if (added) vehicles_.emplace_back().id = id;
  return known->second;
}

// SUMO reads routes ahead of their time.
void SumoVehicles::take_loaded(const Ids& ids) {
  for (const std::string& id : ids) {
    std::optional<Instant>& scheduled = vehicles_[number_of(id)].scheduled;
    scheduled.reset();
    if (const auto since_midnight = departures_.of(id)) scheduled = midnight_ + *since_midnight;
  }
}

// Who waits for room was due by the begin of the last step.
void SumoVehicles::take_due(Instant step_begin, const Ids& ids) {
  for (const std::string& id : ids) {
    SumoVehicle& vehicle = vehicles_[number_of(id)];
    if (!vehicle.scheduled) vehicle.scheduled = step_begin;
  }
}

void SumoVehicles::take_arrived(const Ids& ids) {
  for (const std::string& id : ids) {
    const std::size_t number = number_of(id);
    if (vehicles_[number].arrived) continue;
    vehicles_[number].arrived = true;
    ++finished_;
    if (loops_) loops_->gone(number);
    std::erase(on_road_, number);
  }
}

traci::Request SumoVehicles::take_departed(const Ids& ids) {
  traci::Request request;
  for (const std::string& id : ids) {
    const std::size_t number = number_of(id);
    SumoVehicle& vehicle = vehicles_[number];
    if (vehicle.entered) continue;
    vehicle.entered = true;
    ++entered_;
    if (vehicle.arrived) continue;
    asked_.push_back(number);
    ask_on_entry(request, id);
  }
  return request;
}

void SumoVehicles::take_entered(const std::vector<traci::Answer>& answers) {
  CHORRAHA_EXPECT(answers.size() == asked_.size() * answers_on_entry);
  std::span<const traci::Answer> rest(answers);
  for (const std::size_t number : asked_) {
    const auto mine = rest.first(answers_on_entry);
    rest = rest.subspan(answers_on_entry);
    SumoVehicle& vehicle = vehicles_[number];
    take_body(vehicle, mine, network_);
    const ObjectValues* const place = place_on_entry(mine);
    if (place == nullptr) continue;
    take_place(vehicle, *place, network_, ways_);
    on_road_.insert(std::ranges::lower_bound(on_road_, number), number);
  }
}

void SumoVehicles::finish_step(Instant now, std::vector<Detection>& detections) {
  detect(now, detections);
  vehicle_steps_ += on_road_.size();
  const bool stands =
      !on_road_.empty() && std::ranges::all_of(on_road_, [this](std::size_t number) {
        return vehicles_[number].speed_mps <= stands_mps;
      });
  standing_s_ = stands ? standing_s_ + to_seconds(step_length_) : 0;
  locked_ = locked_ || standing_s_ >= locked_after_s;
}

void SumoVehicles::detect(Instant now, std::vector<Detection>& detections) {
  if (!loops_) return;
  const double step_s = to_seconds(step_length_);
  for (const std::size_t number : on_road_) {
    const SumoVehicle& vehicle = vehicles_[number];
    if (!vehicle.on_junction && !vehicle.lane.valid()) {  // SUMO took it off the road for a while
      loops_->gone(number);
      continue;
    }
    loops_->seen({number, vehicle.on_junction ? LaneIndex::none() : vehicle.lane,
                  vehicle.position_m, vehicle.speed_mps, vehicle.length_m, vehicle.vehicle_class},
                 step_s);
  }
  loops_->finish(now - step_length_, step_s, detections);
}

std::vector<Sighting> SumoVehicles::sightings(Instant now, double range_m) const {
  std::vector<Sighting> found;
  std::vector<StopLineAhead> ahead;
  for (const std::size_t number : on_road_) {
    const SumoVehicle& vehicle = vehicles_[number];
    LaneIndex lane = vehicle.lane;
    double position_m = vehicle.position_m;
    std::size_t route_at = vehicle.route_at;
    if (vehicle.on_junction) {
      if (!vehicle.movement.valid()) continue;
      const Movement& movement = network_.movement(vehicle.movement);
      lane = movement.to;
      position_m = -std::max(0.0, movement.length_m - vehicle.position_m);
      ++route_at;
    }
    if (!lane.valid() || route_at >= vehicle.route.size()) continue;
    if (vehicle.route[route_at] != network_.lane(lane).link) continue;
    ahead.clear();
    ways_.look(lane, position_m, std::span(vehicle.route).subspan(route_at), range_m, ahead);
    for (const StopLineAhead& line : ahead) {
      found.push_back({line.intersection, now, number, lane, std::max(0.0, position_m),
                       line.distance_m, vehicle.speed_mps, vehicle.length_m, vehicle.vehicle_class,
                       line.approach, line.movement});
    }
  }
  return found;
}

std::vector<VehicleView> SumoVehicles::views() const {
  std::vector<VehicleView> views;
  for (const std::size_t number : on_road_) {
    const SumoVehicle& vehicle = vehicles_[number];
    views.push_back({number, vehicle.vehicle_class, vehicle.front, vehicle.heading_rad,
                     vehicle.length_m, vehicle.width_m, vehicle.speed_mps,
                     vehicle.on_junction ? LaneIndex::none() : vehicle.lane, vehicle.movement});
  }
  return views;
}

Totals SumoVehicles::totals(Instant now) const {
  Totals totals;
  totals.loaded = static_cast<std::uint64_t>(std::ranges::count_if(
      vehicles_, [now](const SumoVehicle& vehicle) { return is_due(vehicle, now); }));
  totals.entered = entered_;
  totals.finished = finished_;
  totals.in_network = on_road_.size();
  totals.waiting_to_enter = totals.loaded - totals.entered;
  totals.vehicle_steps = vehicle_steps_;
  totals.locked = locked_;
  return totals;
}

TripRecord SumoVehicles::record_of(std::size_t number, Instant now) const {
  const SumoVehicle& vehicle = vehicles_[number];
  TripRecord record;
  record.number = number;
  record.id = vehicle.id;
  record.vehicle_class = vehicle.vehicle_class;
  record.depart_scheduled = vehicle.scheduled.value_or(now);
  record.depart_delay_s = to_seconds(now - record.depart_scheduled);
  return record;
}

std::vector<TripRecord> SumoVehicles::trips(
    Instant now, const std::unordered_map<std::string, TripInfo>& infos) const {
  std::vector<TripRecord> records;
  for (std::size_t number = 0; number < vehicles_.size(); ++number) {
    if (!is_due(vehicles_[number], now)) continue;
    TripRecord& record = records.emplace_back(record_of(number, now));
    const auto info = infos.find(record.id);  // nothing: never put on the road
    if (info != infos.end()) take_figures(record, info->second, midnight_);
  }
  return records;
}

}  // namespace chorraha::sumo
