#include "sim/sumo/way_ahead.hpp"

#include <cstdlib>

namespace chorraha::sumo {

WayAhead::WayAhead(const Network& network) : network_(network) {
  for (std::size_t i = 0; i < network.movements().size(); ++i) {
    const Movement& movement = network.movements()[i];
    by_links_[key(network.lane(movement.from).link, network.lane(movement.to).link)].emplace_back(
        i);
  }
}

MovementIndex WayAhead::movement_into(LaneIndex lane, LinkIndex next) const {
  if (!next.valid()) return MovementIndex::none();
  const auto ways = by_links_.find(key(network_.lane(lane).link, next));
  if (ways == by_links_.end()) return MovementIndex::none();
  MovementIndex best;
  int best_away = 0;
  for (const MovementIndex way : ways->second) {
    const Lane& from = network_.lane(network_.movement(way).from);
    const int away = std::abs(from.number - network_.lane(lane).number);
    if (best.valid() && away >= best_away) continue;
    best = way;
    best_away = away;
  }
  return best;
}

void WayAhead::look(LaneIndex lane, double position_m, std::span<const LinkIndex> route,
                    double range_m, std::vector<StopLineAhead>& found) const {
  double distance_m = network_.lane(lane).length_m - position_m;
  for (std::size_t i = 1; i < route.size() && distance_m <= range_m; ++i) {
    const MovementIndex way = movement_into(lane, route[i]);
    if (!way.valid()) return;
    const Movement& movement = network_.movement(way);
    if (movement.intersection.valid())
      found.push_back({movement.intersection, movement.from, way, distance_m});
    lane = movement.to;
    distance_m += movement.length_m + network_.lane(lane).length_m;
  }
}

}  // namespace chorraha::sumo
