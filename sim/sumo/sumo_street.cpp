#include "sim/sumo/sumo_street.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "sim/sumo/departures.hpp"
#include "sim/sumo/link_letters.hpp"
#include "sim/sumo/sumo_start.hpp"
#include "sim/sumo/traci_codec.hpp"
#include "sim/sumo/tripinfo.hpp"
#include "sim/sumo/vehicle_loops.hpp"
#include "sim/sumo/way_ahead.hpp"
#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using traci::Answer;
using traci::ObjectValues;
using traci::Request;
using traci::Value;
using traci::Variable;

constexpr std::array every_step{Variable::lane_id,  Variable::lane_position, Variable::speed,
                                Variable::position, Variable::angle,         Variable::route_index};
constexpr std::array once{Variable::length, Variable::width, Variable::vehicle_class,
                          Variable::edges};
constexpr std::array of_simulation{Variable::loaded_ids, Variable::departed_ids,
                                   Variable::arrived_ids, Variable::pending_ids};
constexpr std::chrono::milliseconds close_wait{2'000};     // then SIGKILL
constexpr std::chrono::milliseconds outputs_wait{20'000};  // trips of a big run take their time
constexpr double locked_after_s = 300;

// https://sumo.dlr.de/docs/Simulation/VehiclePermissions.html
VehicleClass class_of(const std::string& name) {
  if (name == "bus" || name == "coach" || name == "tram") return VehicleClass::bus;
  if (name == "truck" || name == "trailer" || name == "delivery") return VehicleClass::truck;
  if (name == "motorcycle" || name == "moped") return VehicleClass::motorcycle;
  if (name == "bicycle") return VehicleClass::bicycle;
  if (name == "pedestrian") return VehicleClass::person;
  return VehicleClass::car;
}

struct Vehicle {
  std::string id;
  std::optional<Milliseconds> scheduled;  // since midnight; of a flow known when it is due
  bool entered = false;
  bool arrived = false;
  Milliseconds entered_at{0};
  Milliseconds arrived_at{0};
  VehicleClass vehicle_class = VehicleClass::car;
  double length_m = 5.0;
  double width_m = 1.8;
  std::vector<LinkIndex> route;

  // while on the road
  LaneIndex lane;  // the last one that is not inside a junction
  bool on_junction = false;
  MovementIndex movement;  // while on a junction
  double position_m = 0;   // on `lane`, or along `movement`
  double speed_mps = 0;
  double heading_rad = 0;
  Point front;
  std::size_t route_at = 0;  // place of the lane's link in `route`
};

std::vector<std::filesystem::path> demand_files(const SumoSetup& setup) {
  std::vector<std::filesystem::path> files = setup.routes;
  files.insert(files.end(), setup.additional.begin(), setup.additional.end());
  return files;
}

template <class T>
const T* value_of(const ObjectValues& object, Variable variable) {
  const Value* value = object.find(variable);
  return value == nullptr ? nullptr : std::get_if<T>(value);
}

// How far along `line` the point on it nearest to `place` is.
double along_m(const Polyline& line, Point place) {
  double best_m2 = INFINITY;
  double best_along_m = 0;
  double sum_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double dx = line[i].x_m - line[i - 1].x_m;
    const double dy = line[i].y_m - line[i - 1].y_m;
    const double piece_m = std::hypot(dx, dy);
    if (piece_m <= 0) continue;
    const double ahead = (place.x_m - line[i - 1].x_m) * dx + (place.y_m - line[i - 1].y_m) * dy;
    const double share = std::clamp(ahead / (piece_m * piece_m), 0.0, 1.0);
    const double off_x = line[i - 1].x_m + share * dx - place.x_m;
    const double off_y = line[i - 1].y_m + share * dy - place.y_m;
    const double off_m2 = off_x * off_x + off_y * off_y;
    if (off_m2 < best_m2) {
      best_m2 = off_m2;
      best_along_m = sum_m + share * piece_m;
    }
    sum_m += piece_m;
  }
  return best_along_m;
}

class Connected final : public SumoStreet {
 public:
  Connected(SumoSetup setup, sumo::RunningSumo running)
      : setup_(std::move(setup)),
        sumo_(std::move(running)),
        ways_(setup_.network),
        departures_(demand_files(setup_)),
        now_(setup_.begin) {
    if (!setup_.network.detectors().empty()) loops_.emplace(setup_.network);
  }

  ~Connected() override {
    if (!is_over_) stop(close_wait);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  Connected(Connected&&) = delete;
  Connected& operator=(Connected&&) = delete;

  Done prepare();

  [[nodiscard]] Milliseconds step_length() const override { return setup_.step_length; }
  [[nodiscard]] Instant now() const override { return setup_.midnight + now_; }
  void show(IntersectionIndex intersection, std::span<const Aspect> by_group,
            SignalMode mode) override;
  [[nodiscard]] Done advance() override;
  [[nodiscard]] std::span<const Detection> detections() const override { return detections_; }
  [[nodiscard]] std::vector<Sighting> sightings(double range_m) const override;
  [[nodiscard]] std::vector<VehicleView> vehicles() const override;
  [[nodiscard]] std::vector<PersonView> pedestrians() const override { return {}; }
  [[nodiscard]] Totals totals() const override;
  [[nodiscard]] std::vector<TripRecord> trips() const override;

  [[nodiscard]] Done finish() override { return end_run(); }
  [[nodiscard]] double street_cpu_s() const override { return cpu_last_s_ - cpu_first_s_; }
  [[nodiscard]] std::filesystem::path tripinfo_file() const override {
    return sumo_.tripinfo_file();
  }
  [[nodiscard]] const std::string& letters(IntersectionIndex intersection) const override {
    return shown_[intersection.value()];
  }

 private:
  Result<std::vector<Answer>> ask(const Request& request);
  Done take_letters();
  Done take_step(const std::vector<Answer>& answers);
  void take_loaded(const std::vector<std::string>& ids);
  void take_due(const std::vector<std::string>& ids);
  Done take_departed(const std::vector<std::string>& ids);
  void take_arrived(const std::vector<std::string>& ids);
  void place(Vehicle& vehicle, const ObjectValues& seen) const;
  void place_on_junction(Vehicle& vehicle) const;
  void detect();
  Vehicle& vehicle_named(const std::string& id);
  void stop(std::chrono::milliseconds wait) const;
  Done end_run() const;
  [[nodiscard]] bool is_due(const Vehicle& vehicle) const {
    return vehicle.entered || (vehicle.scheduled && *vehicle.scheduled < now_);
  }
  [[nodiscard]] TripRecord record_of(std::size_t number) const;
  [[nodiscard]] Instant at(Milliseconds since_midnight) const {
    return setup_.midnight + since_midnight;
  }

  SumoSetup setup_;
  mutable sumo::RunningSumo sumo_;  // `trips` ends it
  sumo::WayAhead ways_;
  sumo::Departures departures_;
  std::vector<sumo::LinkLetters> lamps_;     // by IntersectionIndex; empty under the scenario's own
  std::vector<std::string> shown_;           // letters, by IntersectionIndex
  std::vector<bool> changed_;                // since the last step
  Milliseconds now_;                         // since midnight
  std::optional<sumo::VehicleLoops> loops_;  // where the network has detectors
  std::vector<Detection> detections_;        // of the last step

  std::vector<Vehicle> vehicles_;  // by number
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::size_t> on_road_;  // numbers, ascending
  std::uint64_t entered_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t vehicle_steps_ = 0;
  double standing_s_ = 0;
  bool locked_ = false;

  double cpu_first_s_ = -1;
  double cpu_last_s_ = 0;
  mutable bool is_over_ = false;
  mutable std::unordered_map<std::string, sumo::TripInfo> infos_;  // after the end
};

Result<std::vector<Answer>> Connected::ask(const Request& request) {
  if (is_over_)
    return Fault{Reason::lost, "SUMO", "a run that has ended", "no step after its trips were read"};
  auto answers = sumo_.client.ask(request, sumo::answer_wait);
  if (!answers) return sumo_.with_last_words(answers.error());
  return answers;
}

Done Connected::prepare() {
  if (Done done = take_letters(); !done) return done;
  Request request;
  request.subscribe(traci::subscribe_simulation, "", of_simulation);
  for (const LaneId& lane : setup_.closed_lanes) request.forbid_lane(lane.text());
  const auto answers = ask(request);
  if (!answers) return answers.error();
  for (const Answer& answer : *answers) {
    if (!answer.refusal.empty())
      return Fault{Reason::bad_input, "SUMO", answer.refusal, "lanes and objects of its network"};
  }
  for (const ObjectValues& object : answers->front().objects) {
    if (const auto* ids = value_of<std::vector<std::string>>(object, Variable::loaded_ids))
      take_loaded(*ids);
  }
  return {};
}

// The state strings SUMO has; with lamps of our own all junctions are dark until they are shown.
Done Connected::take_letters() {
  const std::vector<Junction>& junctions = setup_.network.junctions();
  if (junctions.empty()) return {};
  Request request;
  for (const Junction& junction : junctions)
    request.get(traci::get_signal, Variable::signal_state, junction.id.text());
  const auto answers = ask(request);
  if (!answers) return answers.error();
  shown_.clear();
  for (std::size_t i = 0; i < junctions.size(); ++i) {
    const auto* letters = std::get_if<std::string>(&(*answers)[i].value);
    if (letters == nullptr) {
      return Fault{Reason::bad_input, "intersection " + junctions[i].id.text(),
                   (*answers)[i].refusal, "a signal of SUMO's network"};
    }
    for (const MovementIndex movement : junctions[i].movements) {
      const int place = setup_.network.movement(movement).signal_link;
      if (place >= static_cast<int>(letters->size()))
        return Fault{Reason::bad_input, "intersection " + junctions[i].id.text(),
                     fmt::format("a state of {} letters in SUMO", letters->size()),
                     fmt::format("a letter for link {}", place)};
    }
    shown_.push_back(*letters);
  }
  if (setup_.signals == SumoSetup::Signals::scenario || !lamps_.empty()) return {};
  changed_.assign(junctions.size(), true);
  for (std::size_t i = 0; i < junctions.size(); ++i) {
    const IntersectionConfig& config = setup_.intersections[i];
    lamps_.emplace_back(setup_.network, IntersectionIndex{i}, config, shown_[i]);
    shown_[i] = lamps_[i].letters(std::vector<Aspect>(config.groups().size(), Aspect::dark),
                                  SignalMode::dark);
  }
  return {};
}

void Connected::show(IntersectionIndex intersection, std::span<const Aspect> by_group,
                     SignalMode mode) {
  if (setup_.signals == SumoSetup::Signals::scenario) return;
  const std::size_t i = intersection.value();
  CHORRAHA_EXPECT(i < lamps_.size());
  CHORRAHA_EXPECT(by_group.size() == setup_.intersections[i].groups().size());
  std::string letters = lamps_[i].letters(by_group, mode);
  if (letters == shown_[i]) return;
  shown_[i] = std::move(letters);
  changed_[i] = true;
}

Done Connected::advance() {
  if (cpu_first_s_ < 0) cpu_first_s_ = sumo_.process.cpu_s();
  Request request;
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    if (changed_[i]) request.set_state(setup_.network.junctions()[i].id.text(), shown_[i]);
    changed_[i] = false;
  }
  if (setup_.signals == SumoSetup::Signals::scenario) {
    for (const Junction& junction : setup_.network.junctions())
      request.get(traci::get_signal, Variable::signal_state, junction.id.text());
  }
  request.step();
  const auto answers = ask(request);
  if (!answers) return answers.error();
  now_ += setup_.step_length;
  Done done = take_step(*answers);
  cpu_last_s_ = sumo_.process.cpu_s();
  return done;
}

Done Connected::take_step(const std::vector<Answer>& answers) {
  std::size_t signal = 0;
  for (const Answer& answer : answers) {
    if (!answer.refusal.empty())
      return sumo_.with_last_words(
          Fault{Reason::lost, "SUMO", "refused: " + answer.refusal, "a step that runs"});
    if (answer.command != traci::get_signal) continue;
    if (const auto* letters = std::get_if<std::string>(&answer.value)) shown_[signal] = *letters;
    ++signal;
  }
  const std::vector<ObjectValues>& objects = answers.back().objects;
  const auto simulation =
      std::ranges::find(objects, traci::simulation_values, &ObjectValues::domain);
  if (simulation == objects.end())
    return Fault{Reason::lost, "SUMO", "a step without its account", "loaded, departed, arrived"};
  using Ids = std::vector<std::string>;
  if (const auto* ids = value_of<Ids>(*simulation, Variable::loaded_ids)) take_loaded(*ids);
  if (const auto* ids = value_of<Ids>(*simulation, Variable::pending_ids)) take_due(*ids);
  if (const auto* ids = value_of<Ids>(*simulation, Variable::arrived_ids)) take_arrived(*ids);
  for (const ObjectValues& object : objects) {
    const auto number = numbers_.find(object.object);
    if (object.domain == traci::vehicle_values && number != numbers_.end())
      place(vehicles_[number->second], object);
  }
  if (const auto* ids = value_of<Ids>(*simulation, Variable::departed_ids)) {
    take_due(*ids);
    if (Done done = take_departed(*ids); !done) return done;
  }
  detect();
  vehicle_steps_ += on_road_.size();
  const bool stands =
      !on_road_.empty() && std::ranges::all_of(on_road_, [this](std::size_t number) {
        return vehicles_[number].speed_mps <= 0.1;
      });
  standing_s_ = stands ? standing_s_ + to_seconds(setup_.step_length) : 0;
  locked_ = locked_ || standing_s_ >= locked_after_s;
  return {};
}

void Connected::detect() {
  if (!loops_) return;
  const double step_s = to_seconds(setup_.step_length);
  for (const std::size_t number : on_road_) {
    const Vehicle& vehicle = vehicles_[number];
    if (!vehicle.on_junction && !vehicle.lane.valid()) {  // SUMO took it off the road for a while
      loops_->gone(number);
      continue;
    }
    loops_->seen({number, vehicle.on_junction ? LaneIndex::none() : vehicle.lane,
                  vehicle.position_m, vehicle.speed_mps, vehicle.length_m, vehicle.vehicle_class},
                 step_s);
  }
  loops_->finish(at(now_ - setup_.step_length), step_s, detections_);
}

Vehicle& Connected::vehicle_named(const std::string& id) {
  const auto [known, added] = numbers_.emplace(id, vehicles_.size());
  if (added) vehicles_.emplace_back().id = id;
  return vehicles_[known->second];
}

// SUMO reads routes ahead of their time.
void Connected::take_loaded(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) vehicle_named(id).scheduled = departures_.of(id);
}

