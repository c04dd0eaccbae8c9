#pragma once

// Inside sim/sumo only: from where a vehicle is, and its route, to the stop lines ahead.

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "traffic/network.hpp"

namespace chorraha::sumo {

/// A signalised stop line on a vehicle's path.
struct StopLineAhead {
  IntersectionIndex intersection;
  LaneIndex approach;
  MovementIndex movement;
  double distance_m = 0;  // from the vehicle's front
};

/// Finds ways over junctions by links. Built once a network; `network` outlives it.
class WayAhead {
 public:
  explicit WayAhead(const Network& network);

  /// The movement that leads from `lane` (or, where it leads elsewhere, from the lane of its link
  /// nearest to it) into `next`; none() if there is none.
  [[nodiscard]] MovementIndex movement_into(LaneIndex lane, LinkIndex next) const;

  /// Stop lines within `range_m` of a vehicle with its front at `position_m` of `lane`, which is
  /// on the first link of `route`. Ends where the route does.
  void look(LaneIndex lane, double position_m, std::span<const LinkIndex> route, double range_m,
            std::vector<StopLineAhead>& found) const;

 private:
  [[nodiscard]] static std::uint64_t key(LinkIndex from, LinkIndex to) {
    return std::uint64_t{from.value()} << 32 | to.value();
  }

  const Network& network_;
  std::unordered_map<std::uint64_t, std::vector<MovementIndex>> by_links_;
};

}  // namespace chorraha::sumo
