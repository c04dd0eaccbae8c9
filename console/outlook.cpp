#include "console/outlook.hpp"

#include <algorithm>

#include "traffic/interstage.hpp"

namespace chorraha::console {
namespace {

constexpr std::size_t timetable_entries_max = 8;

Tick from_report(const StateReport& report, Milliseconds after) {
  return report.now + std::chrono::duration_cast<Ticks>(after);
}

/// The entry of the plan that is lit: the first of the lit stage that may still last.
std::optional<std::size_t> lit_entry(const HorizonPlan& plan, const StateReport& report) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    if (plan.stages[i].stage != report.stage) continue;
    found = i;
    if (plan.stages[i].end_latest >= report.now) break;
  }
  return found;
}

std::vector<StageAhead> ahead_of_plan(const HorizonPlan& plan, const StateReport& report) {
  const auto lit = lit_entry(plan, report);
  if (!lit) return {};
  std::vector<StageAhead> ahead;
  for (std::size_t i = *lit; i < plan.stages.size(); ++i) {
    const HorizonStage& stage = plan.stages[i];
    ahead.push_back({.stage = stage.stage,
                     .reason = stage.reason,
                     .begin_earliest = report.stage_since,
                     .begin_latest = report.stage_since,
                     .end_earliest = stage.end_earliest,
                     .end_latest = stage.end_latest,
                     .skippable = stage.skippable});
  }
  ahead.back().rests = true;
  ahead.back().end_latest = std::max(ahead.back().end_latest, report.lease_until);
  return ahead;
}

/// The step of the timetable that is lit, and the begin of its cycle: the one of this place in the
/// cycle, or the one before it if that one is not over yet. None while it is somewhere else.
struct LitStep {
  std::size_t step;
  Tick cycle_begin;
};
std::optional<LitStep> lit_step(const Timetable& timetable, const StateReport& report) {
  const auto cycle = std::chrono::duration_cast<Milliseconds>(timetable.cycle);
  const auto offset = std::chrono::duration_cast<Milliseconds>(timetable.offset);
  const std::size_t count = timetable.steps.size();
  if (cycle.count() <= 0 || count == 0) return std::nullopt;
  const auto place = ((report.instant.time_since_epoch() + offset) % cycle + cycle) % cycle;
  const auto begin = from_report(report, -place);
  std::size_t due = 0;
  while (due < count && timetable.steps[due].end_latest <= place) ++due;
  const bool wrapped = due == count;
  if (wrapped) due = 0;
  const Tick due_begin = wrapped ? begin + timetable.cycle : begin;
  if (timetable.steps[due].stage == report.stage) return LitStep{due, due_begin};
  const std::size_t before = (due + count - 1) % count;
  if (timetable.steps[before].stage != report.stage) return std::nullopt;
  return LitStep{before, due == 0 ? due_begin - timetable.cycle : due_begin};
}

std::vector<StageAhead> ahead_of_timetable(const Timetable& timetable, const StateReport& report) {
  auto lit = lit_step(timetable, report);
  if (!lit) return {};
  std::vector<StageAhead> ahead;
  for (std::size_t i = 0; i < timetable_entries_max; ++i) {
    const TimetableStep& step = timetable.steps[lit->step];
    ahead.push_back({.stage = step.stage,
                     .reason = std::nullopt,
                     .begin_earliest = report.stage_since,
                     .begin_latest = report.stage_since,
                     .end_earliest = lit->cycle_begin + step.end_earliest,
                     .end_latest = lit->cycle_begin + step.end_latest,
                     .skippable = step.skippable});
    if (++lit->step < timetable.steps.size()) continue;
    lit->step = 0;
    lit->cycle_begin += timetable.cycle;
  }
  return ahead;
}

