#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/dice.hpp"
#include "sim/fleet.hpp"
#include "sim/lamps.hpp"
#include "sim/road.hpp"
#include "sim/routes.hpp"
#include "sim/walkers.hpp"

namespace chorraha::sim {

/// Somebody who drives towards a movement, as others see it in this step.
struct Approach {
  Slot slot = no_slot;
  double distance_m = 0;  // front to the movement's begin
  double speed_mps = 0;   // planned
  bool asks = false;      // will go if nobody is in the way
};

/// The state that the phases of a step share.
struct World {
  World(const Network& network, Lamps shown, Walkers people, Routes driven, Dice thrown)
      : road(network),
        routes(std::move(driven)),
        lamps(std::move(shown)),
        walkers(std::move(people)),
        dice(thrown),
        fleet(road),
        approaches(network.movements().size()),
        about_to_pass(network.crossings().size(), 0) {}

  /// The speed a vehicle may have on a way.
  [[nodiscard]] double allowed_mps(const Vehicle& vehicle, Way way) const {
    return std::min(vehicle.speed_max_mps, road.limit_mps(way) * vehicle.speed_factor);
  }

  Road road;
  Routes routes;
  Lamps lamps;
  Walkers walkers;
  Dice dice;
  Fleet fleet;
  std::vector<std::vector<Approach>> approaches;  // by movement
  std::vector<std::uint8_t> about_to_pass;        // by crossing
  double step_s = 1.0;
  std::uint64_t step = 0;
  std::uint64_t box_entries = 0;
};

}  // namespace chorraha::sim
