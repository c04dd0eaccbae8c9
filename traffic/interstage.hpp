#pragma once

#include <vector>

#include "traffic/intersection.hpp"

namespace chorraha {

/// One change of aspect in an interstage.
struct InterstageEdge {
  GroupIndex group;
  Aspect aspect = Aspect::red;
  Ticks at{0};  // after the interstage began, that is after the end was decided
  friend bool operator==(const InterstageEdge&, const InterstageEdge&) = default;
};

/// The way from one stage to another: groups that end, groups that start, and how long it takes.
/// Time: counted as if every group that ends had run its minimum green, and every group that starts
/// its minimum red, by the beginning. `total` is when the last group of the new stage turns green.
/// Source: derived interstages, RiLSA; rules A1, A4, A8, A9 and, for yielding groups, A18 and A19
/// of SAFETY.md: a yielded-to group that stays while the yielding one begins ends and restarts, or
/// the yielding one ends first.
struct Interstage {
  std::vector<InterstageEdge> edges;  // by time, then group
  Ticks total{0};
  GroupSet restarted;  // groups of both stages that go through red nevertheless
};

/// Pure. Both stages belong to `config`; from == to gives an empty interstage.
[[nodiscard]] Interstage interstage(const IntersectionConfig& config, StageIndex from,
                                    StageIndex to);

/// The same between any two sets of groups that may be lit together, such as a stage without a walk
/// that nobody has asked for.
[[nodiscard]] Interstage interstage(const IntersectionConfig& config, GroupSet from, GroupSet to);

}  // namespace chorraha
