#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "control/junction_model.hpp"
#include "traffic/flow.hpp"

namespace chorraha {

/// What junctions have announced to each other. A new announcement replaces what the same junction
/// had planned for the time after it; what has left already stays until it has arrived everywhere.
/// Bound:   `most` releases a junction; of more the latest are dropped.
/// Threads: one owner at a time.
class ReleaseBoard {
 public:
  static constexpr std::size_t most = 1000;

  explicit ReleaseBoard(std::size_t intersections) : by_source_(intersections) {}

  void announce(IntersectionIndex from, Instant now, std::span<const Release> planned);

  /// Those that lead to `junction`, by time.
  [[nodiscard]] std::vector<Release> towards(const JunctionModel& junction) const;

 private:
  std::vector<std::vector<Release>> by_source_;
};

}  // namespace chorraha
