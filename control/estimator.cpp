#include "control/estimator.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace chorraha {
namespace {

constexpr double near_stop_line_m = 30.0;  // who vanishes from here has crossed it
constexpr double at_stop_line_m = 12.0;    // a detector so near counts out; the head stands here
constexpr double moved_m = 1.0;
constexpr double near_head_m = 15.0;  // farther from its place in the queue it stands for itself
constexpr std::size_t exits_of_first = 4;

}  // namespace

SceneEstimator::SceneEstimator(const Network& network, const JunctionModel& junction,
                               const EstimatorOptions& options)
    : network_(&network),
      junction_(&junction),
      options_(options),
      watches_(junction.lanes().size()),
      rates_(junction.turns().size(), EventRate(options.flow_window_s)) {
  for (const JunctionModel::Feeder& feeder : junction.feeders())
    lane_by_feeder_.try_emplace(feeder.from, feeder.lane);
  for (const JunctionModel::Lane& lane : junction.lanes())
    lane_by_feeder_[lane.lane] = junction.lane_of(lane.lane);
  for (std::size_t lane = 0; lane < junction.lanes().size(); ++lane)
    lanes_.push_back(watch_lane(lane));
}

// One detector counts out (at the stop line; a counting line before a loop), one counts in (the
// farthest); others of the lane are not needed.
LaneEstimate SceneEstimator::watch_lane(std::size_t place) {
  const JunctionModel::Lane& lane = junction_->lanes()[place];
  LaneEstimate estimate(lane.speed_mps, options_.lane);
  const Detector* out = nullptr;
  const Detector* in = nullptr;
  const auto before_m = [&](const Detector& d) { return lane.length_m - d.position_m; };
  for (const Detector& detector : network_->detectors()) {
    if (detector.lane != lane.lane || detector.kind == Detector::Kind::button) continue;
    if (detector.intersection.valid() && detector.intersection != junction_->intersection())
      continue;  // stands here for the junction behind this one
    const bool line = detector.kind == Detector::Kind::crossing;
    if (before_m(detector) <= at_stop_line_m) {
      const bool better = out == nullptr || (!line && out->kind == Detector::Kind::crossing);
      if (better) out = &detector;
    } else if (in == nullptr || before_m(detector) > before_m(*in)) {
      in = &detector;
    }
  }
  if (out != nullptr) {
    estimate.set_stop_line();
    detectors_.emplace(out->id.text(), Use{place, LaneEstimate::Place::stop_line});
  }
  if (in != nullptr) {
    estimate.set_advance(before_m(*in));
    detectors_.emplace(in->id.text(), Use{place, LaneEstimate::Place::advance});
  }
  return estimate;
}

std::size_t SceneEstimator::lane_of(const Sighting& sighting) const {
  const std::size_t none = junction_->lanes().size();
  if (sighting.intersection != junction_->intersection()) return none;
  const auto feeder = lane_by_feeder_.find(sighting.lane);
  const bool behind_signal = feeder == lane_by_feeder_.end();
  if (behind_signal && options_.beyond_signals == EstimatorOptions::BeyondSignals::leave_out)
    return none;
  if (sighting.approach.valid()) {
    const std::size_t lane = junction_->lane_of(sighting.approach);
    if (lane != none) return lane;
  }
  return behind_signal ? none : feeder->second;
}

std::optional<Instant> SceneEstimator::open_since(std::size_t lane,
                                                  const StateReport& signals) const {
  std::optional<Instant> since;
  for (const GroupIndex g : junction_->lanes()[lane].groups) {
    if (g.value() >= signals.groups.size()) continue;
    const GroupState& state = signals.groups[g.value()];
    if (!is_green(state.aspect)) continue;
    const Instant begun = at(signals, state.green_since);
    since = since ? std::min(*since, begun) : begun;
  }
  return since;
}

Instant SceneEstimator::at(const StateReport& signals, Tick tick) {
  return signals.instant + std::chrono::duration_cast<Milliseconds>(tick - signals.now);
}

