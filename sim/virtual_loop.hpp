#pragma once

#include <cstdint>
#include <vector>

#include "sim/fleet.hpp"
#include "traffic/detection.hpp"
#include "traffic/network.hpp"

namespace chorraha::sim {

/// Detectors in the built-in street: fronts and backs that pass their edges inside a step are
/// stamped by interpolation.
class VirtualLoops {
 public:
  explicit VirtualLoops(const Network& network);

  [[nodiscard]] bool watches(Way lane) const {
    return lane < by_lane_.size() && !by_lane_[lane].empty();
  }
  struct Move {
    Way lane = no_way;
    double from_m = 0, to_m = 0;  // of the front, from the lane's begin
    double length_m = 0;
    double speed_mps = 0;
    VehicleClass vehicle_class = VehicleClass::car;
  };
  /// One vehicle drove along a lane in the step, its front perhaps past the end.
  void drove(const Move& move);
  /// One came onto the lane (or left it) sideways, or appeared (was taken away), at the step's end.
  void appeared(const Move& at);
  void vanished(const Move& at);
  void pressed(CrossingIndex crossing, double share);

  /// Detections of the step that began at `begin`, by time then detector; starts a new step.
  void finish(Instant begin, double step_s, std::vector<Detection>& out);

 private:
  struct Loop {
    DetectorId id;
    double begin_m = 0, end_m = 0;
    Detector::Kind kind = Detector::Kind::presence;
    int occupied = 0;
  };
  struct Edge {
    double share = 0;  // of the step that had gone by
    std::uint32_t loop = 0;
    int change = 0;  // +1 onto, -1 off
    double speed_mps = 0;
    VehicleClass vehicle_class = VehicleClass::unknown;
  };
  std::vector<Loop> loops_;  // by DetectorIndex
  std::vector<std::vector<std::uint32_t>> by_lane_, buttons_;
  std::vector<Edge> edges_;
};

}  // namespace chorraha::sim
