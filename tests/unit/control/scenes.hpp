#pragma once

#include <cstddef>
#include <initializer_list>

#include "control/junction_model.hpp"
#include "tests/support/one_junction.hpp"
#include "traffic/flow.hpp"

namespace chorraha::test {

inline constexpr Tick noon{Ticks{1000}};
inline constexpr Instant noon_utc{Milliseconds{1'704'110'400'000}};

/// The hand-made junction, made once: its geometry takes a second.
inline const Network& street() {
  static const Network network = one_junction();
  return network;
}
inline const IntersectionParts& parts() {
  static const IntersectionParts made = one_junction_parts();
  return made;
}
inline const JunctionModel& model() {
  static const JunctionModel made =
      JunctionModel::make(street(), IntersectionIndex{0}, IntersectionConfig::make(parts()).value())
          .value();
  return made;
}

/// What a controller reports that has shown `stage` for `shown`: all else is red for long.
inline StateReport settled(const IntersectionConfig& config, StageIndex stage, Ticks shown) {
  StateReport report;
  report.intersection = config.id();
  report.boot = BootId{7};
  report.now = noon;
  report.instant = noon_utc;
  report.mode = SignalMode::normal;
  report.stage = stage;
  report.stage_since = noon - shown;
  for (const GroupIndex g : config.all_groups()) {
    const bool lit = config.stage(stage).green.contains(g);
    GroupState state;
    state.aspect = lit ? Aspect::green : Aspect::red;
    state.since = lit ? noon - shown : noon - Ticks{900};
    state.green_since = lit ? noon - shown : noon - Ticks{950};
    state.red_since = noon - Ticks{900};
    report.groups.push_back(state);
  }
  return report;
}

/// An empty junction that shows `stage`.
inline Scene quiet(const JunctionModel& junction, StageIndex stage, Ticks shown) {
  Scene scene;
  scene.intersection = junction.intersection();
  scene.at = noon_utc;
  scene.signals = settled(junction.config(), stage, shown);
  for (const JunctionModel::Lane& lane : junction.lanes()) {
    scene.lanes.emplace_back();
    scene.lanes.back().lane = lane.lane;
  }
  return scene;
}

/// `count` vehicles stand in lane `lane`, the first for `waited_s`.
inline void add_queue(Scene& scene, std::size_t lane, int count, double waited_s = 5) {
  LaneScene& here = scene.lanes[lane];
  for (int i = 0; i < count; ++i)
    here.arrivals.push_back({-waited_s + 0.01 * i, 1.0, MovementIndex::none()});
  here.queue_veh += count;
}

inline void add_arrivals(Scene& scene, std::size_t lane, std::initializer_list<double> at_s) {
  for (const double at : at_s)
    scene.lanes[lane].arrivals.push_back({at, 1.0, MovementIndex::none()});
}

}  // namespace chorraha::test