/// When the minimum greens of the lit stage have run; none before one of its groups is green.
std::optional<Tick> minimum_end(const IntersectionConfig& config, const StateReport& report) {
  std::optional<Tick> end;
  for (const GroupIndex g : config.stage(report.stage).green) {
    const GroupState& group = report.groups[g.value()];
    if (!is_green(group.aspect)) continue;
    // the minimum holds the flashing green, which comes after the end was decided
    const SignalGroup& limits = config.group(g);
    const Tick own = group.green_since + limits.min_green - limits.flashing_green;
    end = end ? std::max(*end, own) : own;
  }
  return end;
}

/// A change from entry `from` straight to entry `to`: the next one, or one behind entries that may
/// be skipped.
struct Change {
  std::size_t from;
  std::size_t to;
  Interstage way;
};

std::vector<Change> changes_of(const IntersectionConfig& config,
                               const std::vector<StageAhead>& ahead) {
  std::vector<Change> changes;
  for (std::size_t j = 0; j + 1 < ahead.size(); ++j) {
    for (std::size_t k = j + 1; k < ahead.size(); ++k) {
      changes.push_back({j, k, interstage(config, ahead[j].stage, ahead[k].stage)});
      if (!ahead[k].skippable) break;
    }
  }
  return changes;
}

void bound_begins(const IntersectionConfig& config, const StateReport& report,
                  const std::vector<Change>& changes, std::vector<StageAhead>& ahead) {
  StageAhead& lit = ahead.front();
  lit.end_earliest = std::max(lit.end_earliest, report.now);
  if (const auto minimum = minimum_end(config, report)) {
    lit.end_earliest = std::max(lit.end_earliest, *minimum);
  }
  lit.end_latest = std::max(lit.end_latest, lit.end_earliest);
  for (std::size_t k = 1; k < ahead.size(); ++k) ahead[k].begin_earliest = Tick::max();
  for (const Change& change : changes) {
    StageAhead& to = ahead[change.to];
    const StageAhead& from = ahead[change.from];
    to.begin_earliest = std::min(to.begin_earliest, from.end_earliest + change.way.total);
    if (change.to == change.from + 1) to.begin_latest = from.end_latest + change.way.total;
  }
}

/// When `group` leaves green, or reaches it, after the interstage from one stage to the next began;
/// none if that change is not one for it.
std::optional<Ticks> change_of(const Interstage& way, GroupIndex group, bool to_green) {
  for (const InterstageEdge& edge : way.edges) {
    if (edge.group != group || is_green(edge.aspect) != to_green) continue;
    return edge.at;
  }
  return std::nullopt;
}

class GroupOutlook {
 public:
  GroupOutlook(const IntersectionConfig& config, const StateReport& report,
               const std::vector<StageAhead>& ahead, const std::vector<Change>& changes)
      : config_(config), report_(report), ahead_(ahead), changes_(changes) {}

  [[nodiscard]] std::optional<NextChange> of(GroupIndex group) const {
    if (is_green(report_.groups[group.value()].aspect)) return end_of(group);
    if (lit(0, group) && report_.entering) return entered(group);
    return begin_of(group);
  }

 private:
  [[nodiscard]] bool lit(std::size_t entry, GroupIndex group) const {
    return config_.stage(ahead_[entry].stage).green.contains(group);
  }

  /// Being entered: between now and the longest way that could lead into this stage.
  [[nodiscard]] NextChange entered(GroupIndex group) const {
    const SignalGroup& own = config_.group(group);
    const Tick latest =
        report_.stage_since + config_.intergreen_max() + own.flashing_green + own.amber;
    return {Aspect::green, report_.now, std::max(latest, report_.now)};
  }

  [[nodiscard]] NextChange end_of(GroupIndex group) const {
    if (!lit(0, group)) return {Aspect::red, report_.now, ahead_.front().end_latest};
    NextChange next{Aspect::red, Tick::max(), std::nullopt};
    std::size_t last = 0;  // the last entry up to which it stays green for sure
    for (const Change& change : changes_) {
      if (change.from > last) break;
      const auto at = change_of(change.way, group, false);
      if (at) next.earliest = std::min(next.earliest, ahead_[change.from].end_earliest + *at);
      if (change.to != change.from + 1) continue;
      if (!at) last = change.to;
      if (at) next.latest = ahead_[change.from].end_latest + *at;
    }
    if (next.earliest == Tick::max()) next.earliest = ahead_[last].end_earliest;
    return not_before_now(next);
  }

