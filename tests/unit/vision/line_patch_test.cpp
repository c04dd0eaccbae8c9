#include "vision/line_patch.hpp"

#include <gtest/gtest.h>

namespace chorraha::vision {
namespace {

TEST(LinePatch, turns_travel_down_and_keeps_the_scale_both_ways) {
  const CountingLine line{"l", {300, 200}, {100, 200}, PictureDirection::up, {}};

  const LinePatch patch = LinePatch::make(line, line.direction, {400, 400}).value();

  const Pixel on_line = patch.in_picture(0, LinePatch::line_row);
  const Pixel ahead = patch.in_picture(0, LinePatch::line_row + 10);
  EXPECT_NEAR(on_line.y, 200, 1e-9);
  EXPECT_NEAR(on_line.y - ahead.y, 10 / patch.scale(), 1e-9);
  EXPECT_NEAR(patch.in_picture(10, 0).x - patch.in_picture(0, 0).x, -10 / patch.scale(), 1e-9);
}

TEST(LinePatch, enlarges_short_lines_and_limits_long_ones) {
  const auto columns = [](double length_px) {
    const CountingLine line{"l", {0, 300}, {length_px, 300}, PictureDirection::down, {}};
    return LinePatch::make(line, line.direction, {1200, 600}).value().columns();
  };

  EXPECT_EQ(columns(50), LinePatch::columns_min);
  EXPECT_EQ(columns(600), 160);
  EXPECT_EQ(columns(1200), LinePatch::columns_max);
}

TEST(LinePatch, shows_the_picture_where_it_says_it_does) {
  const cv::Mat picture(360, 640, CV_8UC1, cv::Scalar(50));
  picture(cv::Rect(300, 170, 40, 20)).setTo(200);
  const CountingLine line{"l", {100, 180}, {500, 180}, PictureDirection::down, {}};
  const LinePatch patch = LinePatch::make(line, line.direction, picture.size()).value();

  const cv::Mat cut = patch.cut(picture);

  const int column = static_cast<int>((320 - 100) * patch.scale());
  EXPECT_GT(cut.at<std::uint8_t>(48, column), 190);
  EXPECT_LT(cut.at<std::uint8_t>(70, column), 60);
}

TEST(LinePatch, sees_neither_beyond_the_border_nor_under_the_mask) {
  const CountingLine line{"l", {100, 5}, {500, 5}, PictureDirection::down, {}};
  const LinePatch patch = LinePatch::make(line, line.direction, {640, 360}).value();

  const cv::Mat visible = patch.visible({{0, 40}, {640, 40}, {640, 360}, {0, 360}});

  EXPECT_EQ(visible.at<std::uint8_t>(2, 80), 0);  // above the picture
  EXPECT_EQ(visible.at<std::uint8_t>(50, 80), 255);
  EXPECT_EQ(visible.at<std::uint8_t>(90, 80), 0);  // masked
}

}  // namespace
}  // namespace chorraha::vision
