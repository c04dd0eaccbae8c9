#include "apps/count/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <opencv2/imgproc.hpp>

namespace chorraha::count {
namespace {

const cv::Scalar line_colour(255, 220, 0);
const cv::Scalar occupied_colour(0, 200, 255);
const cv::Scalar followed_colour(0, 220, 0);
const cv::Scalar counted_colour(60, 60, 255);

cv::Point point_of(const Pixel& pixel) {
  return {static_cast<int>(std::lround(pixel.x)), static_cast<int>(std::lround(pixel.y))};
}

}  // namespace

void draw_overlay(cv::Mat& picture, const std::vector<CountingLine>& lines,
                  const std::vector<LineFigures>& figures,
                  const std::vector<VehicleOutline>& outlines) {
  const int stroke = std::max(1, picture.rows / 360);
  const double letter = std::max(0.4, picture.rows / 720.0);
  for (const VehicleOutline& outline : outlines) {
    std::vector<cv::Point> corners;
    corners.reserve(outline.corners.size());
    for (const Pixel& corner : outline.corners) corners.push_back(point_of(corner));
    cv::polylines(picture, corners, true, outline.counted ? counted_colour : followed_colour,
                  stroke);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const cv::Scalar& colour = figures[i].occupied ? occupied_colour : line_colour;
    cv::line(picture, point_of(lines[i].p1), point_of(lines[i].p2), colour, stroke);
    const cv::Point beside = point_of(lines[i].p1) + cv::Point(4 * stroke, -4 * stroke);
    cv::putText(picture, lines[i].name + ": " + std::to_string(figures[i].count), beside,
                cv::FONT_HERSHEY_SIMPLEX, letter, colour, stroke, cv::LINE_AA);
  }
}

}  // namespace chorraha::count
