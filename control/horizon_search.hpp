#pragma once

// Inside of control/horizon: the beam search over stages.

#include <vector>

#include "control/horizon_problem.hpp"
#include "control/horizon_queues.hpp"

namespace chorraha::horizon {

/// One stage of the plan that was found.
struct Leg {
  StageIndex stage;
  double begin_s = 0;  // when the change into it was decided; 0 for the first
  double end_s = 0;    // when the change out of it is decided; the end of the view for the last
  double leave_s = 0;  // when it could have ended first
  double limit_s = 0;  // when its greens must have ended for others
  /// The way into it; null for the first one: Problem::entry.
  const JunctionModel::Change* change = nullptr;
};

struct Answer {
  std::vector<Leg> legs;
  double cost = 0;
};

/// The cheapest plan that the beam found. Always at least one leg, the stage lit or being entered.
[[nodiscard]] Answer search(const Problem& problem);

/// What leaves the junction under `legs`, by lane and time.
[[nodiscard]] std::vector<Departure> replay(const Problem& problem, const std::vector<Leg>& legs);

}  // namespace chorraha::horizon
