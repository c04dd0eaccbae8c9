#include "sensors/sensor_health.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <random>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

constexpr int width = 160;
constexpr int height = 120;

// Blocks of light and dark, shifted by `shift` px, flattened towards grey by `contrast`.
Frame street(int second, int shift, double contrast, int level = 120) {
  static std::mt19937 noise(3);
  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const unsigned block =
          (static_cast<unsigned>(x + shift) / 13U * 31U) ^ (static_cast<unsigned>(y) / 11U * 17U);
      const double light = (block * 2654435761U >> 31U) != 0 ? 80.0 : -80.0;
      const double value = level + contrast * light + static_cast<double>(noise() % 3);
      bytes->push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
    }
  Frame frame;
  frame.number = second;
  frame.time_s = second;
  frame.width = width;
  frame.height = height;
  frame.stride_bytes = width;
  frame.format = Frame::Format::grey8;
  frame.bytes = std::move(bytes);
  return frame;
}

TEST(SensorHealth, finds_nothing_wrong_with_a_clear_street) {
  SensorHealth health(CameraId{"C"});
  for (int s = 0; s < 60; ++s) health.see(street(s, 0, 1.0));

  const CameraHealth report = health.report({});

  EXPECT_EQ(report.camera, CameraId{"C"});
  EXPECT_EQ(report.dark + report.blurred + report.moved + report.frozen, 0.0);
  EXPECT_NEAR(report.frames_per_s, 1.0, 1e-9);
}

TEST(SensorHealth, knows_the_dark) {
  SensorHealth health(CameraId{"C"});
  for (int s = 0; s < 60; ++s) health.see(street(s, 0, s < 30 ? 1.0 : 0.0, s < 30 ? 120 : 5));

  const CameraHealth report = health.report({});

  EXPECT_DOUBLE_EQ(report.dark, 0.5);
  EXPECT_EQ(report.moved, 0.0);
}

TEST(SensorHealth, knows_fog) {
  SensorHealth health(CameraId{"C"});
  for (int s = 0; s < 60; ++s) health.see(street(s, 0, s < 45 ? 1.0 : 0.1));

  EXPECT_NEAR(health.report({}).blurred, 0.25, 1e-9);
}

TEST(SensorHealth, knows_that_it_was_turned_and_gets_used_to_it) {
  SensorHealth health(CameraId{"C"});
  for (int s = 0; s < 30; ++s) health.see(street(s, 0, 1.0));
  for (int s = 30; s < 60; ++s) health.see(street(s, 67, 1.0));
  EXPECT_NEAR(health.report({}).moved, 28.0 / 60, 1e-9);

  for (int s = 60; s < 180; ++s) health.see(street(s, 67, 1.0));

  EXPECT_EQ(health.report({}).moved, 0.0);
}

TEST(SensorHealth, knows_a_picture_that_stands_still_bit_for_bit) {
  SensorHealth health(CameraId{"C"});
  Frame same = street(0, 0, 1.0);
  for (int s = 0; s < 61; ++s) {
    same.time_s = s;
    health.see(same);
  }

  EXPECT_DOUBLE_EQ(health.report({}).frozen, 1.0);
}

}  // namespace
}  // namespace chorraha