// Who waits for room was due by the begin of the last step.
void Connected::take_due(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    Vehicle& vehicle = vehicle_named(id);
    if (!vehicle.scheduled) vehicle.scheduled = now_ - setup_.step_length;
  }
}

Done Connected::take_departed(const std::vector<std::string>& ids) {
  Request request;
  std::vector<std::size_t> asked;
  for (const std::string& id : ids) {
    Vehicle& vehicle = vehicle_named(id);
    if (vehicle.entered) continue;
    vehicle.entered = true;
    vehicle.entered_at = now_ - setup_.step_length;
    ++entered_;
    if (vehicle.arrived) continue;
    asked.push_back(static_cast<std::size_t>(&vehicle - vehicles_.data()));
    request.subscribe(traci::subscribe_vehicle, id, every_step);
    for (const Variable variable : once) request.get(traci::get_vehicle, variable, id);
  }
  if (asked.empty()) return {};
  const auto answers = ask(request);
  if (!answers) return answers.error();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Answer* const mine = answers->data() + i * (1 + once.size());
    Vehicle& vehicle = vehicles_[asked[i]];
    if (const auto* length_m = std::get_if<double>(&mine[1].value)) vehicle.length_m = *length_m;
    if (const auto* width_m = std::get_if<double>(&mine[2].value)) vehicle.width_m = *width_m;
    if (const auto* name = std::get_if<std::string>(&mine[3].value))
      vehicle.vehicle_class = class_of(*name);
    if (const auto* edges = std::get_if<std::vector<std::string>>(&mine[4].value)) {
      for (const std::string& edge : *edges)
        vehicle.route.push_back(setup_.network.find(LinkId{edge}));
    }
    if (mine[0].objects.empty()) continue;
    place(vehicle, mine[0].objects.front());
    on_road_.insert(std::ranges::lower_bound(on_road_, asked[i]), asked[i]);
  }
  return {};
}

