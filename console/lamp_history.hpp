#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha::console {

/// A controller's Ticks on the city's clock. Reports jitter by milliseconds; the mapping is kept
/// while a report is within `slack` of it, so that one Tick keeps one Instant on the page.
class TickMap {
 public:
  static constexpr Milliseconds slack{20};

  /// Another boot, or a clock that moved, starts a new mapping.
  void learn(const StateReport& report);
  /// Valid after the first `learn`.
  [[nodiscard]] Instant instant(Tick tick) const;

 private:
  BootId boot_{};
  std::optional<Instant> zero_;  // of Tick 0
};

/// What the lamps of one intersection showed lately, as reported; bounded by time.
class LampHistory {
 public:
  static constexpr Milliseconds kept{150'000};
  struct Shown {
    Aspect aspect = Aspect::dark;
    Instant from;
  };
  struct Stood {
    StageIndex stage;
    Instant from;
  };

  /// Reports come in order of time. A change that began and ended between two reports is unknown.
  void add(const StateReport& report, const TickMap& map);

  [[nodiscard]] const std::vector<std::deque<Shown>>& groups() const { return groups_; }
  [[nodiscard]] const std::deque<Stood>& stages() const { return stages_; }

 private:
  BootId boot_{};
  std::vector<std::deque<Shown>> groups_;  // by GroupIndex, oldest first
  std::deque<Stood> stages_;               // oldest first
};

}  // namespace chorraha::console
