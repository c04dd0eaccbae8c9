#pragma once

#include <cstdint>
#include <vector>

#include "sim/virtual_loop.hpp"
#include "sim/world.hpp"

namespace chorraha::sim {

/// Lane changes after a move: per link, front to back over all its lanes, instant. Towards the
/// nearest lane that leads along the route when it becomes urgent; otherwise to where one gets on
/// faster. Who is blocked asks leader and follower beside for room. Who has stood at the end of a
/// wrong lane for 60 s goes where that lane leads, by another route (or, if none leads to its goal,
/// ends its trip on the next link): nobody strands. Source of rules and thresholds: SUMO
/// MSLCM_LC2013, docs of its parameters.
class LaneChanges {
 public:
  LaneChanges(World& world, const Network& network);

  void advance(VirtualLoops& loops);
  [[nodiscard]] std::uint64_t rerouted() const { return rerouted_; }

  /// Whether a vehicle with its front at `position_m` fits on `lane` at `speed_mps`: nobody behind
  /// or ahead would have to brake harder than comfortably.
  [[nodiscard]] bool fits(const Vehicle& vehicle, Way lane) const;

 private:
  struct Beside {
    Slot leader = no_slot;
    Slot follower = no_slot;
    double ahead_m = 1e9;   // from the front to the leader's back
    double behind_m = 1e9;  // from the follower's front to the back
  };
  void advance_link(std::uint32_t link, VirtualLoops& loops);
  void decide(Slot slot, VirtualLoops& loops);
  bool change_for_route(Slot slot, const LaneWorth& worth, VirtualLoops& loops);
  void change_for_speed(Slot slot, const LaneWorth& worth, VirtualLoops& loops);
  void change(Slot slot, Way lane, VirtualLoops& loops);
  void go_another_way(Slot slot);
  [[nodiscard]] Beside beside(const Vehicle& vehicle, Way lane) const;
  void look_behind(const Vehicle& vehicle, Way lane, Beside& found) const;
  [[nodiscard]] bool fits(const Vehicle& vehicle, const Beside& found) const;
  [[nodiscard]] double expected_mps(const Vehicle& vehicle, Way lane) const;
  [[nodiscard]] double queue_m(Way lane, double from_m) const;
  [[nodiscard]] bool serves(const Vehicle& vehicle, Way lane) const;

  World* world_;
  const Network* network_;
  std::vector<std::uint8_t> visited_;  // by link, this step
  std::vector<Slot> order_;
  std::uint64_t rerouted_ = 0;
};

}  // namespace chorraha::sim
