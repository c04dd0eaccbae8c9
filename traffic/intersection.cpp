#include "traffic/intersection.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "traffic/signal_limits.hpp"

namespace chorraha {
namespace {

std::string in_seconds(Ticks span) {
  return fmt::format("{:.1f} s", to_seconds(span));
}

std::string said(const TimeLimit& limit) {
  if (limit.least == limit.most) return fmt::format("{} ({})", in_seconds(limit.least), limit.rule);
  return fmt::format("{} to {} ({})", in_seconds(limit.least), in_seconds(limit.most), limit.rule);
}

std::string said(LensSet lenses) {
  std::string text;
  if ((lenses & lens_red) != 0) text += "red ";
  if ((lenses & lens_amber) != 0) text += "amber ";
  if ((lenses & lens_green) != 0) text += "green ";
  return text.empty() ? "none" : text.substr(0, text.size() - 1);
}

class Checker {
 public:
  explicit Checker(const IntersectionParts& parts) : parts_(parts) {}

  Done check() {
    using Step = Done (Checker::*)();
    constexpr std::array<Step, 9> steps{
        &Checker::check_sizes,       &Checker::check_groups,    &Checker::check_relations,
        &Checker::check_intergreens, &Checker::check_stages,    &Checker::check_timetables,
        &Checker::check_day_plan,    &Checker::check_detectors, &Checker::check_start_up};
    for (const Step step : steps) {
      if (Done done = (this->*step)(); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] Fault fault(const std::string& thing, std::string seen, std::string allowed) const {
    return Fault{Reason::bad_input, "intersection " + parts_.id.text() + " " + thing,
                 std::move(seen), std::move(allowed)};
  }
  [[nodiscard]] std::string pair_name(std::size_t a, std::size_t b) const {
    return parts_.groups[a].id.text() + " -> " + parts_.groups[b].id.text();
  }

  Done check_sizes() {
    const std::size_t n = parts_.groups.size();
    if (parts_.id.empty()) return fault("id", "nothing", "an id");
    if (n == 0 || n > GroupSet::capacity) return fault("groups", std::to_string(n), "1 to 64");
    if (parts_.stages.empty()) return fault("stages", "0", "at least 1");
    const auto square = [n](const auto& matrix) {
      return matrix.size() == n &&
             std::ranges::all_of(matrix, [n](const auto& row) { return row.size() == n; });
    };
    if (!square(parts_.relations))
      return fault("relations", "not square", fmt::format("{0} x {0}", n));
    if (!square(parts_.intergreen))
      return fault("intergreen", "not square", fmt::format("{0} x {0}", n));
    return {};
  }

  [[nodiscard]] Done check_limit(const std::string& thing, const TimeLimit& limit) const {
    if (limit.seen >= limit.least && limit.seen <= limit.most) return {};
    return fault(limit.key.empty() ? thing : thing + ' ' + limit.key, in_seconds(limit.seen),
                 said(limit));
  }

  Done check_groups() {
    std::set<std::string> ids;
    for (std::size_t g = 0; g < parts_.groups.size(); ++g) {
      const SignalGroup& group = parts_.groups[g];
      const std::string thing = "group " + group.id.text();
      if (group.id.empty() || !ids.insert(group.id.text()).second)
        return fault(thing, "empty or twice", "each id once");
      for (const TimeLimit& limit : limits_of_group(parts_, g)) {
        if (Done done = check_limit(thing, limit); !done) return done;
      }
      const LensSet needed = lenses_needed(group);
      if ((group.lenses & needed) != needed)
        return fault(thing + " lenses", said(group.lenses),
                     "at least " + said(needed) + " (B3, B5)");
    }
    return {};
  }

  Done check_relations() {
    for (std::size_t a = 0; a < parts_.groups.size(); ++a) {
      if (parts_.relations[a][a] != Relation::compatible)
        return fault("relation " + pair_name(a, a), "not compatible", "compatible");
      for (std::size_t b = 0; b < a; ++b) {
        if (Done done = check_relation(a, b); !done) return done;
      }
    }
    return {};
  }

  [[nodiscard]] Done check_relation(std::size_t a, std::size_t b) const {
    const Relation there = parts_.relations[a][b];
    Relation back = there;
    if (there == Relation::yields) back = Relation::yielded_to;
    if (there == Relation::yielded_to) back = Relation::yields;
    if (parts_.relations[b][a] == back) return {};
    return fault("relation " + pair_name(b, a), std::string(name_of(parts_.relations[b][a])),
                 std::string(name_of(back)) + " (the other way round it is " +
                     std::string(name_of(there)) + ")");
  }

  Done check_intergreens() {
    for (std::size_t a = 0; a < parts_.groups.size(); ++a) {
      for (std::size_t b = 0; b < parts_.groups.size(); ++b) {
        const Done done =
            check_limit("intergreen " + pair_name(a, b), limit_of_intergreen(parts_, a, b));
        if (!done) return done;
      }
    }
    return {};
  }

  Done check_stages() {
    std::set<std::string> ids;
    for (const Stage& stage : parts_.stages) {
      const std::string thing = "stage " + stage.id.text();
      if (stage.id.empty() || !ids.insert(stage.id.text()).second)
        return fault(thing, "empty or twice", "each id once");
      if (stage.green.empty()) return fault(thing, "no group", "at least one group");
      for (const GroupIndex a : stage.green) {
        if (a.value() >= parts_.groups.size())
          return fault(thing, "a group that does not exist", "groups of this intersection");
        if (Done done = check_lit_with(thing, a, stage.green); !done) return done;
      }
    }
    return {};
  }

  [[nodiscard]] Done check_lit_with(const std::string& thing, GroupIndex a, GroupSet green) const {
    for (const GroupIndex b : green) {
      const Relation relation = parts_.relations[a.value()][b.value()];
      if (relation == Relation::conflict || relation == Relation::same_stream)
        return fault(thing, pair_name(a.value(), b.value()) + " " + std::string(name_of(relation)),
                     "groups that may be lit together");
    }
    return {};
  }

  Done check_timetables() {
    for (const Timetable& timetable : parts_.timetables) {
      const std::string thing = "timetable " + timetable.id.text();
      if (timetable.cycle <= Ticks{0} || timetable.cycle > Ticks{3600})
        return fault(thing + " cycle_s", in_seconds(timetable.cycle), "more than 0, at most 360 s");
      if (timetable.steps.empty()) return fault(thing, "no step", "at least one step");
      if (Done done = check_steps(thing, timetable); !done) return done;
    }
    return {};
  }

  [[nodiscard]] Done check_steps(const std::string& thing, const Timetable& timetable) const {
    Ticks last{0};
    for (const TimetableStep& step : timetable.steps) {
      if (!step.stage.valid() || step.stage.value() >= parts_.stages.size())
        return fault(thing, "a stage that does not exist", "stages of this intersection");
      const bool ascends = step.end_earliest > last && step.end_latest >= step.end_earliest &&
                           step.end_latest <= timetable.cycle;
      if (!ascends)
        return fault(thing + " stage " + parts_.stages[step.stage.value()].id.text(),
                     fmt::format("ends {} to {}", in_seconds(step.end_earliest),
                                 in_seconds(step.end_latest)),
                     "ascending, within the cycle");
      last = step.end_latest;
    }
    return {};
  }

  Done check_day_plan() {
    for (const DayPlanEntry& entry : parts_.day_plan) {
      if (!entry.timetable.valid() || entry.timetable.value() >= parts_.timetables.size())
        return fault("day plan", "a timetable that does not exist",
                     "timetables of this intersection");
      if (entry.from < std::chrono::seconds{0} || entry.from >= std::chrono::hours{24})
        return fault("day plan", fmt::format("{} s", entry.from.count()),
                     "0 to 86399 s after midnight");
    }
    return {};
  }

  Done check_detectors() {
    std::set<std::string> ids;
    for (const DetectorUse& use : parts_.detectors) {
      if (use.id.empty() || !ids.insert(use.id.text()).second)
        return fault("detector " + use.id.text(), "empty or twice", "each id once");
      if (!(use.calls - GroupSet::first(parts_.groups.size())).empty())
        return fault("detector " + use.id.text(), "a group that does not exist",
                     "groups of this intersection");
    }
    return {};
  }

  Done check_start_up() {
    for (const TimeLimit& limit : limits_of_start_up(parts_)) {
      if (Done done = check_limit("start_up", limit); !done) return done;
    }
    if (parts_.silence_max < Milliseconds{100} || parts_.silence_max > Milliseconds{2000}) {
      return fault("silence_max_ms", std::to_string(parts_.silence_max.count()), "100 to 2000");
    }
    return {};
  }

  const IntersectionParts& parts_;
};

}  // namespace

Result<IntersectionConfig> IntersectionConfig::make(IntersectionParts parts) {
  if (const Done done = Checker(parts).check(); !done) return done.error();
  return IntersectionConfig(std::move(parts));
}

IntersectionConfig::IntersectionConfig(IntersectionParts parts) : parts_(std::move(parts)) {
  const std::size_t n = parts_.groups.size();
  conflicts_.resize(n);
  yields_to_.resize(n);
  same_stream_.resize(n);
  for (std::size_t a = 0; a < n; ++a) {
    if (parts_.groups[a].type == GroupType::pedestrian) pedestrians_.insert(GroupIndex{a});
    for (std::size_t b = 0; b < n; ++b) {
      const Relation relation = parts_.relations[a][b];
      if (relation == Relation::conflict) conflicts_[a].insert(GroupIndex{b});
      if (relation == Relation::yields) yields_to_[a].insert(GroupIndex{b});
      if (relation == Relation::same_stream) same_stream_[a].insert(GroupIndex{b});
      intergreen_max_ = std::max(intergreen_max_, parts_.intergreen[a][b]);
    }
  }
}

GroupIndex IntersectionConfig::find_group(const GroupId& id) const {
  const auto found = std::ranges::find(parts_.groups, id, &SignalGroup::id);
  return found == parts_.groups.end()
             ? GroupIndex::none()
             : GroupIndex{static_cast<std::size_t>(found - parts_.groups.begin())};
}

StageIndex IntersectionConfig::find_stage(const StageId& id) const {
  const auto found = std::ranges::find(parts_.stages, id, &Stage::id);
  return found == parts_.stages.end()
             ? StageIndex::none()
             : StageIndex{static_cast<std::size_t>(found - parts_.stages.begin())};
}

TimetableIndex IntersectionConfig::timetable_at(std::chrono::seconds since_local_midnight,
                                                int weekday) const {
  const DayPlanEntry* best = nullptr;
  const DayPlanEntry* last = nullptr;  // before the first entry of a day the last one of it goes on
  for (const DayPlanEntry& entry : parts_.day_plan) {
    if ((entry.weekdays >> weekday & 1) == 0) continue;
    if (last == nullptr || entry.from > last->from) last = &entry;
    if (entry.from <= since_local_midnight && (best == nullptr || entry.from > best->from))
      best = &entry;
  }
  if (best == nullptr) best = last;
  if (best != nullptr) return best->timetable;
  return parts_.timetables.empty() ? TimetableIndex::none() : TimetableIndex{std::size_t{0}};
}

std::string ConfigHash::hex() const {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace chorraha
