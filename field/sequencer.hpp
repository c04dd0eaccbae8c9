#pragma once

#include <array>
#include <cstdint>

#include "field/calls.hpp"
#include "field/safety_kernel.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What the sequencer looks at in one step.
struct Surroundings {
  Tick now;
  Instant utc;
  const SafetyKernel& kernel;
  const Calls& calls;
};

/// Layer 1 of SAFETY.md F for stages: wishes for the stages of a timetable or of a horizon plan.
/// A stage ends (the interstage to the next begins) at a bound, or between the bounds as soon as
/// no detector of the groups that end has seen anybody for the extension gap; never before all its
/// groups were green for their minimum, so greens end together. Groups without detectors run to the
/// latest end. After the last stage of a horizon it rests. Groups on demand are served when called
/// before their stage begins, or later where they may still join; a stage that follows itself
/// begins anew for a call that could not.
/// Timetable: the place in the cycle is (UTC + offset) mod cycle (SAFETY.md D). A program clock of
///   its own follows that place; it runs 1/6 slower or 1/5 faster (cycle +20 %, -16.7 %; A16,
///   shortway, at most 3 cycles) until it agrees, so no stage is skipped and no minimum cut.
/// Time:    ascending Ticks, one owner. Copies are cheap and do not allocate.
/// Lifetime: the configuration and the timetable followed must outlive it.
class Sequencer {
 public:
  Sequencer(const IntersectionConfig& config, Ticks decision_step);

  /// From all red: enters the stage of `timetable` that belongs to this second.
  void begin(const Timetable& timetable, Tick now, Instant utc);
  /// Goes over to `timetable` from whatever is lit, by A16.
  void follow(const Timetable& timetable, Tick now, Instant utc);
  /// Follows `plan` from entry `first` on, which is the stage that is lit or being entered.
  void follow(const HorizonPlan& plan, std::size_t first);
  /// Names the timetable that waits below a horizon.
  void stand_by(const Timetable& timetable) { state_.timetable = &timetable; }
  /// Lamps are out of its hands (flash, start-up): forgets all.
  void stop() { state_ = State{}; }
  void renew(Tick lease_until) { state_.lease_until = lease_until; }

  [[nodiscard]] Wishes step(const Surroundings& here);
  /// No step strictly between now and the answer changes stage, if calls and lamps stay.
  [[nodiscard]] Tick next_decision(const Surroundings& here) const;

  [[nodiscard]] StageIndex stage() const { return state_.stage; }
  [[nodiscard]] Tick stage_since() const { return state_.stage_since; }
  [[nodiscard]] bool entering() const { return state_.entering; }
  [[nodiscard]] ControlSource source() const { return state_.source; }
  [[nodiscard]] PlanSequence sequence() const { return state_.sequence; }
  [[nodiscard]] Tick lease_until() const { return state_.lease_until; }
  [[nodiscard]] GroupSet served() const { return state_.served; }
  [[nodiscard]] const Timetable* timetable() const { return state_.timetable; }
  /// Of the horizon followed: the entries, and which one is on.
  [[nodiscard]] std::size_t entry() const { return state_.entry; }
  [[nodiscard]] std::size_t entries() const { return state_.entries; }
  [[nodiscard]] const HorizonStage& horizon(std::size_t i) const { return state_.horizon[i]; }
  /// Of the timetable followed: the step that is on, and how far its program clock is from UTC.
  [[nodiscard]] std::size_t timetable_step() const { return state_.step; }
  [[nodiscard]] Ticks deviation(Instant utc) const;
  /// The next stage that serves g, and the earliest end of the stage before it; none(): not known.
  struct Service {
    StageIndex stage;
    Tick not_before;
  };
  [[nodiscard]] Service next_service(GroupIndex g, Tick now) const;
  /// End of the stage that is on, as things stand; Tick::max() while it rests.
  [[nodiscard]] Tick end_latest(Tick now) const;

 private:
  struct State {
    StageIndex stage;
    Tick stage_since;
    bool entering = false;
    GroupSet served;  // groups of the stage that are wanted
    ControlSource source = ControlSource::none;
    Tick last_step;

    const Timetable* timetable = nullptr;
    std::size_t step = 0;
    Ticks program{0};      // program clock, not wrapped
    Ticks cycle_begin{0};  // program time at which the cycle of `step` began
    bool joining = false;  // the lit stage is not in the timetable: leave it for the one due
    bool correcting = false;
    int beat = 0;  // counts Ticks of a correction

    std::array<HorizonStage, HorizonPlan::stages_max> horizon{};
    std::size_t entries = 0;
    std::size_t entry = 0;
    PlanSequence sequence;
    Tick lease_until;
  };
  struct Bounds {
    Tick earliest, latest;
  };

  [[nodiscard]] Service next_service_by_timetable(GroupIndex g, Tick now) const;
  [[nodiscard]] Ticks place(Instant utc) const;
  [[nodiscard]] std::size_t step_at(Ticks place) const;
  [[nodiscard]] Ticks step_begin(std::size_t step) const;
  [[nodiscard]] bool on_grid(Tick t) const;
  [[nodiscard]] Tick to_grid(Tick t) const;
  [[nodiscard]] Bounds bounds(Tick now) const;
  [[nodiscard]] bool rests() const;
  [[nodiscard]] StageIndex next_stage(const Surroundings& here) const;
  [[nodiscard]] std::size_t next_step(const Calls& calls) const;
  [[nodiscard]] std::size_t next_entry(const Calls& calls) const;
  [[nodiscard]] bool has_call(StageIndex stage, const Calls& calls) const;
  [[nodiscard]] GroupSet served_in(StageIndex stage, const Surroundings& here) const;
  [[nodiscard]] GroupSet ending(const Surroundings& here) const;
  [[nodiscard]] bool due(const Surroundings& here) const;
  [[nodiscard]] Tick may_leave_from(const Surroundings& here) const;

  void run_program(Tick now, Instant utc);
  void set_program(std::size_t step, Ticks at);
  void advance(const Surroundings& here);
  void enter(StageIndex stage, Tick now);
  void choose_served(const Surroundings& here);

  const IntersectionConfig* config_;
  Ticks decision_step_;
  State state_;
};

}  // namespace chorraha