void Connected::take_arrived(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    Vehicle& vehicle = vehicle_named(id);
    if (vehicle.arrived) continue;
    vehicle.arrived = true;
    vehicle.arrived_at = now_;
    ++finished_;
    if (loops_) loops_->gone(static_cast<std::size_t>(&vehicle - vehicles_.data()));
    std::erase(on_road_, static_cast<std::size_t>(&vehicle - vehicles_.data()));
  }
}

void Connected::place(Vehicle& vehicle, const ObjectValues& seen) const {
  if (const auto* speed_mps = value_of<double>(seen, Variable::speed))
    vehicle.speed_mps = std::max(0.0, *speed_mps);
  if (const auto* degrees = value_of<double>(seen, Variable::angle))
    vehicle.heading_rad = (90.0 - *degrees) * std::numbers::pi / 180.0;  // SUMO: north, clockwise
  if (const auto* point = value_of<Point>(seen, Variable::position)) vehicle.front = *point;
  if (const auto* route_at = value_of<std::int32_t>(seen, Variable::route_index))
    vehicle.route_at = static_cast<std::size_t>(std::max(0, *route_at));
  const auto* lane = value_of<std::string>(seen, Variable::lane_id);
  const auto* position_m = value_of<double>(seen, Variable::lane_position);
  if (lane == nullptr || position_m == nullptr) return;
  vehicle.on_junction = lane->starts_with(':');
  if (vehicle.on_junction) {
    place_on_junction(vehicle);
  } else {
    vehicle.lane = setup_.network.find(LaneId{*lane});
    vehicle.movement = MovementIndex::none();
    vehicle.position_m = *position_m;
  }
}

