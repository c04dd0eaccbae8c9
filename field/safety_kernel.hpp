#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>

#include "traffic/intersection.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What a sequencer asks of the kernel. In neither set: the group may end, and does when a wanted
/// group conflicts with it.
struct Wishes {
  GroupSet want;
  GroupSet must_end;
  friend bool operator==(const Wishes&, const Wishes&) = default;
};

/// Why a group that is wanted is not green yet, as far as the kernel knows.
struct StartBar {
  enum class Kind : std::uint8_t {
    none,         // nothing bars it
    lit_group,    // `group` conflicts and has not ended
    intergreen,   // from the end of `group`
    minimum_red,  // its own
  };
  Kind kind = Kind::none;
  GroupIndex group;  // that it waits for; none() for its own times
  Tick green_at;     // earliest green; Tick::max() while a lit group has not ended
};

/// Layer 2 of SAFETY.md F: turns wishes into aspects, and alone decides them.
/// A group is *taken* from its first red+amber until its green ends; no group in conflict with a
/// taken one is taken. Wishes are granted one at a time, by group, ends before starts, against the
/// state including this tick's grants. Red+amber of b begins at max(end(x) + I[x][b]) less its own
/// length, and always ends in green of at least the minimum.
/// A yielding group ends no sooner than those it yields to (A18), and these start with or before it
/// (A19): where the wishes alone would break that, groups that are wanted end and start again.
/// Keeps:   A1, A4, A5, A8 to A15, A18 to A20, same_stream of SAFETY.md, as configured.
/// Time:    one owner steps it with ascending Ticks, at best each one; a missed Tick lengthens.
/// Faults:  none; conflicting groups lit would be our own fault and stop the process.
/// Copies:  plain state and one shared pointer: no allocation.
class SafetyKernel {
 public:
  /// Starts of a change (red+amber, first end aspect) fall on multiples of `decision_step`.
  explicit SafetyKernel(const IntersectionConfig& config, Ticks decision_step = Ticks{1});

  /// All groups red, as if every green had ended at `end` (C4); before the first step: long ago.
  void all_red(Tick end);

  /// One Tick. `called`: groups where somebody waits (A12). True if any aspect changed.
  bool step(Tick now, Wishes wishes, GroupSet called);

  /// No step strictly between `now` and the answer would change anything if wishes and calls stay.
  [[nodiscard]] Tick next_change(Tick now, Wishes wishes) const;

  [[nodiscard]] Aspect aspect(GroupIndex g) const;
  [[nodiscard]] GroupSet green() const { return state_.green | state_.flashing; }
  [[nodiscard]] GroupSet taken() const { return green() | state_.red_amber; }
  [[nodiscard]] GroupSet all() const { return rules_->all; }
  /// First Tick at which its end may begin: flashing green counts into the minimum green.
  [[nodiscard]] Tick may_end_from(GroupIndex g) const;
  [[nodiscard]] StartBar start_bar(GroupIndex g, GroupSet wanted, Tick now) const;
  /// No group that yields to g is lit without it, so that it could still start beside them (A19).
  [[nodiscard]] bool may_join(GroupIndex g) const {
    return !rules(g).yielded_by.intersects(taken());
  }
  /// Green groups that these wishes make end, those included that start again (A18, A19).
  [[nodiscard]] GroupSet leaving(Wishes wishes, Tick now) const;
  [[nodiscard]] Tick since(GroupIndex g) const { return state_.times[g.value()].since; }
  [[nodiscard]] Tick green_since(GroupIndex g) const { return state_.times[g.value()].green; }
  [[nodiscard]] Tick red_since(GroupIndex g) const { return state_.times[g.value()].red; }
  /// Groups whose green was ended by A12 at the last step.
  [[nodiscard]] GroupSet forced_off() const { return state_.forced_off; }

  static constexpr Tick long_ago{Ticks{-1'000'000}};  // 28 h
  static constexpr Tick never = Tick::max();

 private:
  struct Rules {
    GroupSet all;
    Ticks decision_step{1};
    struct Group {
      Ticks red_amber{0}, flashing_green{0}, amber{0}, min_green{0}, max_green{0}, min_red{0};
      GroupSet conflicts, same_stream, yields_to, yielded_by;
      GroupSet permissive, is_protected;  // sisters of its stream that are
      std::array<std::int16_t, GroupSet::capacity> intergreen_from{};  // [x], Ticks
    };
    std::array<Group, GroupSet::capacity> groups;
  };
  struct Times {
    Tick since = long_ago;      // of the running aspect
    Tick green = long_ago;      // begin of the running or last green
    Tick red = long_ago;        // begin of the running or last red
    Tick end = long_ago;        // end of the last green: end(x)
    Tick rival_called = never;  // first conflicting call during this green (A12)
  };
  struct State {
    std::array<Times, GroupSet::capacity> times;
    GroupSet red_amber, green, flashing, amber;  // all others are red
    GroupSet forced_off, owed;                   // of the last step
  };

  [[nodiscard]] static Rules::Group compile(const IntersectionConfig& config, GroupIndex g);
  [[nodiscard]] const Rules::Group& rules(GroupIndex g) const { return rules_->groups[g.value()]; }
  [[nodiscard]] Times& times(GroupIndex g) { return state_.times[g.value()]; }
  [[nodiscard]] const Times& times(GroupIndex g) const { return state_.times[g.value()]; }
  [[nodiscard]] bool on_grid(Tick t) const;
  [[nodiscard]] Tick to_grid(Tick t) const;
  [[nodiscard]] GroupSet with_partners(GroupSet leaving, GroupSet wanted, Tick now) const;
  [[nodiscard]] GroupSet overdue(Tick now) const;
  [[nodiscard]] Tick green_at(GroupIndex g) const;   // of red+amber
  [[nodiscard]] Tick flash_end(GroupIndex g) const;  // of flashing green
  [[nodiscard]] GroupSet followed(Wishes wishes) const;
  [[nodiscard]] Tick free_from(GroupIndex g, Tick now) const;
  [[nodiscard]] Tick yields_until(GroupIndex g, GroupSet ending, Tick now, GroupSet asked) const;
  [[nodiscard]] bool starts_too_late(GroupIndex g, Tick now) const;
  [[nodiscard]] GroupSet hands_over_to(GroupIndex g, GroupSet wanted) const;
  [[nodiscard]] StartBar bar_of_pair(GroupIndex x, GroupIndex g, Tick now) const;
  [[nodiscard]] StartBar own_bar(GroupIndex g, GroupSet wanted, Tick now) const;
  [[nodiscard]] StartBar bar_beside(GroupIndex g, GroupSet wanted, Tick now, GroupSet asked) const;
  [[nodiscard]] Tick start_of(GroupIndex g, StartBar bar, GroupSet wanted) const;
  bool start(GroupIndex g, Tick now, GroupSet wanted);

  void finish_aspects(Tick now);
  void note_rival_calls(Tick now, GroupSet called);
  void end_greens(Tick now, Wishes wishes);
  void start_greens(Tick now, Wishes wishes);
  void begin_end(GroupIndex g, Tick now);
  void end_green(GroupIndex g, Tick now);
  void begin_red(GroupIndex g, Tick now);
  void begin_green(GroupIndex g, Tick now);
  void expect_safe() const;

  std::shared_ptr<const Rules> rules_;
  State state_;
};

}  // namespace chorraha
