#pragma once

#include <cstdint>
#include <vector>

#include "traffic/network.hpp"

namespace chorraha::sim {

/// A lane or a way over a junction: lanes first, then movements, in one dense numbering.
using Way = std::uint32_t;
constexpr Way no_way = 0xffffffffU;

/// Where a movement and its foe touch; metres along each.
struct Conflict {
  std::uint32_t foe = 0;  // movement
  double in_m = 0, out_m = 0;
  double foe_in_m = 0, foe_out_m = 0;
  bool merges = false;  // both end on one lane
  bool yields = false;  // gives way when nothing else is signalled
  bool foe_yields = false;
};

/// Where a movement runs over a pedestrian crossing.
struct Walkway {
  std::uint32_t crossing = 0;
  double at_m = 0;      // along the movement
  double walk_m = 0;    // along the crossing
  double half_m = 2.0;  // of the crossing's width
};

/// The network as the simulator drives on it: lengths, limits and conflicts by Way. Built once.
class Road {
 public:
  explicit Road(const Network& network);

  [[nodiscard]] std::size_t lanes() const { return lanes_; }
  [[nodiscard]] std::size_t ways() const { return length_m_.size(); }
  [[nodiscard]] bool is_lane(Way way) const { return way < lanes_; }
  [[nodiscard]] static Way way_of(LaneIndex lane) { return static_cast<Way>(lane.value()); }
  [[nodiscard]] Way way_of_movement(std::uint32_t movement) const {
    return static_cast<Way>(lanes_ + movement);
  }
  [[nodiscard]] std::uint32_t movement_of(Way way) const {
    return static_cast<std::uint32_t>(way - lanes_);
  }

  [[nodiscard]] double length_m(Way way) const { return length_m_[way]; }
  [[nodiscard]] double limit_mps(Way way) const { return limit_mps_[way]; }

  [[nodiscard]] Way from(std::uint32_t movement) const { return from_[movement]; }
  [[nodiscard]] Way to(std::uint32_t movement) const { return to_[movement]; }
  /// Counted from the right on its link.
  [[nodiscard]] int lane_number(Way lane) const { return number_[lane]; }
  /// The lane for vehicles beside; or no_way.
  [[nodiscard]] Way left_of(Way lane) const { return left_[lane]; }
  [[nodiscard]] Way right_of(Way lane) const { return right_[lane]; }

  /// Movements that end on a lane.
  [[nodiscard]] const std::vector<std::uint32_t>& into(Way lane) const { return into_[lane]; }
  [[nodiscard]] const std::vector<Conflict>& conflicts(std::uint32_t movement) const {
    return conflicts_[movement];
  }
  [[nodiscard]] const std::vector<Walkway>& walkways(std::uint32_t movement) const {
    return walkways_[movement];
  }
  /// Gives way to somebody when nothing is signalled.
  [[nodiscard]] bool is_minor(std::uint32_t movement) const { return minor_[movement]; }
  /// May wait for a gap inside the junction (left turns).
  [[nodiscard]] bool waits_inside(std::uint32_t movement) const { return waits_inside_[movement]; }

 private:
  void add_lane(const Network& network, const Lane& lane);
  void add_conflicts(const Network& network, std::uint32_t movement);
  void add_walkways(const Network& network, std::uint32_t movement);

  std::size_t lanes_;
  std::vector<double> length_m_, limit_mps_;
  std::vector<int> number_;        // by lane
  std::vector<Way> left_, right_;  // by lane
  std::vector<Way> from_, to_;
  std::vector<std::vector<std::uint32_t>> into_;  // by lane
  std::vector<std::vector<Conflict>> conflicts_;
  std::vector<std::vector<Walkway>> walkways_;
  std::vector<bool> minor_, waits_inside_;
};

}  // namespace chorraha::sim
