#include "field/plan_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "field/trial.hpp"

namespace chorraha {
namespace {

constexpr Ticks stale_after{30};    // E1
constexpr Ticks lease_min{10};      // E1
constexpr Ticks lease_max{1200};    // E1
constexpr Ticks grace_of_wait{10};  // E2h

std::string at(Tick t) {
  return fmt::format("{:.1f} s", to_seconds(t.time_since_epoch()));
}
std::string text_of(PlanSequence s) {
  return fmt::format("{}/{}", s.epoch, s.number);
}

template <class AnyPlan>
std::vector<Refusal> check_envelope(const AnyPlan& plan, const PlanGround& ground) {
  const auto one = [](auto thing, std::string seen, std::string allowed) {
    return std::vector<Refusal>{{"E1", thing, std::move(seen), std::move(allowed)}};
  };
  if (plan.intersection != ground.config.id())
    return one("intersection", plan.intersection.text(), ground.config.id().text());
  if (plan.sequence <= ground.last)
    return one("sequence", text_of(plan.sequence), "newer than " + text_of(ground.last));
  if (plan.boot != ground.boot) {
    return one("boot", fmt::format("{:x}", static_cast<std::uint64_t>(plan.boot)),
               fmt::format("{:x}", static_cast<std::uint64_t>(ground.boot)));
  }
  if (plan.built_on > ground.now || plan.built_on < ground.now - stale_after) {
    return one("built_on", at(plan.built_on),
               at(ground.now - stale_after) + " to " + at(ground.now));
  }
  return {};
}

std::vector<Refusal> check_hash(const ConfigHash& seen, const PlanGround& ground) {
  if (seen == ground.hash) return {};
  return {{"E1", "config_hash", seen.hex(), ground.hash.hex()}};
}

std::vector<Refusal> check_lease(Tick built_on, Tick lease_until, Tick now) {
  if (lease_until >= built_on + lease_min && lease_until <= built_on + lease_max &&
      lease_until > now)
    return {};
  return {{"E1", "lease_until", at(lease_until),
           at(std::max(built_on + lease_min, now + Ticks{1})) + " to " + at(built_on + lease_max)}};
}

std::vector<Refusal> check_entries(const HorizonPlan& plan, const PlanGround& ground) {
  const std::size_t n = plan.stages.size();
  if (n == 0 || n > HorizonPlan::stages_max)
    return {{"E2h", "stages", std::to_string(n), "1 to 8"}};
  for (std::size_t i = 0; i < n; ++i) {
    const HorizonStage& entry = plan.stages[i];
    if (!entry.stage.valid() || entry.stage.value() >= ground.config.stages().size()) {
      return {{"E2h", fmt::format("stages[{}]", i), "no such stage",
               fmt::format("0 to {}", ground.config.stages().size() - 1)}};
    }
    if (entry.end_latest < entry.end_earliest || entry.end_latest > plan.built_on + lease_max) {
      return {{"E2h", fmt::format("stages[{}].end_latest", i), at(entry.end_latest),
               at(entry.end_earliest) + " to " + at(plan.built_on + lease_max)}};
    }
  }
  return {};
}

/// What a trial run of a horizon showed.
struct Course {
  std::size_t late = HorizonPlan::stages_max;  // entry that ended after its latest end; max: none
  Tick late_end;
  GroupSet forced_off;
  std::array<Tick, GroupSet::capacity> started{};
};

/// One run of a horizon from the state at receipt. Steps from event to event.
Course run_course(Trial trial, const PlanGround& ground, Tick until) {
  Course course;
  course.started.fill(Tick::max());
  GroupSet was_green = trial.kernel.green();
  const Tick first = trial.to_grid(ground.next);
  for (Tick t = ground.next; t <= until; t = trial.next()) {
    const std::size_t before = trial.sequencer.entry();
    trial.step(t);
    const std::size_t after = trial.sequencer.entry();
    const Tick latest = trial.to_grid(trial.sequencer.horizon(before).end_latest);
    const Tick allowed = before == 0 ? std::max(latest, first) : latest;
    if (after != before && t > allowed && course.late == HorizonPlan::stages_max) {
      course.late = before;
      course.late_end = t;
    }
    course.forced_off = course.forced_off | trial.kernel.forced_off();
    for (const GroupIndex g : trial.kernel.green() - was_green)
      course.started[g.value()] = std::min(course.started[g.value()], t);
    was_green = trial.kernel.green();
  }
  // A stage that still waits for its end at `until` is late as well.
  const std::size_t entry = trial.sequencer.entry();
  if (course.late == HorizonPlan::stages_max && trial.sequencer.end_latest(until) < until) {
    course.late = entry;
    course.late_end = until;
  }
  return course;
}

/// The earliest legal green of g from here: leave the stage that is on at once for one of g's.
Tick soonest_green(const PlanGround& ground, GroupIndex g, Tick until) {
  Tick soonest = Tick::max();
  for (std::size_t s = 0; s < ground.config.stages().size(); ++s) {
    if (!ground.config.stages()[s].green.contains(g)) continue;
    HorizonPlan direct;
    direct.stages = {{ground.sequencer.stage(), ground.next, ground.next},
                     {StageIndex{s}, until, until}};
    direct.lease_until = until;
    Trial trial(ground.kernel, ground.sequencer, ground.keeper.calls(), ground.decision_step);
    trial.sequencer.follow(direct, 0);
    const Course course = run_course(std::move(trial), ground, until);
    soonest = std::min(soonest, course.started[g.value()]);
  }
  return soonest;
}

std::vector<Refusal> check_calls(const Course& course, const PlanGround& ground, Tick until) {
  for (const GroupIndex g : course.forced_off) {
    return {
        {"A12", "group " + ground.config.group(g).id.text(), "green beyond its maximum",
         fmt::format("{:.1f} s while others wait", to_seconds(ground.config.group(g).max_green))}};
  }
  const Timetable* timetable = ground.sequencer.timetable();
  const Ticks limit = wait_limit(timetable == nullptr ? Ticks{0} : timetable->cycle);
  for (const GroupIndex g : ground.keeper.calls().called) {
    const Tick must = ground.keeper.called_since(g) + limit;
    const Tick starts = course.started[g.value()];
    if (must > until || starts <= must) continue;
    const Tick soonest = soonest_green(ground, g, until);
    if (soonest == Tick::max() || starts <= std::max(must, soonest + grace_of_wait)) continue;
    return {{"A12", "call of group " + ground.config.group(g).id.text(),
             starts == Tick::max() ? "not served" : "served at " + at(starts),
             "by " + at(std::max(must, soonest + grace_of_wait))}};
  }
  return {};
}

std::vector<Refusal> check_course(const Course& course, const HorizonPlan& plan,
                                  const PlanGround& ground) {
  if (course.late == HorizonPlan::stages_max) return {};
  const HorizonStage& entry = plan.stages[course.late];
  return {{"A11",
           fmt::format("end of stage {} (entry {})", ground.config.stage(entry.stage).id.text(),
                       course.late),
           "possible from " + at(course.late_end), "by " + at(entry.end_latest)}};
}

Tick horizon_end(const HorizonPlan& plan) {
  return std::max(plan.lease_until, plan.stages.back().end_latest);
}

constexpr std::array<Trial::Traffic, 2> both_bounds{Trial::Traffic::gaps, Trial::Traffic::steady};

}  // namespace

Ticks wait_limit(Ticks cycle) {
  return std::max(Ticks{1800}, cycle * 3 / 2);
}

std::size_t entry_at_receipt(const HorizonPlan& plan, const Sequencer& sequencer) {
  const auto& stages = plan.stages;
  const bool moved_on = sequencer.stage_since() > plan.built_on;
  if (moved_on && stages.size() > 1 && stages[1].stage == sequencer.stage() &&
      stages[0].end_earliest <= sequencer.stage_since())
    return 1;
  return stages[0].stage == sequencer.stage() ? 0 : stages.size();
}

std::vector<Refusal> check_plan(const HorizonPlan& plan, const PlanGround& ground) {
  if (auto found = check_envelope(plan, ground); !found.empty()) return found;
  if (auto found = check_hash(plan.config_hash, ground); !found.empty()) return found;
  if (ground.mode != SignalMode::normal) {
    const bool starting = ground.mode == SignalMode::start_up;
    return {{starting ? "starting" : "mode", "intersection", std::string(name_of(ground.mode)),
             std::string(name_of(SignalMode::normal))}};
  }
  if (auto found = check_lease(plan.built_on, plan.lease_until, ground.now); !found.empty())
    return found;
  if (auto found = check_entries(plan, ground); !found.empty()) return found;

  const std::size_t first = entry_at_receipt(plan, ground.sequencer);
  if (first == plan.stages.size()) {
    return {{"E2h", "stages[0]", ground.config.stage(plan.stages[0].stage).id.text(),
             ground.config.stage(ground.sequencer.stage()).id.text() + " (lit or being entered)"}};
  }
  const bool ends = first + 1 < plan.stages.size();
  if (ends && plan.stages[first].end_latest + ground.decision_step < ground.next) {
    return {{"E2h", fmt::format("stages[{}].end_latest", first), at(plan.stages[first].end_latest),
             "not past at " + at(ground.next)}};
  }
  for (const Trial::Traffic traffic : both_bounds) {
    Trial trial(ground.kernel, ground.sequencer, ground.keeper.calls(), ground.decision_step);
    trial.traffic = traffic;
    trial.sequencer.follow(plan, first);
    const Course course = run_course(std::move(trial), ground, horizon_end(plan));
    if (auto found = check_course(course, plan, ground); !found.empty()) return found;
    if (auto found = check_calls(course, ground, horizon_end(plan)); !found.empty()) return found;
  }
  return {};
}

std::vector<Refusal> check_plan(const Renew& renew, const PlanGround& ground) {
  if (auto found = check_envelope(renew, ground); !found.empty()) return found;
  const bool running = ground.sequencer.source() == ControlSource::horizon;
  if (!running || ground.sequencer.sequence() != renew.of) {
    return {{"E1", "of", text_of(renew.of),
             running ? text_of(ground.sequencer.sequence()) : "no horizon is running"}};
  }
  if (auto found = check_lease(renew.built_on, renew.lease_until, ground.now); !found.empty())
    return found;
  if (renew.lease_until < ground.sequencer.lease_until()) {
    return {{"E1", "lease_until", at(renew.lease_until),
             "at least " + at(ground.sequencer.lease_until())}};
  }
  for (const Trial::Traffic traffic : both_bounds) {
    Trial trial(ground.kernel, ground.sequencer, ground.keeper.calls(), ground.decision_step);
    trial.traffic = traffic;
    const Course course = run_course(std::move(trial), ground, renew.lease_until);
    if (auto found = check_calls(course, ground, renew.lease_until); !found.empty()) return found;
  }
  return {};
}

std::vector<Refusal> check_plan(const TimetablePlan& plan, const PlanGround& ground) {
  if (auto found = check_envelope(plan, ground); !found.empty()) return found;
  if (auto found = check_hash(plan.config_hash, ground); !found.empty()) return found;
  return check_timetable(plan.timetable, ground.config);
}

}  // namespace chorraha
