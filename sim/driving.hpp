#pragma once

#include <cstdint>
#include <vector>

#include "sim/junction_right_of_way.hpp"
#include "sim/virtual_loop.hpp"
#include "sim/world.hpp"

namespace chorraha::sim {

/// The two main phases of a step. `plan` reads the world of the last step and decides for each
/// vehicle how fast it may go if it passes, and if it waits, at each stop line ahead; it registers
/// who comes. `execute` settles right of way and moves everybody.
class Driving {
 public:
  explicit Driving(World& world) : world_(&world), right_of_way_(world) {}

  void plan();
  /// Slots of those who reached the end of their route are in `arrived`; they are still in the
  /// fleet, the caller takes them out.
  void execute(VirtualLoops& loops, std::vector<Slot>& arrived);

  /// Whether anybody moved in the last execute.
  [[nodiscard]] bool anybody_moved() const { return anybody_moved_; }

 private:
  struct LinkPlan {
    std::uint32_t movement = 0;
    double distance_m = 0;
    double wait_mps = 0;  // next speed if it has to wait there
    bool asks = false;
  };
  struct Plan {
    Slot slot = no_slot;
    std::uint32_t first = 0, count = 0;  // in links_
    double speed_mps = 0;                // next speed if it passes everything
  };
  struct Look {  // how far a plan has got
    Way way = no_way;
    std::uint32_t place = 0;
    double seen_m = 0;  // front to the end of `way`
    double speed_mps = 0;
  };

  void plan_way(Way way);
  void plan_vehicle(Slot slot, Slot leader);
  [[nodiscard]] double favour_mps(const Vehicle& vehicle) const;
  void look_ahead(Slot slot, Look look, double look_m);
  bool look_over_lane_end(Slot slot, Look& look);
  bool enter_view(Slot slot, Look& look, Way next);
  void plan_link(Slot slot, Look& look, std::uint32_t movement);
  void warn_people(const Vehicle& vehicle, std::uint32_t movement, double distance_m);
  [[nodiscard]] double behind_mps(const Vehicle& vehicle, Slot leader, double back_m) const;

  [[nodiscard]] double inside_mps(Slot slot) const;
  [[nodiscard]] double settled_mps(const Plan& plan, std::uint32_t& open) const;
  [[nodiscard]] double dawdled_mps(const Vehicle& vehicle, double speed_mps) const;
  bool move(const Plan& plan, double speed_mps, std::uint32_t open, VirtualLoops& loops);
  void account(Vehicle& vehicle, double speed_mps);

  World* world_;
  RightOfWay right_of_way_;
  std::vector<Plan> plans_;
  std::vector<LinkPlan> links_;
  bool anybody_moved_ = false;
};

}  // namespace chorraha::sim
