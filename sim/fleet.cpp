#include "sim/fleet.hpp"

#include <algorithm>

#include "traffic/expect.hpp"

namespace chorraha::sim {

Fleet::Fleet(const Road& road)
    : road_(&road), on_(road.ways()), tail_(road.ways(), no_slot), listed_(road.ways(), false) {}

double Fleet::tail_back_m(Way way) const {
  const Vehicle& vehicle = vehicles_[tail_[way]];
  double begin_m = 0;  // of `way`, seen from the vehicle's own
  for (std::uint8_t i = 0; i < vehicle.behind_count; ++i) {
    begin_m -= road_->length_m(vehicle.behind[i]);
    if (vehicle.behind[i] == way) break;
  }
  return vehicle.back_m() - begin_m;
}

void Fleet::enqueue(Slot slot) {
  const Vehicle& vehicle = vehicles_[slot];
  std::vector<Slot>& queue = on_[vehicle.way];
  auto place = queue.end();
  while (place != queue.begin() && vehicles_[*(place - 1)].position_m < vehicle.position_m) {
    --place;
  }
  queue.insert(place, slot);
  if (listed_[vehicle.way]) return;
  listed_[vehicle.way] = true;
  (road_->is_lane(vehicle.way) ? active_lanes_ : active_movements_).push_back(vehicle.way);
}

void Fleet::dequeue(Slot slot) {
  std::vector<Slot>& queue = on_[vehicles_[slot].way];
  const auto place = std::ranges::find(queue, slot);
  CHORRAHA_EXPECT(place != queue.end());
  queue.erase(place);
}

void Fleet::tidy() {
  const auto emptied = [this](Way way) {
    if (!empty(way)) return false;
    listed_[way] = false;
    return true;
  };
  std::erase_if(active_lanes_, emptied);
  std::erase_if(active_movements_, emptied);
}

Slot Fleet::add(const Vehicle& vehicle) {
  if (free_.empty()) {
    free_.push_back(static_cast<Slot>(vehicles_.size()));
    vehicles_.emplace_back();
  }
  const Slot slot = free_.back();
  free_.pop_back();
  vehicles_[slot] = vehicle;
  enqueue(slot);
  ++size_;
  return slot;
}

void Fleet::remove(Slot slot) {
  dequeue(slot);
  const Vehicle& vehicle = vehicles_[slot];
  for (std::uint8_t i = 0; i < vehicle.behind_count; ++i) {
    if (tail_[vehicle.behind[i]] == slot) tail_[vehicle.behind[i]] = no_slot;
  }
  free_.push_back(slot);
  --size_;
}

void Fleet::pass_on(Slot slot, Way next) {
  dequeue(slot);
  Vehicle& vehicle = vehicles_[slot];
  const Way left = vehicle.way;
  if (vehicle.behind_count == vehicle.behind.size()) {  // very short ways: forget the furthest
    const Way furthest = vehicle.behind.back();
    if (tail_[furthest] == slot) tail_[furthest] = no_slot;
    --vehicle.behind_count;
  }
  std::shift_right(vehicle.behind.begin(), vehicle.behind.end(), 1);
  vehicle.behind[0] = left;
  ++vehicle.behind_count;
  tail_[left] = slot;
  vehicle.position_m -= road_->length_m(left);
  vehicle.way = next;
  enqueue(slot);
  pull_tail(slot);
}

void Fleet::change_lane(Slot slot, Way lane) {
  dequeue(slot);
  vehicles_[slot].way = lane;
  enqueue(slot);
}

void Fleet::pull_tail(Slot slot) {
  Vehicle& vehicle = vehicles_[slot];
  double end_m = 0;  // of behind[kept], seen from the vehicle's own way
  std::uint8_t kept = 0;
  while (kept < vehicle.behind_count && vehicle.back_m() < end_m) {
    end_m -= road_->length_m(vehicle.behind[kept]);
    ++kept;
  }
  for (std::uint8_t i = kept; i < vehicle.behind_count; ++i) {
    if (tail_[vehicle.behind[i]] == slot) tail_[vehicle.behind[i]] = no_slot;
  }
  vehicle.behind_count = kept;
}

}  // namespace chorraha::sim
