#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/road.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::sim {

/// What a driver at the stop line sees.
enum class Light : std::uint8_t {
  unsignalled,  // right of way of the road
  red,          // red+amber too
  turn_on_red,  // red, but who has stopped may turn when all is free
  amber,
  green,
};

/// What a pedestrian at the kerb sees.
enum class Walk : std::uint8_t { unsignalled, stand, walk };

/// The lamps of all intersections, as the street reads them.
class Lamps {
 public:
  [[nodiscard]] static Result<Lamps> make(const Network& network,
                                          std::vector<IntersectionConfig> intersections);

  void show(IntersectionIndex intersection, std::span<const Aspect> by_group, SignalMode mode);

  [[nodiscard]] Light light(std::uint32_t movement) const { return lights_[movement]; }
  [[nodiscard]] Walk walk(std::uint32_t crossing) const { return walks_[crossing]; }
  /// Lit by a group in which it yields to other vehicles (SUMO letter g).
  [[nodiscard]] bool permissive(std::uint32_t movement) const { return permissive_[movement] != 0; }
  /// Whether `movement` has to give way at `conflict` under what is shown now.
  [[nodiscard]] bool yields(std::uint32_t movement, const Conflict& conflict) const {
    return gives_way(movement, conflict.foe, conflict.yields);
  }
  [[nodiscard]] bool foe_yields(std::uint32_t movement, const Conflict& conflict) const {
    return gives_way(conflict.foe, movement, conflict.foe_yields);
  }

 private:
  Lamps() = default;
  Done wire(const Network& network, std::size_t intersection);
  void find_yielding(const Network& network);
  [[nodiscard]] bool yields_to_vehicles(const Network& network, std::size_t movement,
                                        GroupIndex group) const;
  [[nodiscard]] bool gives_way(std::uint32_t movement, std::uint32_t foe, bool by_road) const;
  void show_movement(std::uint32_t movement, std::span<const Aspect> by_group, SignalMode mode);
  void show_crossing(std::uint32_t crossing, std::span<const Aspect> by_group, SignalMode mode);

  struct Head {  // of one movement or crossing
    std::uint32_t intersection = 0;
    std::vector<GroupIndex> groups;  // protected before permissive
    std::vector<bool> yields;        // by place in `groups`: to vehicles
    GroupIndex lit;                  // that shows something else than red, or none()
  };
  std::vector<IntersectionConfig> intersections_;
  std::vector<Head> heads_, walk_heads_;
  std::vector<Light> lights_;
  std::vector<Walk> walks_;
  std::vector<std::uint8_t> permissive_;
  std::vector<std::vector<std::uint32_t>> movements_of_, crossings_of_;  // by intersection
};

}  // namespace chorraha::sim
