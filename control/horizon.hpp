#pragma once

#include <span>
#include <vector>

#include "control/junction_model.hpp"
#include "traffic/flow.hpp"
#include "traffic/plan.hpp"

namespace chorraha {

/// How far and how finely the planner looks, and what it holds against what (in vehicle-seconds).
/// The structure matters, not the tuning: ten variations of these changed a throw-away prototype by
/// a few per cent.
struct HorizonOptions {
  double view_s = 45;          // how far ahead plans are compared
  double near_s = 16;          // steps of 1 s so far, of 2 s beyond
  double reach_s = 25;         // a stage is a candidate if somebody it serves is there by then
  Ticks decision_step{10};     // a change begins at a multiple of it after Tick 0; at least 1 s
  Ticks slack{50};             // by which each stage that is not at its end yet may end later
  Ticks latency{0};            // a change decided now begins no sooner
  std::size_t beam = 3;        // partial plans kept for each stage and step
  double stop_cost_s = 4;      // of one stop
  double left_cost_s = 8;      // of one vehicle that waits at the end of the view
  double change_cost_s = 1;    // of one change of stage, so that equal plans do not alternate
  double walk_cost_s = 1;      // of one second of a waiting pedestrian call
  double wait_limit_s = 120;   // of one vehicle or call; SAFETY-A12 raises its alarm at 180 s
  double overdue_cost_s = 50;  // of each second beyond it
  double call_limit_s = 170;   // of a call: at 180 s the controller refuses the plan (A12)
  double broken_limit_cost_s = 1e4;  // of each second beyond that
  double prune_s = 120;              // partial plans that are so much worse are dropped
  double exit_clear_s = 5;           // until a full exit takes the next vehicle
  double exit_headway_s = 3;         // between vehicles into a full exit
  /// Whether vehicles on the way from a neighbour's stop line are in the Scene already.
  enum class Upstream { seen, unseen } upstream = Upstream::seen;
};

/// What the planner decided at one moment.
struct HorizonDecision {
  std::vector<HorizonStage> stages;  // empty: nothing to say (not in service, or stage unknown)
  std::vector<Release> releases;     // what leaves the junction by this plan, by time
  double cost_s = 0;                 // of the plan over the view, vehicle-seconds

  [[nodiscard]] bool changes() const { return stages.size() > 1; }
};

/// Chooses the next stages of one junction: a beam search over stage sequences on expected
/// arrivals, any stage after any other, costs by queueing.
/// Input:   a Scene of this junction, in the order of its lanes, with the state report of the same
///          moment; releases of neighbours (those that do not lead here are ignored).
/// Output:  ends in the controller's Ticks; the first stage is the one lit or being entered, ends
///          at equal bounds and never before its minimum green; later ones have `slack`; the last
///          one rests. A stage that follows itself begins anew for a walk that called too late.
/// Pure and deterministic; a few hundred microseconds.
/// Sources: the search follows the "schedule-driven" family (Xie, Smith, Barlow: Surtrac, ICAPS
/// 2012) with exact minimum greens and interstages in place of its cluster model.
[[nodiscard]] HorizonDecision plan_horizon(const JunctionModel& junction, const Scene& scene,
                                           std::span<const Release> from_neighbours,
                                           const HorizonOptions& options = {});

}  // namespace chorraha
