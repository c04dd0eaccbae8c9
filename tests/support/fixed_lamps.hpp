#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "traffic/intersection.hpp"

namespace chorraha::test {

/// Plays one fixed timetable of a configuration for ever, without a kernel: the first stage is lit
/// at second 0, interstages are the derived ones.
class FixedLamps {
 public:
  FixedLamps(const IntersectionConfig& config, TimetableIndex timetable);

  /// What the groups show `second` after the start.
  [[nodiscard]] std::span<const Aspect> at(double second) const;

 private:
  std::int64_t cycle_;                                  // ticks
  std::map<std::int64_t, std::vector<Aspect>> states_;  // by tick of the second cycle
};

}  // namespace chorraha::test
