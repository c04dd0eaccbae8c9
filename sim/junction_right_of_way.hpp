#pragma once

#include <cstdint>
#include <limits>

#include "sim/world.hpp"

namespace chorraha::sim {

/// Somebody who wants to drive over a movement, from before its begin or from inside.
struct Claim {
  Slot slot = no_slot;
  std::uint32_t movement = 0;
  double before_m = 0;  // front to the movement's begin; negative inside
  double speed_mps = 0;
  [[nodiscard]] bool inside() const { return before_m < 0; }
};

/// How far a claim reaches: metres from the front, and a speed for who merges behind another.
struct Passage {
  static constexpr double free = std::numeric_limits<double>::infinity();
  double stop_m = free;
  double merge_mps = free;
};

/// Right of way over conflicting movements, from where they touch: nobody drives into an occupied
/// conflict; who yields leaves a gap of 1 s before and after those who ask; inside the junction who
/// has priority leads, then who came first. Reads the world, writes nothing.
/// Source: SUMO MSLink::opened, blockedByFoe, getLeaderInfo (the idea, on places instead of links).
class RightOfWay {
 public:
  explicit RightOfWay(const World& world) : world_(&world) {}

  [[nodiscard]] Passage passage(const Claim& claim) const;

  /// Room on the lane behind the junction for the whole vehicle, up to the last one that stands.
  [[nodiscard]] bool room_behind(const Vehicle& vehicle, std::uint32_t movement) const;

  /// Where to stop for people on the crossings of the movement; metres from the front.
  [[nodiscard]] double stop_for_people_m(const Claim& claim) const;

 private:
  struct Other {  // a vehicle on the foe movement, or with its tail on it
    Slot slot = no_slot;
    double front_m = 0, back_m = 0;
  };
  [[nodiscard]] double seconds_until(const Claim& claim, double place_m) const;
  [[nodiscard]] bool occupied(const Claim& claim, const Conflict& conflict, Passage& passage) const;
  [[nodiscard]] bool in_the_way(const Claim& claim, const Conflict& conflict, const Other& other,
                                Passage& passage) const;
  [[nodiscard]] bool leads(const Claim& claim, const Conflict& conflict, const Other& other) const;
  [[nodiscard]] bool leads_inside(const Claim& claim, const Conflict& conflict,
                                  const Other& other) const;
  [[nodiscard]] bool somebody_comes(const Claim& claim, const Conflict& conflict) const;
  [[nodiscard]] bool exit_is_full_of_people(const Claim& claim) const;

  const World* world_;
};

}  // namespace chorraha::sim