void Connected::place_on_junction(Vehicle& vehicle) const {
  if (!vehicle.movement.valid() && vehicle.lane.valid() &&
      vehicle.route_at + 1 < vehicle.route.size())
    vehicle.movement = ways_.movement_into(vehicle.lane, vehicle.route[vehicle.route_at + 1]);
  if (vehicle.movement.valid())
    vehicle.position_m = along_m(setup_.network.movement(vehicle.movement).shape, vehicle.front);
}

std::vector<Sighting> Connected::sightings(double range_m) const {
  std::vector<Sighting> found;
  std::vector<sumo::StopLineAhead> ahead;
  for (const std::size_t number : on_road_) {
    const Vehicle& vehicle = vehicles_[number];
    LaneIndex lane = vehicle.lane;
    double position_m = vehicle.position_m;
    std::size_t route_at = vehicle.route_at;
    if (vehicle.on_junction) {
      if (!vehicle.movement.valid()) continue;
      const Movement& movement = setup_.network.movement(vehicle.movement);
      lane = movement.to;
      position_m = -std::max(0.0, movement.length_m - vehicle.position_m);
      ++route_at;
    }
    if (!lane.valid() || route_at >= vehicle.route.size()) continue;
    if (vehicle.route[route_at] != setup_.network.lane(lane).link) continue;
    ahead.clear();
    ways_.look(lane, position_m, std::span(vehicle.route).subspan(route_at), range_m, ahead);
    for (const sumo::StopLineAhead& line : ahead) {
      found.push_back({line.intersection, now(), number, lane, std::max(0.0, position_m),
                       line.distance_m, vehicle.speed_mps, vehicle.length_m, vehicle.vehicle_class,
                       line.approach, line.movement});
    }
  }
  return found;
}

