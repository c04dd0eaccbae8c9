#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "sim/road.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::sim {

using RouteNumber = std::uint32_t;
constexpr std::uint32_t no_movement = 0xffffffffU;

/// What one lane is worth on one link of a route.
struct LaneWorth {
  double reach_m = 0;      // from the lane's begin until a lane change is needed (cut at 3 km)
  std::int8_t offset = 0;  // lanes to cross to the nearest best one; left is positive
  std::uint32_t movement = no_movement;  // along the route; none on its last link, or if it leads
                                         // elsewhere
};

/// All routes driven so far, with the worth of each lane on the way. Source of the idea: SUMO
/// MSVehicle::updateBestLanes.
class Routes {
 public:
  explicit Routes(const Network& network) : network_(&network) {}

  /// Faults name the two links that no movement joins.
  [[nodiscard]] Result<RouteNumber> add(const std::vector<LinkIndex>& links);

  /// Another route to `to` for somebody on `here` who can only go on to `next`: the fastest at the
  /// limits. Remembers its answers.
  [[nodiscard]] Result<RouteNumber> detour(LinkIndex here, LinkIndex next, LinkIndex to);

  [[nodiscard]] const std::vector<LinkIndex>& links(RouteNumber route) const {
    return routes_[route].links;
  }
  [[nodiscard]] bool is_last(RouteNumber route, std::uint32_t place) const {
    return place + 1 == routes_[route].links.size();
  }
  /// `lane_number` counts from the right on the link at `place`.
  [[nodiscard]] const LaneWorth& worth(RouteNumber route, std::uint32_t place,
                                       int lane_number) const {
    const Entry& entry = routes_[route];
    return entry.worth[entry.first[place] + static_cast<std::uint32_t>(lane_number)];
  }

 private:
  struct Entry {
    std::vector<LinkIndex> links;
    std::vector<std::uint32_t> first;  // into worth, by place
    std::vector<LaneWorth> worth;
  };
  [[nodiscard]] Result<std::vector<LinkIndex>> fastest(LinkIndex from, LinkIndex to) const;
  void value_link(Entry& entry, std::size_t place) const;
  void value_lane(Entry& entry, std::size_t place, const Lane& lane) const;

  const Network* network_;
  std::vector<Entry> routes_;
  std::map<std::tuple<LinkIndex, LinkIndex, LinkIndex>, RouteNumber> detours_;
};

}  // namespace chorraha::sim
