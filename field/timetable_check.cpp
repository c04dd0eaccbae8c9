#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "field/plan_check.hpp"
#include "field/trial.hpp"

namespace chorraha {
namespace {

std::string in_seconds(Ticks span) {
  return fmt::format("{:.1f} s", to_seconds(span));
}

/// The noun's own checks, on a timetable that came over the wire.
std::vector<Refusal> check_shape(const Timetable& timetable, const IntersectionConfig& config) {
  IntersectionParts parts = config.parts();
  parts.timetables = {timetable};
  parts.day_plan.clear();
  const auto made = IntersectionConfig::make(std::move(parts));
  if (!made) return {{"E2", made.error().thing, made.error().seen, made.error().allowed}};
  if (timetable.offset < -timetable.cycle || timetable.offset > timetable.cycle) {
    return {{"E2", "offset_s", in_seconds(timetable.offset),
             "at most the cycle, " + in_seconds(timetable.cycle)}};
  }
  return {};
}

std::vector<Refusal> check_groups(const Timetable& timetable, const IntersectionConfig& config) {
  GroupSet served;
  for (const TimetableStep& step : timetable.steps)
    served = served | config.stage(step.stage).green;
  for (const GroupIndex g : config.all_groups() - served) {
    if (config.same_stream(g).intersects(served)) continue;
    return {{"E2", "group " + config.group(g).id.text(), "in no stage", "at least once a cycle"}};
  }
  return {};
}

using Edge = std::tuple<Ticks, GroupIndex, Aspect>;  // place in the cycle, …

struct Cycles {
  std::vector<Edge> second, third;
  GroupSet green;
  GroupSet forced_off;
  std::size_t late_step = 0;
  Ticks late_by{0};
};

Cycles run_cycles(const Timetable& timetable, const IntersectionConfig& config,
                  Trial::Traffic traffic) {
  const Ticks cycle = timetable.cycle;
  Trial trial(SafetyKernel(config), Sequencer(config, Ticks{1}), CallKeeper(config).calls(),
              Ticks{1});
  trial.traffic = traffic;
  trial.callers = Trial::Callers::always;
  trial.utc_at_zero = Instant{} + 2 * cycle - timetable.offset;  // place 0 at Tick 0
  trial.sequencer.begin(timetable, Tick{}, trial.utc_at_zero);
  Cycles seen;
  std::vector<Aspect> shown(config.groups().size(), Aspect::red);
  const Tick end = Tick{} + 3 * cycle;
  for (Tick t{}; t < end; t = trial.next()) {
    const std::size_t step = trial.sequencer.timetable_step();
    trial.step(t);
    const Ticks elapsed = t.time_since_epoch();
    seen.forced_off = seen.forced_off | trial.kernel.forced_off();
    for (const GroupIndex g : config.all_groups()) {
      const Aspect aspect = trial.kernel.aspect(g);
      if (aspect == shown[g.value()]) continue;
      shown[g.value()] = aspect;
      if (elapsed >= 2 * cycle) seen.third.emplace_back(elapsed - 2 * cycle, g, aspect);
      if (elapsed >= cycle && elapsed < 2 * cycle)
        seen.second.emplace_back(elapsed - cycle, g, aspect);
    }
    if (elapsed < cycle) continue;
    seen.green = seen.green | trial.kernel.green();
    if (step == trial.sequencer.timetable_step()) continue;
    const Ticks late = (elapsed + cycle - timetable.steps[step].end_latest) % cycle;
    if (late * 2 <= cycle && late > seen.late_by) {
      seen.late_by = late;
      seen.late_step = step;
    }
  }
  return seen;
}

std::vector<Refusal> judge(const Cycles& seen, const Timetable& timetable,
                           const IntersectionConfig& config) {
  if (seen.late_by > Ticks{0}) {
    const TimetableStep& step = timetable.steps[seen.late_step];
    return {{"A11", "end of stage " + config.stage(step.stage).id.text(),
             "possible from place " + in_seconds(step.end_latest + seen.late_by),
             "by " + in_seconds(step.end_latest)}};
  }
  for (const GroupIndex g : seen.forced_off) {
    return {{"A12", "group " + config.group(g).id.text(), "green beyond its maximum",
             in_seconds(config.group(g).max_green)}};
  }
  if (seen.second != seen.third)
    return {{"E2", "aspects", "differ from cycle to cycle", "the same each cycle"}};
  GroupSet served;
  for (const TimetableStep& step : timetable.steps)
    served = served | config.stage(step.stage).green;
  for (const GroupIndex g : served - seen.green) {
    return {{"E2", "group " + config.group(g).id.text(), "never green", "at least once a cycle"}};
  }
  return {};
}

}  // namespace

std::vector<Refusal> check_timetable(const Timetable& timetable, const IntersectionConfig& config) {
  if (auto found = check_shape(timetable, config); !found.empty()) return found;
  if (auto found = check_groups(timetable, config); !found.empty()) return found;
  for (const auto traffic : {Trial::Traffic::steady, Trial::Traffic::gaps}) {
    const Cycles seen = run_cycles(timetable, config, traffic);
    if (auto found = judge(seen, timetable, config); !found.empty()) return found;
  }
  return {};
}

}  // namespace chorraha
