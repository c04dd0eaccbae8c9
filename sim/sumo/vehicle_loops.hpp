#pragma once

// Inside sim/sumo only: SUMO's vehicles over the network's detectors.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/virtual_loop.hpp"
#include "traffic/detection.hpp"
#include "traffic/network.hpp"

namespace chorraha::sumo {

/// Detectors under vehicles of which only the places at the ends of steps are known. What lies
/// between is interpolated; a body covers the lane it is on and what it still stands on behind.
/// Order:   in a step `seen` or `gone` for everybody, then `finish`.
/// Threads: one owner at a time. `network` outlives it.
class VehicleLoops {
 public:
  explicit VehicleLoops(const Network& network);

  /// Where one vehicle is at the end of the step.
  struct Place {
    std::uint64_t vehicle = 0;
    LaneIndex lane;         // none(): inside a junction, on its way from the last one
    double position_m = 0;  // front, on `lane`
    double speed_mps = 0;   // over the step
    double length_m = 5.0;
    VehicleClass vehicle_class = VehicleClass::car;
  };
  void seen(const Place& place, double step_s);
  /// It arrived, or was taken off the road.
  void gone(std::uint64_t vehicle);

  /// Detections of the step that began at `begin`, by time; starts a new step.
  void finish(Instant begin, double step_s, std::vector<Detection>& out) {
    loops_.finish(begin, step_s, out);
  }

 private:
  /// A lane under a body; its front may have left it: then `front_m` is beyond the end.
  struct Covered {
    LaneIndex lane;
    double front_m = 0;
  };
  struct Body {
    Place now;
    std::vector<Covered> lanes;  // the newest last
  };
  void drive(const Body& body, LaneIndex lane, double from_m, double to_m);
  void drive_on(Body& body, double gone_m);
  void stay(Body& body);
  void change_lane(Body& body);
  void enter(Body& body, double gone_m);
  void appear(Body& body);
  void vanish(Body& body);
  void forget_left_behind(Body& body) const;
  [[nodiscard]] std::vector<LaneIndex> way_to(LaneIndex from, LinkIndex link, double reach_m) const;
  [[nodiscard]] double way_over_m(LaneIndex from, LaneIndex to) const;

  const Network& network_;
  sim::VirtualLoops loops_;
  std::unordered_map<std::uint64_t, Body> bodies_;
};

}  // namespace chorraha::sumo