  [[nodiscard]] std::optional<NextChange> begin_of(GroupIndex group) const {
    NextChange next{Aspect::green, Tick::max(), std::nullopt};
    for (const Change& change : changes_) {
      const auto at = lit(change.to, group) ? change_of(change.way, group, true) : std::nullopt;
      if (!at) continue;
      next.earliest = std::min(next.earliest, ahead_[change.from].end_earliest + *at);
      if (next.latest || change.to != change.from + 1 || ahead_[change.to].skippable) continue;
      next.latest = ahead_[change.from].end_latest + *at;
    }
    if (next.earliest == Tick::max()) return std::nullopt;
    return not_before_now(next);
  }

  [[nodiscard]] NextChange not_before_now(NextChange next) const {
    next.earliest = std::max(next.earliest, report_.now);
    if (next.latest) next.latest = std::max(*next.latest, next.earliest);
    return next;
  }

  const IntersectionConfig& config_;
  const StateReport& report_;
  const std::vector<StageAhead>& ahead_;
  const std::vector<Change>& changes_;
};

bool in_force(const HorizonPlan& plan, const StateReport& report) {
  return report.source == ControlSource::horizon && plan.boot == report.boot;
}

/// The report names things that this configuration has.
bool fits(const IntersectionConfig& config, const StateReport& report) {
  return report.groups.size() == config.groups().size() && report.stage.valid() &&
         report.stage.value() < config.stages().size();
}

bool fits(const IntersectionConfig& config, const HorizonPlan& plan) {
  return std::ranges::all_of(plan.stages, [&](const HorizonStage& stage) {
    return stage.stage.valid() && stage.stage.value() < config.stages().size();
  });
}

}  // namespace

const Timetable* timetable_of(const IntersectionConfig& config, const StateReport& report,
                              const Timetable* counted) {
  if (!report.timetable.valid()) return counted;
  const std::vector<Timetable>& own = config.timetables();
  return report.timetable.value() < own.size() ? &own[report.timetable.value()] : nullptr;
}

Outlook outlook(const IntersectionConfig& config, const StateReport& report,
                const std::optional<HorizonPlan>& plan, const Timetable* counted) {
  Outlook result;
  result.next.resize(config.groups().size());
  if (report.mode != SignalMode::normal || !fits(config, report)) return result;
  if (plan && in_force(*plan, report) && fits(config, *plan)) {
    result.ahead = ahead_of_plan(*plan, report);
  } else if (report.source == ControlSource::timetable) {
    const Timetable* timetable = timetable_of(config, report, counted);
    if (timetable != nullptr) result.ahead = ahead_of_timetable(*timetable, report);
  }
  if (result.ahead.empty()) return result;
  const std::vector<Change> changes = changes_of(config, result.ahead);
  bound_begins(config, report, changes, result.ahead);
  result.min_end = minimum_end(config, report);
  const GroupOutlook groups(config, report, result.ahead, changes);
  for (const GroupIndex g : config.all_groups()) result.next[g.value()] = groups.of(g);
  return result;
}

std::optional<Tick> green_limit(const IntersectionConfig& config, const StateReport& report,
                                GroupIndex group) {
  if (report.groups.size() != config.groups().size()) return std::nullopt;
  const GroupState& state = report.groups[group.value()];
  if (!is_green(state.aspect)) return std::nullopt;
  std::optional<Tick> first_call;
  for (const GroupIndex other : config.conflicts(group)) {
    const GroupState& waiting = report.groups[other.value()];
    if (!waiting.called || is_green(waiting.aspect)) continue;
    first_call = first_call ? std::min(*first_call, waiting.called_since) : waiting.called_since;
  }
  if (!first_call) return std::nullopt;
  return std::max(state.green_since, *first_call) + config.group(group).max_green;
}

}  // namespace chorraha::console
