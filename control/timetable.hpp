#pragma once

#include <span>
#include <vector>

#include "control/junction_model.hpp"
#include "traffic/flow.hpp"
#include "traffic/intersection.hpp"

namespace chorraha {

struct WebsterOptions {
  double saturation_flow_veh_per_h = 1900;  // a lane; HCM 2010 base flow
  double flow_least_veh_per_h = 20;         // of a movement nobody has counted
  double cycle_min_s = 40;
  double cycle_max_s = 120;
  double start_up_s = 2.0;           // lost at each start of green; HCM 2010
  double amber_used_s = 2.0;         // won at each end; HCM 2010
  double yielding_share = 0.5;       // of the saturation flow, for movements that give way
  std::vector<StageIndex> sequence;  // one a step; empty: the fewest stages that serve everybody
};

/// A fixed-time program and how full it leaves each movement.
struct WebsterPlan {
  Timetable timetable;
  double flow_ratio = 0;           // Y: sum of critical flow ratios
  double lost_s = 0;               // L: in one cycle
  double cycle_optimal_s = 0;      // before bounds and minimum greens
  std::vector<double> saturation;  // by JunctionModel::turns: flow / capacity
  std::vector<double> green_s;     // by step: effective green
};

/// Fixed-time plan by Webster's formulas over critical movements.
/// Stages:  `sequence`, or the fewest that give green to every group that any stage serves, in the
///          order that loses least time.
/// Lanes:   a movement with several lanes has its flow split so that they are
/// equally full; a lane
///          with several movements carries their sum.
/// Cycle:   (1.5 L + 5) / (1 - Y), within bounds, and long enough for every minimum green.
/// Clearing: a step between the end of a group and the start of one in conflict with it lasts until
///          their intergreen is over (people who still walk).
/// Splits:  in proportion to critical flow ratios; those under their minimum get it, the others
///          share what is left.
/// Faults:  not_possible if minimum greens and interstages alone take more than 360 s.
/// Sources: Webster, Traffic Signal Settings, Road Research Technical Paper 39, 1958; critical
///          movements as HCM 2010 ch. 18 and 31.
[[nodiscard]] Result<WebsterPlan> webster_timetable(const JunctionModel& junction,
                                                    std::span<const MovementFlow> flows,
                                                    const TimetableId& id,
                                                    const WebsterOptions& options = {});

/// Flow of each turn's lane share: how one approach's flow spreads over lanes that serve the same
/// movement into the same link. `flow_veh_per_h` by turn, as counted; the answer is by turn too,
/// with equal sums per link and way, and lanes as equally full as their turns allow.
[[nodiscard]] std::vector<double> spread_over_lanes(const JunctionModel& junction,
                                                    const Network& network,
                                                    std::vector<double> flow_veh_per_h);

}  // namespace chorraha
