#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace chorraha {

/// Steps of 0.1 s: the grain of lamps, timers and leases.
using Ticks = std::chrono::duration<std::int64_t, std::deci>;

/// A clock that nobody reads: only `apps/` turns a steady clock into Ticks and hands them in.
struct TickClock {
  using rep = Ticks::rep;
  using period = Ticks::period;
  using duration = Ticks;
  using time_point = std::chrono::time_point<TickClock>;
  static constexpr bool is_steady = true;
};

/// Steady time since the process began. A wall clock that jumps moves no lamp.
using Tick = std::chrono::time_point<TickClock, Ticks>;

/// UTC to the millisecond: stamps nouns and chooses the timetable.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

using Milliseconds = std::chrono::milliseconds;

[[nodiscard]] constexpr double to_seconds(Ticks span) {
  return static_cast<double>(span.count()) / 10.0;
}
[[nodiscard]] constexpr double to_seconds(Milliseconds span) {
  return static_cast<double>(span.count()) / 1000.0;
}

/// The first Ticks not shorter than `seconds`.
[[nodiscard]] constexpr Ticks ticks_at_least(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds * 10.0);
  constexpr double grain = 1e-6;  // 0.1 s written as 0.1 must stay one tick
  return Ticks{static_cast<double>(whole) + grain < seconds * 10.0 ? whole + 1 : whole};
}

}  // namespace chorraha
