#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "control/junction_planning.hpp"
#include "control/timetable.hpp"
#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Local time of day, as day plans have it.
struct TimeOfDay {
  std::chrono::seconds since_midnight{0};
  int weekday = 0;  // 0 = Monday
};

/// How much one retiming may change. Source: SAFETY.md E3.
struct RetimingLimits {
  Ticks split{40};
  Ticks cycle{80};
};

/// `from`, moved as far towards `to` as the limits let it; both have the same stages, offset and
/// lead (cycle - last end). Every step keeps a length between the two, so that what both may, it
/// may.
[[nodiscard]] Timetable moved_towards(const Timetable& from, const Timetable& to,
                                      const RetimingLimits& limits);

/// Signal retiming: fixed-time programs made anew from what was counted.
/// Program: stages, their order and the offset of the city's own timetable at that hour; cycle and
///          splits by Webster (control/timetable). Intersections whose own timetables have equal
///          cycles keep a common one, the longest that any of them needs (coordination).
/// When:    every `every`, first when that long has been counted. A program that would change less
///          than `worth_it` is not made; one that would change more than the limits takes several.
/// Counts:  where a link has not been counted at all, the city's own timetable holds.
/// Threads: one owner.
class Retiming {
 public:
  struct Options {
    std::chrono::seconds every{300};
    Ticks worth_it{20};
    RetimingLimits limits;
    WebsterOptions webster;
  };
  /// One program for one intersection; it differs from what the controller has.
  struct Made {
    Timetable timetable;
    Instant at;
    double saturation = 0;  // the fullest movement's flow / capacity; 0: the city's own timetable
  };

  explicit Retiming(std::size_t intersections) : states_(intersections) {}
  Retiming(std::size_t intersections, const Options& options)
      : options_(options), states_(intersections) {}

  /// Each second; makes programs when it is time. `planning` by IntersectionIndex.
  void advance(Instant now, const TimeOfDay& local, std::span<const JunctionPlanning> planning,
               const Network& network);

  /// What this controller has to be sent now; nothing if it has it.
  [[nodiscard]] const Made* due(IntersectionIndex at, BootId boot) const;
  void sent(IntersectionIndex at, BootId boot, PlanSequence sequence);
  void answered(IntersectionIndex at, const PlanAnswer& answer);
  /// The link was lost: a controller may have dropped it meanwhile (SAFETY.md D, 120 s).
  void lost(IntersectionIndex at);

  /// What the controller has accepted; nothing while the city's own timetable holds.
  [[nodiscard]] const std::optional<Made>& accepted(IntersectionIndex at) const {
    return states_[at.value()].accepted;
  }
  /// The last one that was made.
  [[nodiscard]] const std::optional<Made>& wanted(IntersectionIndex at) const {
    return states_[at.value()].wanted;
  }

 private:
  struct State {
    std::optional<Made> wanted, accepted;
    std::optional<BootId> sent_to;  // nothing: has to be sent
    PlanSequence sequence;
  };
  void make(Instant now, const TimeOfDay& local, std::span<const JunctionPlanning> planning,
            const Network& network);
  void want(State& state, Made made);

  Options options_;
  std::vector<State> states_;
  std::optional<Instant> next_;
};

}  // namespace chorraha
