#pragma once

#include "traffic/network.hpp"
#include "traffic/time.hpp"

namespace chorraha::make_city {

// Intergreens by SAFETY.md A9: over all places where both ways touch, crossing time + clearing -
// entering, rounded up to 0.5 s. The crossing time is the amber (GOST).
// Clearing: a vehicle of 6 m at 10 m/s straight, 7 m/s turning. Entering: at 40 km/h, flying
// (RiLSA). Stop lines are the begins of the ways.

/// From the end of green of `clearing` to the start of green of `entering`; 0 if they never touch.
[[nodiscard]] Ticks intergreen(const Movement& clearing, const Movement& entering, Ticks amber);

/// Before people may walk over what `clearing` runs over.
[[nodiscard]] Ticks intergreen(const Movement& clearing, const Crossing& walk, Ticks amber);

/// Time of people to clear the whole walk at 1.2 m/s (A14), rounded up to 0.5 s.
[[nodiscard]] Ticks clearance_of(const Crossing& walk);

}  // namespace chorraha::make_city
