#pragma once

#include <cstdint>
#include <random>

#include "traffic/intersection.hpp"

namespace chorraha::test {

/// Any valid junction: 2 to 12 groups of all types, random relations (conflict, yields,
/// compatible), intergreens, 2 to 5 stages that between them light every group, one fixed and one
/// actuated timetable that can be kept, loops and buttons. Same seed, same junction, on any
/// machine.
[[nodiscard]] IntersectionParts random_junction_parts(std::uint64_t seed);
[[nodiscard]] IntersectionConfig random_junction(std::uint64_t seed);

/// A whole number in [low, high], the same on any machine (std distributions are not).
[[nodiscard]] int random_between(std::mt19937_64& random, int low, int high);

}  // namespace chorraha::test