std::vector<VehicleView> Connected::vehicles() const {
  std::vector<VehicleView> views;
  for (const std::size_t number : on_road_) {
    const Vehicle& vehicle = vehicles_[number];
    views.push_back({number, vehicle.vehicle_class, vehicle.front, vehicle.heading_rad,
                     vehicle.length_m, vehicle.width_m, vehicle.speed_mps,
                     vehicle.on_junction ? LaneIndex::none() : vehicle.lane, vehicle.movement});
  }
  return views;
}

Totals Connected::totals() const {
  Totals totals;
  totals.loaded = static_cast<std::uint64_t>(
      std::ranges::count_if(vehicles_, [this](const Vehicle& vehicle) { return is_due(vehicle); }));
  totals.entered = entered_;
  totals.finished = finished_;
  totals.in_network = on_road_.size();
  totals.waiting_to_enter = totals.loaded - totals.entered;
  totals.vehicle_steps = vehicle_steps_;
  totals.locked = locked_;
  return totals;
}

void Connected::stop(std::chrono::milliseconds wait) const {
  const auto answers = sumo_.client.ask(Request().quit(), wait);
  sumo_.process.wait_for_end(answers ? wait : std::chrono::milliseconds{0});
  is_over_ = true;
}

Done Connected::end_run() const {
  if (is_over_) return {};
  stop(outputs_wait);
  auto trips = sumo::read_tripinfo(sumo_.tripinfo_file());
  if (!trips) return sumo_.with_last_words(trips.error());
  for (sumo::TripInfo& trip : *trips) {
    std::string id = trip.id;
    infos_.emplace(std::move(id), std::move(trip));
  }
  return {};
}

