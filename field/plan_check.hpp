#pragma once

#include <cstddef>
#include <vector>

#include "field/calls.hpp"
#include "field/safety_kernel.hpp"
#include "field/sequencer.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// What a plan is judged against.
struct PlanGround {
  const IntersectionConfig& config;
  const ConfigHash& hash;
  BootId boot;
  SignalMode mode;
  Tick now;   // of receipt
  Tick next;  // the step at which the plan would first act
  Ticks decision_step;
  PlanSequence last;  // highest sequence seen
  const SafetyKernel& kernel;
  const Sequencer& sequencer;
  const CallKeeper& keeper;
};

/// SAFETY.md E: the controller trusts no plan. Empty = accepted.
/// Horizon:   tried from the state at receipt on copies of kernel and sequencer, with detectors at
///   both bounds (all gap out, all run to the latest end) and the calls that are present, from
///   event to event up to the end of the lease or of the last stage. Refused when a stage cannot
///   end by its latest end (A11), a green would exceed its maximum (A12), or a call whose wait
///   limit falls inside is not served in time (A12).
/// Renew:     only what it adds: lease, maximum green and wait limits.
/// Timetable: simulated for three cycles with all calls on; the second and third must be equal.
/// Identity is the link's matter. A horizon does not allocate unless it is refused.
[[nodiscard]] std::vector<Refusal> check_plan(const HorizonPlan& plan, const PlanGround& ground);
[[nodiscard]] std::vector<Refusal> check_plan(const Renew& renew, const PlanGround& ground);
[[nodiscard]] std::vector<Refusal> check_plan(const TimetablePlan& plan, const PlanGround& ground);

/// SAFETY.md E2 alone: what a timetable must keep at this intersection, whoever sends it.
[[nodiscard]] std::vector<Refusal> check_timetable(const Timetable& timetable,
                                                   const IntersectionConfig& config);

/// The entry of `plan` that is on at receipt: 0, or 1 if the first has ended since it was built as
/// the plan allowed; stages.size() if neither is the stage that is on.
[[nodiscard]] std::size_t entry_at_receipt(const HorizonPlan& plan, const Sequencer& sequencer);

/// How long a call may wait before it is an alarm (A12).
[[nodiscard]] Ticks wait_limit(Ticks cycle);

}  // namespace chorraha
