#pragma once

#include <optional>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha::console {

/// One stage as it is planned, times on the controller's own Ticks.
struct StageAhead {
  StageIndex stage;
  std::optional<StageReason> reason;  // none: the timetable says so
  Tick begin_earliest;                // of its greens; of the lit stage: when its entry began
  Tick begin_latest;
  Tick end_earliest;
  Tick end_latest;
  bool skippable = false;
  bool rests =
      false;  // the last of a horizon plan: it stays lit until the lease ends or a later plan
  friend bool operator==(const StageAhead&, const StageAhead&) = default;
};

/// When a group changes between green and not green. Without `latest`: nothing planned bounds it.
struct NextChange {
  Aspect to = Aspect::red;  // red or green
  Tick earliest;
  std::optional<Tick> latest;
  friend bool operator==(const NextChange&, const NextChange&) = default;
};

/// What is ahead of one intersection, as far as its plan tells.
struct Outlook {
  std::vector<StageAhead> ahead;                // the lit stage first; empty if no plan tells
  std::vector<std::optional<NextChange>> next;  // by GroupIndex; none: nothing planned holds it
  std::optional<Tick> min_end;                  // when the minimum greens of the lit stage have run
};

/// Pure. Takes the horizon plan while the report says that one is in force, else the timetable of
/// the report, else `counted` (one that is not of the configuration; may be null). The way between
/// two stages is costed by `traffic/interstage`; what local actuation may decide stays a range. A
/// junction that is not in normal mode, or that runs towards its timetable's place in the cycle
/// (SAFETY.md A16), has nothing ahead that could be told truly.
[[nodiscard]] Outlook outlook(const IntersectionConfig& config, const StateReport& report,
                              const std::optional<HorizonPlan>& plan,
                              const Timetable* counted = nullptr);

/// The timetable that a report speaks of: the configuration's, or `counted` where it names none.
[[nodiscard]] const Timetable* timetable_of(const IntersectionConfig& config,
                                            const StateReport& report, const Timetable* counted);

/// The latest moment at which the longest green (SAFETY.md A12) of `group` ends: counted from its
/// begin or from the first conflicting call, whichever is later. None without such a call, or if
/// it is not green.
[[nodiscard]] std::optional<Tick> green_limit(const IntersectionConfig& config,
                                              const StateReport& report, GroupIndex group);

}  // namespace chorraha::console