TripRecord Connected::record_of(std::size_t number) const {
  const Vehicle& vehicle = vehicles_[number];
  TripRecord record;
  record.number = number;
  record.id = vehicle.id;
  record.vehicle_class = vehicle.vehicle_class;
  record.depart_scheduled = at(vehicle.scheduled.value_or(now_));
  const auto info = infos_.find(vehicle.id);
  if (info == infos_.end()) {  // never put on the road
    record.depart_delay_s = to_seconds(now_ - vehicle.scheduled.value_or(now_));
    return record;
  }
  const auto instant = [this](double s) { return at(Milliseconds{std::llround(s * 1000)}); };
  const sumo::TripInfo& trip = info->second;
  record.depart_scheduled = instant(trip.depart_s - trip.depart_delay_s);
  record.depart = instant(trip.depart_s);
  if (trip.arrival_s) record.arrival = instant(*trip.arrival_s);
  record.duration_s = trip.duration_s;
  record.depart_delay_s = trip.depart_delay_s;
  record.time_loss_s = trip.time_loss_s;
  record.waiting_s = trip.waiting_s;
  record.stops = trip.stops;
  record.distance_m = trip.distance_m;
  return record;
}

// Asked through the interface that all streets share, it ends the run on its caller's behalf.
std::vector<TripRecord> Connected::trips() const {
  if (!end_run()) return {};
  std::vector<TripRecord> records;
  for (std::size_t number = 0; number < vehicles_.size(); ++number) {
    if (is_due(vehicles_[number])) records.push_back(record_of(number));
  }
  return records;
}

}  // namespace

Done SumoStreet::can_run(const std::string& program) {
  const Result<std::filesystem::path> found = sumo::found_on_path(program);
  if (!found) return found.error();
  return {};
}

Result<std::unique_ptr<SumoStreet>> SumoStreet::make(SumoSetup setup) {
  if (setup.signals == SumoSetup::Signals::ours &&
      setup.intersections.size() != setup.network.junctions().size()) {
    return Fault{Reason::bad_input, "SUMO street intersections",
                 std::to_string(setup.intersections.size()),
                 fmt::format("{}, one a signal of the network", setup.network.junctions().size())};
  }
  Result<sumo::RunningSumo> running = sumo::start_sumo(setup);
  if (!running) return running.error();
  auto street = std::make_unique<Connected>(std::move(setup), std::move(*running));
  if (const Done done = street->prepare(); !done) return done.error();
  return Result<std::unique_ptr<SumoStreet>>(std::move(street));
}

}  // namespace chorraha
