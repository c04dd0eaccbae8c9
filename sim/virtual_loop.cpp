#include "sim/virtual_loop.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace chorraha::sim {
namespace {

constexpr double press_s = 0.3;  // how long a finger stays on a button

}  // namespace

VirtualLoops::VirtualLoops(const Network& network)
    : by_lane_(network.lanes().size()), buttons_(network.crossings().size()) {
  for (const Detector& detector : network.detectors()) {
    const auto index = static_cast<std::uint32_t>(loops_.size());
    loops_.push_back({detector.id, detector.position_m - detector.length_m, detector.position_m,
                      detector.kind, 0});
    if (detector.kind == Detector::Kind::button) {
      buttons_[detector.crossing.value()].push_back(index);
    } else {
      by_lane_[detector.lane.value()].push_back(index);
    }
  }
}

void VirtualLoops::drove(const Move& move) {
  const double gone_m = move.to_m - move.from_m;
  if (gone_m <= 0) return;
  for (const std::uint32_t index : by_lane_[move.lane]) {
    const Loop& loop = loops_[index];
    const auto passes = [&](double from_m, double edge_m) {
      return from_m < edge_m && from_m + gone_m >= edge_m;
    };
    const double back_m = move.from_m - move.length_m;
    if (passes(move.from_m, loop.begin_m)) {
      edges_.push_back(
          {(loop.begin_m - move.from_m) / gone_m, index, +1, move.speed_mps, move.vehicle_class});
    }
    if (passes(back_m, loop.end_m)) {
      edges_.push_back(
          {(loop.end_m - back_m) / gone_m, index, -1, move.speed_mps, move.vehicle_class});
    }
  }
}

void VirtualLoops::appeared(const Move& at) {
  for (const std::uint32_t index : by_lane_[at.lane]) {
    const Loop& loop = loops_[index];
    const bool over = at.to_m >= loop.begin_m && at.to_m - at.length_m < loop.end_m;
    if (over) edges_.push_back({1.0, index, +1, at.speed_mps, at.vehicle_class});
  }
}

void VirtualLoops::vanished(const Move& at) {
  for (const std::uint32_t index : by_lane_[at.lane]) {
    const Loop& loop = loops_[index];
    const bool over = at.to_m >= loop.begin_m && at.to_m - at.length_m < loop.end_m;
    if (over) edges_.push_back({1.0, index, -1, at.speed_mps, VehicleClass::unknown});
  }
}

void VirtualLoops::pressed(CrossingIndex crossing, double share) {
  for (const std::uint32_t index : buttons_[crossing.value()]) {
    edges_.push_back({share, index, +1, 0, VehicleClass::person});
    edges_.push_back({share, index, -1, 0, VehicleClass::person});
  }
}

void VirtualLoops::finish(Instant begin, double step_s, std::vector<Detection>& out) {
  out.clear();
  std::ranges::stable_sort(edges_, [](const Edge& a, const Edge& b) {
    return a.share != b.share ? a.share < b.share : a.loop < b.loop;
  });
  for (const Edge& edge : edges_) {
    Loop& loop = loops_[edge.loop];
    const int before = loop.occupied;
    loop.occupied = std::max(0, before + edge.change);
    const bool button = loop.kind == Detector::Kind::button;
    double at_s = edge.share * step_s;
    if (button && edge.change < 0) at_s = std::min(step_s, at_s + press_s);
    Detection detection;
    detection.detector = loop.id;
    detection.at = begin + Milliseconds{std::llround(std::clamp(at_s, 0.0, step_s) * 1000)};
    detection.vehicle_class = edge.vehicle_class;
    if (edge.vehicle_class != VehicleClass::person) detection.speed_mps = edge.speed_mps;
    if (loop.kind == Detector::Kind::crossing) {
      // Its rear has left the line; who changed lanes over it is not counted twice.
      const bool left = edge.change < 0 && edge.vehicle_class != VehicleClass::unknown;
      detection.kind = Detection::Kind::crossing;
      if (left) out.push_back(detection);
      continue;
    }
    detection.kind = edge.change > 0 ? Detection::Kind::on : Detection::Kind::off;
    if ((before == 0) != (loop.occupied == 0)) out.push_back(detection);
  }
  edges_.clear();
  std::ranges::stable_sort(out, {}, &Detection::at);
}

}  // namespace chorraha::sim