Scene SceneEstimator::from_sightings(std::span<const Sighting> all, const StateReport& signals) {
  const Instant now = signals.instant;
  follow(all, now);
  count_departures(now);
  std::vector<std::vector<const Sighting*>> by_lane(junction_->lanes().size());
  for (const Sighting& sighting : all) {
    const std::size_t lane = lane_of(sighting);
    if (lane < by_lane.size()) by_lane[lane].push_back(&sighting);
  }
  Scene scene;
  scene.intersection = junction_->intersection();
  scene.at = now;
  scene.signals = signals;
  for (std::size_t lane = 0; lane < by_lane.size(); ++lane) {
    std::ranges::sort(by_lane[lane], [](const Sighting* a, const Sighting* b) {
      return std::pair(a->distance_m, a->vehicle) < std::pair(b->distance_m, b->vehicle);
    });
    LaneScene here = lane_scene(lane, by_lane[lane], signals);
    here.exit_space_veh = exit_space_veh(by_lane[lane], all);
    if (stuck(lane, by_lane[lane], signals)) here.exit_space_veh = options_.stuck_exit_veh;
    scene.lanes.push_back(std::move(here));
  }
  return scene;
}

// Who stands since when, and who was near the stop line last.
void SceneEstimator::follow(std::span<const Sighting> all, Instant now) {
  for (EventRate& rate : rates_) rate.begin(now);
  for (const Sighting& sighting : all) {
    const std::size_t lane = lane_of(sighting);
    if (lane >= junction_->lanes().size()) continue;
    Seen& seen = seen_[sighting.vehicle];
    seen.lane = lane;
    seen.distance_m = sighting.distance_m;
    seen.movement = sighting.movement;
    seen.at = now;
    const bool standing = sighting.speed_mps < options_.queue_speed_mps;
    if (standing && !seen.standing) seen.standing_since = now;
    seen.standing = standing;
  }
}

void SceneEstimator::count_departures(Instant now) {
  std::erase_if(seen_, [&](const auto& entry) {
    const Seen& seen = entry.second;
    if (seen.at == now) return false;
    if (seen.distance_m <= near_stop_line_m) {
      std::size_t turn = seen.movement.valid() ? junction_->turn_of(seen.movement) : rates_.size();
      if (turn >= rates_.size()) turn = junction_->lanes()[seen.lane].main_turn;
      rates_[turn].count(now, 1);
    }
    return true;
  });
}

// The soonest it can be at the stop line: pulls away to the speed limit, then keeps it.
double SceneEstimator::arrival_s(const Sighting& sighting, std::size_t lane) const {
  const double a = options_.acceleration_mps2;
  const double limit = std::max(junction_->lanes()[lane].speed_mps, 1.0);
  const double speed = std::clamp(sighting.speed_mps, 0.0, limit);
  const double way_m = std::max(sighting.distance_m, 0.0);
  const double to_limit_m = (limit * limit - speed * speed) / (2 * a);
  if (way_m <= to_limit_m) return (std::sqrt(speed * speed + 2 * a * way_m) - speed) / a;
  return (limit - speed) / a + (way_m - to_limit_m) / limit;
}

LaneScene SceneEstimator::lane_scene(std::size_t lane, const std::vector<const Sighting*>& own,
                                     const StateReport& signals) const {
  LaneScene scene;
  scene.lane = junction_->lanes()[lane].lane;
  const bool open = open_since(lane, signals).has_value();
  double queue_end_m = 0;
  double last_s = -1e9;
  bool unbroken = true;  // from the stop line on everybody stands
  for (const Sighting* sighting : own) {
    const Seen& seen = seen_.at(sighting->vehicle);
    unbroken = unbroken && seen.standing && sighting->distance_m < queue_end_m + near_head_m;
    double at_s = std::max(arrival_s(*sighting, lane), 0.05);
    if (unbroken) {
      scene.queue_veh += 1;
      queue_end_m = sighting->distance_m + sighting->length_m + 2.5;
      if (!open) at_s = -to_seconds(signals.instant - seen.standing_since);
    }
    at_s = std::max(at_s, last_s);  // nobody overtakes
    last_s = at_s;
    scene.arrivals.push_back({at_s, 1.0, sighting->movement});
  }
  return scene;
}

double SceneEstimator::exit_space_veh(const std::vector<const Sighting*>& own,
                                      std::span<const Sighting> all) const {
  double least = 1e9;
  for (std::size_t i = 0; i < std::min(own.size(), exits_of_first); ++i) {
    if (!own[i]->movement.valid()) continue;
    const LaneIndex exit = network_->movement(own[i]->movement).to;
    double free_m = 1e9;  // up to the last one who stands
    double moving_m = 0;  // taken by those who drive towards it
    for (const Sighting& other : all) {
      if (other.lane != exit) continue;
      if (other.speed_mps < options_.queue_speed_mps)
        free_m = std::min(free_m, other.position_m - other.length_m);
      else
        moving_m += options_.spacing_m;
    }
    if (free_m < 1e9) least = std::min(least, std::floor((free_m - moving_m) / options_.spacing_m));
  }
  return std::max(least, 0.0);
}

