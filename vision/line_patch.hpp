#pragma once

#include <vector>

#include <opencv2/core.hpp>

#include "traffic/camera.hpp"
#include "traffic/result.hpp"

namespace chorraha::vision {

/// The rectified patch around one counting line: columns run along the line, rows in the direction
/// of travel (down), the same scale both ways, so that a vehicle keeps its shape at any speed.
/// Size: 112 to 176 columns (160 · line length / picture height), 96 rows, the line at row 48.
class LinePatch {
 public:
  static constexpr int rows = 96;
  static constexpr double line_row = 48.0;
  static constexpr int columns_min = 112;
  static constexpr int columns_max = 176;
  static constexpr double line_length_min_px = 8.0;

  /// `direction` is never `both`. Faults: bad_input for a short line or one outside the picture.
  [[nodiscard]] static Result<LinePatch> make(const CountingLine& line, PictureDirection direction,
                                              cv::Size picture);

  /// The patch of a picture (CV_8UC1 or CV_8UC3) as CV_8UC1; beyond the border the edge repeats.
  [[nodiscard]] cv::Mat cut(const cv::Mat& picture) const;

  /// 255 where the patch shows the picture and no pixel of the camera's mask, else 0.
  [[nodiscard]] cv::Mat visible(const std::vector<Pixel>& masked) const;

  [[nodiscard]] Pixel in_picture(double column, double row) const;
  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] double scale() const { return scale_; }  // patch pixels per picture pixel

 private:
  LinePatch() = default;

  cv::Size picture_;
  cv::Rect reach_;     // of the picture that the patch needs
  int reduction_ = 1;  // whole factor by which `reach_` is shrunk first (against aliasing)
  int columns_ = 0;
  double scale_ = 1.0;
  cv::Matx23d to_picture_;  // patch column, row → picture
  cv::Matx23d to_reduced_;  // patch column, row → shrunk reach
};

}  // namespace chorraha::vision
