#include "vision/background.hpp"

#include <iostream>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace chorraha::vision {
namespace {

cv::Mat flat(int grey) {
  return cv::Mat(96, 112, CV_8UC1, cv::Scalar(grey));
}
cv::Mat cover(Background::Cover kind) {
  return cv::Mat(96, 112, CV_8UC1, cv::Scalar(static_cast<int>(kind)));
}

TEST(Background, starts_from_the_median_so_that_passing_vehicles_leave_nothing) {
  constexpr int count = 25;
  std::vector<cv::Mat> pictures;
  pictures.reserve(count);
  for (int i = 0; i < count; ++i) pictures.push_back(flat(i % 3 == 0 ? 220 : 90));
  Background background;

  background.start(pictures);

  EXPECT_EQ(background.grey().at<std::uint8_t>(10, 10), 90);
}

TEST(Background, follows_free_road_in_seconds_and_holds_under_a_standing_vehicle) {
  Background free;
  Background standing;
  free.start({flat(90)});
  standing.start({flat(90)});

  for (int i = 0; i < 250; ++i) {  // ten seconds
    free.learn(flat(110), cover(Background::Cover::free), 0.04);
    standing.learn(flat(110), cover(Background::Cover::standing), 0.04);
  }

  EXPECT_EQ(free.grey().at<std::uint8_t>(5, 5), 110);
  EXPECT_LT(standing.grey().at<std::uint8_t>(5, 5), 96);
}

TEST(Steadied, takes_out_a_shift_of_two_pixels) {
  std::mt19937 random(7);
  std::cout << "seed 7\n";
  cv::Mat road(96, 112, CV_8UC1);
  for (int y = 0; y < road.rows; ++y)
    for (int x = 0; x < road.cols; ++x)
      road.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(60 + random() % 100);
  const cv::Mat shaken = road.clone();
  road(cv::Rect(0, 0, 110, 95)).copyTo(shaken(cv::Rect(2, 1, 110, 95)));

  const cv::Mat back = steadied(shaken, road, cover(Background::Cover::free));

  const cv::Rect inner(4, 4, 100, 88);
  EXPECT_EQ(cv::norm(back(inner), road(inner), cv::NORM_INF), 0);
}

}  // namespace
}  // namespace chorraha::vision
