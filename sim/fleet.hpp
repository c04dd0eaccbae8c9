#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/krauss.hpp"
#include "sim/road.hpp"
#include "sim/routes.hpp"
#include "traffic/detection.hpp"

namespace chorraha::sim {

/// A vehicle's place in the fleet while it is on the road; given again after it has left.
using Slot = std::uint32_t;
constexpr Slot no_slot = 0xffffffffU;

/// What every step reads of one vehicle, together in memory.
struct Vehicle {
  double position_m = 0;  // front, from the begin of `way`
  double speed_mps = 0;
  double length_m = 5;
  double gap_m = 2.5;  // kept to the leader when standing
  Krauss krauss;
  double imperfection = 0.5;
  double speed_factor = 1;
  double speed_max_mps = 55.55;
  Way way = no_way;
  RouteNumber route = 0;
  std::uint32_t place = 0;   // of the link on the route; on a movement: of the link it comes from
  std::uint32_t number = 0;  // of the trip
  std::array<Way, 8> behind{};  // ways its tail still stands on, nearest first
  std::uint8_t behind_count = 0;
  bool may_block = false;         // has a conflict inside a junction to think of
  std::uint64_t box_entry = 0;    // order of entry into the junction it is on
  double waiting_s = 0;           // standing without a pause
  double lane_wish = 0;           // gathered advantage of another lane; left is positive
  Slot makes_room_for = no_slot;  // somebody beside who has to come in ahead

  // Account of the trip so far.
  VehicleClass vehicle_class = VehicleClass::car;
  int stops = 0;
  double time_loss_s = 0;
  double stood_s = 0;
  double distance_m = 0;

  [[nodiscard]] double back_m() const { return position_m - length_m; }
};

/// Vehicles by slot, and who stands on which way, front first.
class Fleet {
 public:
  explicit Fleet(const Road& road);

  [[nodiscard]] Vehicle& operator[](Slot slot) { return vehicles_[slot]; }
  [[nodiscard]] const Vehicle& operator[](Slot slot) const { return vehicles_[slot]; }
  [[nodiscard]] const std::vector<Slot>& on(Way way) const { return on_[way]; }
  /// The last one that left `way` and whose tail is still on it; or no_slot.
  [[nodiscard]] Slot tail(Way way) const { return tail_[way]; }
  /// Where the back of that one is, from the begin of `way`.
  [[nodiscard]] double tail_back_m(Way way) const;
  [[nodiscard]] bool empty(Way way) const { return on_[way].empty() && tail_[way] == no_slot; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Ways with vehicles: movements and lanes apart, each in the order they became so.
  [[nodiscard]] const std::vector<Way>& active_lanes() const { return active_lanes_; }
  [[nodiscard]] const std::vector<Way>& active_movements() const { return active_movements_; }
  /// Forgets ways that have emptied; between steps only.
  void tidy();

  /// A new vehicle at its way and position.
  Slot add(const Vehicle& vehicle);
  void remove(Slot slot);
  /// Its front goes over the end of its way onto `next`; the position is kept up by this.
  void pass_on(Slot slot, Way next);
  /// To a neighbouring lane, at the same position; its tail must stand on no other way.
  void change_lane(Slot slot, Way lane);
  /// After a move: lets go of ways that its tail has left.
  void pull_tail(Slot slot);

 private:
  void enqueue(Slot slot);
  void dequeue(Slot slot);

  const Road* road_;
  std::vector<Vehicle> vehicles_;
  std::vector<Slot> free_;
  std::size_t size_ = 0;
  std::vector<std::vector<Slot>> on_;
  std::vector<Slot> tail_;
  std::vector<bool> listed_;
  std::vector<Way> active_lanes_, active_movements_;
};

}  // namespace chorraha::sim
