#pragma once

#include <memory>

#include "console/city_view.hpp"

namespace chorraha::console::test {

inline constexpr Tick start{Ticks{10'000}};
inline constexpr Instant morning{Milliseconds{1'704'079'800'000}};  // 2024-01-01 03:30:00 UTC

inline constexpr GroupIndex north{0};
inline constexpr GroupIndex east{1};
inline constexpr GroupIndex walk{2};
inline constexpr StageIndex stage_north{0};
inline constexpr StageIndex stage_east{1};

/// Two one-way streets that cross at J1; a walk over the northern one goes with the eastern one.
/// Timetable "day": 60 s, `north` ends at 25 s, `east` and `walk` at 55 s, 5 s between them.
[[nodiscard]] std::shared_ptr<const City> small_city();

/// J1 in stage `north` for 10 s, by its timetable; everybody else red for long.
[[nodiscard]] StateReport in_stage_north();

/// The small city with that report, heard just now.
[[nodiscard]] CityView quiet_view();

/// A horizon plan for `in_stage_north`: north until 5 to 12 s from now, then east for 20 s.
[[nodiscard]] HorizonPlan north_then_east();

}  // namespace chorraha::console::test