// The first one stands at the stop line under green for longer than anybody needs to go.
bool SceneEstimator::stuck(std::size_t lane, const std::vector<const Sighting*>& own,
                           const StateReport& signals) {
  Watch& watch = watches_[lane];
  const std::optional<Instant> open = open_since(lane, signals);
  const bool stands = open && !own.empty() && own.front()->distance_m < at_stop_line_m &&
                      own.front()->speed_mps < options_.queue_speed_mps;
  if (!stands) {
    watch.running = false;
    return false;
  }
  const Sighting& head = *own.front();
  const bool same =
      watch.running && watch.head == head.vehicle && watch.distance_m - head.distance_m < moved_m;
  if (!same) watch = {head.vehicle, head.distance_m, signals.instant, true};
  const std::size_t turn =
      head.movement.valid() ? junction_->turn_of(head.movement) : rates_.size();
  const auto right = turn < rates_.size() && signals.stage.valid()
                         ? junction_->stage(signals.stage).rights[turn]
                         : JunctionModel::Right::free;
  if (right == JunctionModel::Right::closed) return false;
  const bool yields = right != JunctionModel::Right::free;
  const double limit_s = yields ? options_.watch_yielding_s : options_.watch_s;
  return to_seconds(signals.instant - std::max(watch.since, *open)) > limit_s;
}

Scene SceneEstimator::from_detections(std::span<const Detection> seen, const StateReport& signals) {
  const Instant now = signals.instant;
  for (EventRate& rate : rates_) rate.begin(now);
  for (const Detection& detection : seen) {
    const auto use = detectors_.find(detection.detector.text());
    if (use != detectors_.end()) lanes_[use->second.lane].detect(use->second.place, detection);
  }
  Scene scene;
  scene.intersection = junction_->intersection();
  scene.at = now;
  scene.signals = signals;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const std::optional<Instant> open = open_since(lane, signals);
    lanes_[lane].advance(now, open.has_value(), open ? *open : closed_since(lane, signals));
    count_out(lane, signals, lanes_[lane].take_departures());
    LaneScene here = lanes_[lane].scene(now);
    here.lane = junction_->lanes()[lane].lane;
    scene.lanes.push_back(std::move(here));
  }
  return scene;
}

Instant SceneEstimator::closed_since(std::size_t lane, const StateReport& signals) const {
  Instant since{};
  for (const GroupIndex g : junction_->lanes()[lane].groups) {
    if (g.value() >= signals.groups.size()) continue;
    const GroupState& state = signals.groups[g.value()];
    const Tick end = state.aspect == Aspect::amber ? state.since : state.red_since;
    since = std::max(since, at(signals, end));
  }
  return since;
}

// Which way they went nobody saw: those turns share them that had green, straight ones most.
void SceneEstimator::count_out(std::size_t lane, const StateReport& signals, double vehicles) {
  if (vehicles <= 0) return;
  const JunctionModel::Lane& here = junction_->lanes()[lane];
  double all = 0;
  const auto share = [&](std::size_t turn) {
    const bool open = !signals.stage.valid() || signals.stage.value() >= junction_->stage_count() ||
                      junction_->stage(signals.stage).rights[turn] != JunctionModel::Right::closed;
    const double weight = turn == here.main_turn ? options_.straight_weight : 1.0;
    return open ? weight : 0.0;
  };
  for (std::size_t t = 0; t < here.turn_count; ++t) all += share(here.first_turn + t);
  if (all <= 0) {
    if (here.turn_count > 0) rates_[here.main_turn].count(signals.instant, vehicles);
    return;
  }
  for (std::size_t t = 0; t < here.turn_count; ++t) {
    const std::size_t turn = here.first_turn + t;
    if (share(turn) > 0) rates_[turn].count(signals.instant, vehicles * share(turn) / all);
  }
}

std::vector<MovementFlow> SceneEstimator::flows(Instant now) const {
  constexpr double per_hour = 3600.0;
  std::vector<MovementFlow> flows;
  flows.reserve(rates_.size());
  for (std::size_t turn = 0; turn < rates_.size(); ++turn) {
    flows.push_back({junction_->turns()[turn].movement, rates_[turn].per_s(now) * per_hour,
                     rates_[turn].variance_per_s2(now) * per_hour * per_hour});
  }
  return flows;
}

}  // namespace chorraha
