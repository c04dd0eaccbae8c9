#include "vision/line_patch.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <opencv2/imgproc.hpp>

#include "traffic/expect.hpp"

namespace chorraha::vision {
namespace {

// Columns per line length at the height of the picture: a lane of a usual camera is 30 to 80 px.
constexpr double columns_per_height = 160.0;

cv::Vec2d unit_of(PictureDirection direction) {
  switch (direction) {
    case PictureDirection::up:
      return {0, -1};
    case PictureDirection::down:
      return {0, 1};
    case PictureDirection::left:
      return {-1, 0};
    case PictureDirection::right:
      return {1, 0};
    case PictureDirection::both:
      break;
  }
  CHORRAHA_EXPECT(direction != PictureDirection::both);
  return {0, 1};
}

std::string text_of(const CountingLine& line) {
  const auto number = [](double value) { return std::to_string(std::lround(value)); };
  return "[" + number(line.p1.x) + "," + number(line.p1.y) + "] to [" + number(line.p2.x) + "," +
         number(line.p2.y) + "]";
}

cv::Point2d apply(const cv::Matx23d& map, double column, double row) {
  return {map(0, 0) * column + map(0, 1) * row + map(0, 2),
          map(1, 0) * column + map(1, 1) * row + map(1, 2)};
}

cv::Rect bounds(const cv::Matx23d& to_picture, int columns, int rows, cv::Size picture) {
  double left = 1e9;
  double top = 1e9;
  double right = -1e9;
  double bottom = -1e9;
  for (const int column : {0, columns}) {
    for (const int row : {0, rows}) {
      const cv::Point2d corner = apply(to_picture, column, row);
      left = std::min(left, corner.x);
      right = std::max(right, corner.x);
      top = std::min(top, corner.y);
      bottom = std::max(bottom, corner.y);
    }
  }
  const cv::Rect box(
      cv::Point(static_cast<int>(std::floor(left)) - 2, static_cast<int>(std::floor(top)) - 2),
      cv::Point(static_cast<int>(std::ceil(right)) + 2, static_cast<int>(std::ceil(bottom)) + 2));
  return box & cv::Rect(cv::Point(0, 0), picture);
}

}  // namespace

Result<LinePatch> LinePatch::make(const CountingLine& line, PictureDirection direction,
                                  cv::Size picture) {
  const cv::Vec2d p1(line.p1.x, line.p1.y);
  cv::Vec2d along = cv::Vec2d(line.p2.x, line.p2.y) - p1;
  const double length = cv::norm(along);
  const std::string thing = "line \"" + line.name + "\"";
  if (!(length >= line_length_min_px))
    return Fault{Reason::bad_input, thing, text_of(line), "a line of at least 8 pixels"};
  const cv::Rect2d frame(-1, -1, picture.width + 2, picture.height + 2);
  if (!frame.contains(cv::Point2d(line.p1.x, line.p1.y)) ||
      !frame.contains(cv::Point2d(line.p2.x, line.p2.y)))
    return Fault{Reason::bad_input, thing, text_of(line),
                 "a line inside the picture of " + std::to_string(picture.width) + "x" +
                     std::to_string(picture.height)};

  along /= length;
  cv::Vec2d travel(-along[1], along[0]);
  const double agreement = travel.dot(unit_of(direction));
  if (std::abs(agreement) < 0.05)  // within 3 degrees of the line: nobody can cross it that way
    return Fault{Reason::bad_input, thing,
                 text_of(line) + " with direction " + std::string(name_of(direction)),
                 "a direction across the line"};
  if (agreement < 0) travel = -travel;

  LinePatch patch;
  patch.picture_ = picture;
  patch.columns_ =
      std::clamp(static_cast<int>(std::lround(columns_per_height * length / picture.height)),
                 columns_min, columns_max);
  patch.scale_ = patch.columns_ / length;
  const double step = 1.0 / patch.scale_;
  const cv::Vec2d origin = p1 + along * (0.5 * step) - travel * (line_row * step);
  patch.to_picture_ = cv::Matx23d(along[0] * step, travel[0] * step, origin[0],  //
                                  along[1] * step, travel[1] * step, origin[1]);
  patch.reach_ = bounds(patch.to_picture_, patch.columns_, rows, picture);
  patch.reduction_ = std::max(1, static_cast<int>(std::floor(step)));
  const double shrink = 1.0 / patch.reduction_;
  patch.to_reduced_ = patch.to_picture_ * 1.0;
  patch.to_reduced_(0, 2) -= patch.reach_.x;
  patch.to_reduced_(1, 2) -= patch.reach_.y;
  patch.to_reduced_ = patch.to_reduced_ * shrink;
  // Centres: pixel i of the shrunk picture covers i·k … i·k + k − 1.
  patch.to_reduced_(0, 2) += 0.5 * shrink - 0.5;
  patch.to_reduced_(1, 2) += 0.5 * shrink - 0.5;
  return patch;
}

cv::Mat LinePatch::cut(const cv::Mat& picture) const {
  CHORRAHA_EXPECT(picture.size() == picture_);
  cv::Mat reach = picture(reach_);
  if (reduction_ > 1) {
    const cv::Size size(std::max(1, reach.cols / reduction_), std::max(1, reach.rows / reduction_));
    const cv::Rect whole(0, 0, std::min(reach.cols, size.width * reduction_),
                         std::min(reach.rows, size.height * reduction_));
    cv::Mat shrunk;
    cv::resize(reach(whole), shrunk, size, 0, 0, cv::INTER_AREA);
    reach = shrunk;
  }
  if (reach.channels() == 3) {
    cv::Mat grey;
    cv::cvtColor(reach, grey, cv::COLOR_BGR2GRAY);
    reach = grey;
  }
  cv::Mat patch;
  cv::warpAffine(reach, patch, to_reduced_, cv::Size(columns_, rows),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return patch;
}

cv::Mat LinePatch::visible(const std::vector<Pixel>& masked) const {
  cv::Mat shown(picture_, CV_8UC1, cv::Scalar(255));
  if (masked.size() >= 3) {
    std::vector<cv::Point> polygon;
    polygon.reserve(masked.size());
    for (const Pixel& corner : masked)
      polygon.emplace_back(static_cast<int>(std::lround(corner.x)),
                           static_cast<int>(std::lround(corner.y)));
    cv::fillPoly(shown, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(0));
  }
  cv::Mat patch;
  cv::warpAffine(shown, patch, to_picture_, cv::Size(columns_, rows),
                 cv::INTER_NEAREST | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, cv::Scalar(0));
  return patch;
}

Pixel LinePatch::in_picture(double column, double row) const {
  const cv::Point2d at = apply(to_picture_, column, row);
  return {at.x, at.y};
}

}  // namespace chorraha::vision
