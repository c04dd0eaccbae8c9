#pragma once

#include <utility>
#include <vector>

#include <opencv2/core.hpp>

namespace chorraha::vision {

/// One patch of the street at one moment, with what a detector may want to compare it with.
struct PatchView {
  cv::Mat grey;        // CV_8UC1, now
  cv::Mat background;  // CV_8UC1, the empty road as far as known
  cv::Mat visible;     // CV_8UC1, 255 where the picture shows something
  const std::vector<std::pair<double, cv::Mat>>* earlier = nullptr;  // seconds before now, grey
};

/// One thing that a detector takes for a vehicle, in patch pixels.
struct Sight {
  cv::Rect2d box;
  cv::Point2d velocity_px_per_s;  // as seen, not filtered
  double area_px = 0;             // of the box, that the vehicle fills
  double score = 0;               // 0 to 1: how much of the box agrees
};

/// Who is a vehicle in this patch? The step that a trained network can take over: it sees the same
/// and answers the same.
/// Order:   views of one patch, in time. Threads: one owner at a time.
class VehicleDetector {
 public:
  VehicleDetector() = default;
  VehicleDetector(const VehicleDetector&) = delete;
  VehicleDetector& operator=(const VehicleDetector&) = delete;
  VehicleDetector(VehicleDetector&&) = delete;
  VehicleDetector& operator=(VehicleDetector&&) = delete;
  virtual ~VehicleDetector() = default;

  [[nodiscard]] virtual std::vector<Sight> find(const PatchView& view) = 0;
};

}  // namespace chorraha::vision
