#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "traffic/frame.hpp"
#include "traffic/health.hpp"

namespace chorraha {

/// Judges whether a camera sees: once a second of `Frame::time_s` it looks at one picture, 64
/// columns wide.
/// dark     no more than 2 % of the pixels are brighter than 40 of 255: neither lamps nor road.
/// blurred  the sharpest edges (99th percentile of the gradient) fell under 0.4 of the best second
///          since the start, or under 6 grey levels: fog, dirt, a lens out of focus.
/// moved    the still edges lie elsewhere than in the reference (correlation under 0.4 in 3 looks
///          in succession); the new view becomes the reference after 60 s.
/// frozen   the picture is the same, bit for bit, as one second before.
/// Shares are of the looks of the last 60 s; a dark picture is never blurred or moved.
/// Threads: one owner at a time.
class SensorHealth {
 public:
  explicit SensorHealth(CameraId camera);

  void see(const Frame& frame);

  /// What is known at `at`; `streaming` and `trouble` are the caller's.
  [[nodiscard]] CameraHealth report(Instant at) const;

 private:
  struct Look {
    bool dark = false, blurred = false, moved = false, frozen = false;
  };
  [[nodiscard]] Look judge(const Frame& frame);
  [[nodiscard]] bool has_moved(const std::vector<float>& edges);

  CameraId camera_;
  std::deque<Look> looks_;            // at most 60
  std::deque<double> frame_times_s_;  // of the last 2 s, at most 1000
  double next_look_s_ = 0;
  double sharpest_ = 0;
  int looks_elsewhere_ = 0;
  std::vector<float> reference_edges_;
  std::uint64_t last_fingerprint_ = 0;
  bool seen_any_ = false;
};

}  // namespace chorraha
