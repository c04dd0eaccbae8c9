#pragma once

#include <vector>

#include <opencv2/core.hpp>

namespace chorraha::vision {

/// The empty road of one patch, as grey levels.
/// Start: the median of the first pictures. Then each pixel goes to what it sees with its own time
/// constant: 1.5 s on free road, 3 s where something moves, 60 s under a vehicle that has moved
/// (so that one standing over a red does not fade, and a ghost in the starting median does).
class Background {
 public:
  enum class Cover : unsigned char { free = 0, moving = 1, standing = 2 };

  /// Needs at least one picture; all CV_8UC1 of one size.
  void start(const std::vector<cv::Mat>& pictures);
  [[nodiscard]] bool started() const { return !level_.empty(); }

  /// `cover`: CV_8UC1 of Cover values. `step_s`: since the last picture.
  void learn(const cv::Mat& grey, const cv::Mat& cover, double step_s);

  [[nodiscard]] const cv::Mat& grey() const { return grey_; }  // CV_8UC1

 private:
  cv::Mat level_;  // CV_32FC1
  cv::Mat grey_;
};

/// Moves `grey` by up to 2 px so that it lies on `background` where nothing covers it: takes out
/// the shaking of a mast. Pixels that come in from outside repeat the edge.
[[nodiscard]] cv::Mat steadied(const cv::Mat& grey, const cv::Mat& background,
                               const cv::Mat& cover);

}  // namespace chorraha::vision
