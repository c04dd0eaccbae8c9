#pragma once

#include <optional>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Somebody who is expected at a stop line. Under detectors only, `vehicles` may be a fraction.
struct Arrival {
  double at_s = 0;  // free-flow arrival at the stop line, seconds after Scene::at; <= 0 = queued
  double vehicles = 1.0;
  MovementIndex movement;  // none() if its turn is unknown
};

/// One approach lane as the planner sees it.
struct LaneScene {
  LaneIndex lane;
  double queue_veh = 0;  // standing or discharging at the stop line
  double queue_variance_veh2 = 0;
  double arrival_flow_veh_per_s = 0;  // beyond what `arrivals` holds
  std::vector<Arrival> arrivals;      // by at_s; the queued ones too (at_s <= 0)
  double exit_space_veh = 1e9;        // room behind the junction, smallest over its movements
};

/// What the planner of one intersection takes: made by the estimator from detections, or from
/// sightings.
struct Scene {
  IntersectionIndex intersection;
  Instant at;
  std::vector<LaneScene> lanes;  // in the order of Junction::approaches
  StateReport signals;           // calls of pedestrians are in its groups
};

/// Estimated flow of one movement, for timetables and for people.
struct MovementFlow {
  MovementIndex movement;
  double flow_veh_per_h = 0;
  double variance_veh2_per_h2 = 0;
};

/// What a neighbour has planned to release into a link; carries UTC, since boots differ.
struct Release {
  LaneIndex lane;  // into which it is released
  Instant at;      // over the upstream stop line
  double vehicles = 1.0;
};

}  // namespace chorraha
