#include "control/horizon.hpp"

#include <algorithm>
#include <cmath>

#include "control/horizon_search.hpp"

namespace chorraha {
namespace {

using horizon::Answer;
using horizon::Departure;
using horizon::Leg;
using horizon::Problem;

constexpr double wait_most_s = 178;  // SAFETY.md A12: 180 s, and what rounding takes
constexpr Ticks view_max{1150};      // a controller takes 120 s from receipt (SAFETY.md E2h)

Tick tick_at(const Scene& scene, double seconds) {
  return scene.signals.now + Ticks{static_cast<std::int64_t>(std::lround(seconds * 10.0))};
}

/// Why a stage is entered: an overdue call, a call, who stands there, or who comes.
StageReason reason_of(const Problem& problem, const Leg& leg, const std::vector<Departure>& gone) {
  const GroupSet lit = problem.junction.config().stage(leg.stage).green;
  const double limit_s = problem.options.wait_limit_s;
  bool called = false;
  for (const horizon::Call& call : problem.calls) {
    if (!lit.contains(call.group)) continue;
    if (leg.begin_s - call.since_s > limit_s) return StageReason::wait_limit;
    called = called || problem.junction.config().pedestrians().contains(call.group);
  }
  double queued = 0;
  double coming = 0;
  for (const Departure& departure : gone) {
    if (departure.at_s < leg.begin_s || departure.at_s > leg.end_s) continue;
    const horizon::Vehicle& vehicle = problem.lanes[departure.lane].vehicles[departure.vehicle];
    if (leg.begin_s - vehicle.at_s > limit_s) return StageReason::wait_limit;
    (vehicle.at_s <= leg.begin_s ? queued : coming) += vehicle.weight;
  }
  if (queued > 0 && queued >= coming) return StageReason::serve_queue;
  if (coming > 0) return StageReason::platoon;
  return called ? StageReason::call : StageReason::rest;
}

/// By how much an entry may end later. The kernel may let a group in later than foreseen (a walk
/// that is called on the way, A19), so a first stage whose minimum greens still run has some; later
/// ones carry what the ones before may add. Plans are made anew each second: only the end that is
/// at hand must be exact.
Ticks slack_of(const Problem& problem, const Leg& leg, std::size_t entry) {
  if (entry == 0) return leg.leave_s > 0 ? problem.options.slack : Ticks{0};
  return problem.options.slack * static_cast<std::int64_t>(2 * entry + 1);
}

/// By how much the entries before leg `behind` may end later at most: calls that it and later legs
/// answer must not wait for longer than a controller takes.
std::vector<Ticks> call_margins(const Problem& problem, const Answer& answer) {
  std::vector<Ticks> margins(answer.legs.size(), Ticks::max());
  for (std::size_t i = answer.legs.size(); i-- > 1;) {
    const Leg& leg = answer.legs[i];
    double margin_s = to_seconds(i + 1 < margins.size() ? margins[i] : Ticks::max());
    for (const horizon::Call& call : problem.calls) {
      if (leg.change == nullptr || !leg.change->starting.contains(call.group)) continue;
      const double at_s = leg.begin_s + leg.change->green_s[call.group.value()];
      margin_s = std::min(margin_s, call.since_s + wait_most_s - at_s);
    }
    const bool bounded = margin_s < wait_most_s;
    margins[i - 1] = bounded ? Ticks{std::lround(std::max(margin_s, 0.0) * 10)} : Ticks::max();
  }
  return margins;
}

std::vector<HorizonStage> stages_of(const Problem& problem, const Scene& scene,
                                    const Answer& answer, const std::vector<Departure>& gone) {
  std::vector<HorizonStage> stages;
  const std::vector<Ticks> margins = call_margins(problem, answer);
  const std::size_t count = std::min(answer.legs.size(), HorizonPlan::stages_max);
  for (std::size_t i = 0; i < count; ++i) {
    const Leg& leg = answer.legs[i];
    const bool last = i + 1 == answer.legs.size();
    const double end_s = last ? std::max(leg.end_s, leg.leave_s) : leg.end_s;
    HorizonStage stage;
    stage.stage = leg.stage;
    stage.end_earliest = tick_at(scene, end_s);
    const Tick latest = std::max(stage.end_earliest, scene.signals.now + view_max);
    // The controller rests in the last one: a later end would only promise more than is seen.
    const Ticks slack = last ? Ticks{0} : std::min(slack_of(problem, leg, i), margins[i]);
    stage.end_latest = std::min(stage.end_earliest + slack, latest);
    const double limit_s = std::max(end_s, std::min(leg.limit_s, 1e4));
    stage.end_latest = std::min(stage.end_latest, tick_at(scene, limit_s));
    stage.reason = reason_of(problem, leg, gone);
    stages.push_back(stage);
  }
  return stages;
}

std::vector<Release> releases_of(const Problem& problem, const Scene& scene,
                                 const std::vector<Departure>& gone) {
  std::vector<Release> releases;
  for (const Departure& departure : gone) {
    const horizon::Vehicle& vehicle = problem.lanes[departure.lane].vehicles[departure.vehicle];
    const JunctionModel::Turn& turn = problem.junction.turns()[vehicle.turn];
    const auto at_ms = std::llround((departure.at_s + turn.passage_s) * 1000.0);
    releases.push_back({turn.to, scene.at + Milliseconds{at_ms}, vehicle.weight});
  }
  std::ranges::stable_sort(releases, {}, &Release::at);
  return releases;
}

bool in_service(const JunctionModel& junction, const StateReport& report) {
  return report.mode == SignalMode::normal && report.stage.valid() &&
         report.stage.value() < junction.stage_count() &&
         report.groups.size() == junction.config().groups().size();
}

}  // namespace

HorizonDecision plan_horizon(const JunctionModel& junction, const Scene& scene,
                             std::span<const Release> from_neighbours,
                             const HorizonOptions& options) {
  HorizonDecision decision;
  if (!in_service(junction, scene.signals)) return decision;
  const Problem problem = horizon::pose(junction, scene, from_neighbours, options);
  const Answer answer = horizon::search(problem);
  const std::vector<Departure> gone = horizon::replay(problem, answer.legs);
  decision.stages = stages_of(problem, scene, answer, gone);
  decision.releases = releases_of(problem, scene, gone);
  decision.cost_s = answer.cost;
  return decision;
}

}  // namespace chorraha
