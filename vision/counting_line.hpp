#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "vision/background.hpp"
#include "vision/detector.hpp"
#include "vision/line_patch.hpp"
#include "vision/tracker.hpp"

namespace chorraha::vision {

/// A vehicle that has crossed, in patch pixels.
struct Crossing {
  std::int64_t frame = 0;
  double time_s = 0;
  cv::Rect2d box;
  cv::Point2d velocity_px_per_s;
  double confidence = 0;
};

/// Counts one direction of one line. Pictures that repeat the one before are skipped; the first 25
/// different ones (at most 1 s) are kept back to learn the empty road, then replayed.
/// Threads: one owner at a time.
class CountingLine {
 public:
  CountingLine(LinePatch patch, cv::Mat visible, std::unique_ptr<VehicleDetector> detector);

  struct Picture {
    std::int64_t frame = 0;
    double time_s = 0;
    cv::Mat grey;  // the patch
  };

  [[nodiscard]] std::vector<Crossing> see(Picture picture);
  /// The end: pictures kept back, and vehicles whose centre is past the line.
  [[nodiscard]] std::vector<Crossing> finish();

  [[nodiscard]] const LinePatch& patch() const { return patch_; }
  [[nodiscard]] const std::vector<Track>& tracks() const { return tracker_.tracks(); }
  [[nodiscard]] bool occupied() const { return occupied_; }
  [[nodiscard]] double occupied_s() const { return occupied_s_; }
  [[nodiscard]] const VehicleDetector& detector() const { return *detector_; }

 private:
  void start(std::vector<Crossing>& crossings);
  void advance(const Picture& picture, std::vector<Crossing>& crossings);
  void judge(const Picture& now, std::vector<Crossing>& crossings);
  void decide(Track& track, const Picture& now, std::vector<Crossing>& crossings);
  [[nodiscard]] bool doubles_another(const Track& track) const;
  [[nodiscard]] cv::Mat cover() const;

  LinePatch patch_;
  cv::Mat visible_;
  std::unique_ptr<VehicleDetector> detector_;
  Background background_;
  Tracker tracker_;
  std::vector<Picture> kept_back_;                    // at most 25
  std::deque<std::pair<double, cv::Mat>> different_;  // time, picture; of the last 0.7 s
  cv::Mat newest_grey_;                               // unsteadied, to know repeats
  double newest_time_s_ = 0;
  Picture last_;  // that was judged
  double accounted_until_s_ = 0;
  double occupied_s_ = 0;
  bool occupied_ = false;
};

}  // namespace chorraha::vision
