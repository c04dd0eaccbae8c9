#include "sim/virtual_camera.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

const CameraPose pose{-12, -55, 9, 78, -14, 420};
constexpr PictureSize size{640, 360};

VehicleView car_at(Point front) {
  VehicleView car;
  car.number = 3;
  car.front = front;
  car.heading_rad = std::numbers::pi / 2;
  return car;
}

double grey_at(const Frame& frame, Pixel at) {
  const auto place = static_cast<std::size_t>(at.y) * static_cast<std::size_t>(frame.width) +
                     static_cast<std::size_t>(at.x);
  return (*frame.bytes)[place];
}

// Mean difference of a 5 x 5 patch.
double change(const Frame& a, const Frame& b, Pixel at) {
  double sum = 0;
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx)
      sum += std::abs(grey_at(a, {at.x + dx, at.y + dy}) - grey_at(b, {at.x + dx, at.y + dy}));
  }
  return sum / 25;
}

VirtualCamera camera(Frame::Format format) {
  return VirtualCamera(test::one_junction(),
                       {.id = CameraId{"c"}, .pose = pose, .size = size, .format = format});
}

TEST(VirtualCamera, looks_along_its_axis) {
  const CameraPose east{0, 0, 5, 0, 0, 400};

  const auto middle = project(east, size, {10, 0}, 5);
  const auto right = project(east, size, {10, -1}, 5);
  const auto ground = project(east, size, {10, 0}, 0);

  EXPECT_EQ(middle, (Pixel{320, 180}));
  EXPECT_DOUBLE_EQ(right->x, 360);   // 400 px * 1 m / 10 m
  EXPECT_DOUBLE_EQ(ground->y, 380);  // 5 m below
  EXPECT_FALSE(project(east, size, {-10, 0}, 5));
}

TEST(VirtualCamera, pitch_lowers_the_view) {
  const CameraPose down{0, 0, 10, 90, -45, 400};

  const auto at = project(down, size, {0, 10}, 0);

  EXPECT_NEAR(at->x, 320, 1e-9);
  EXPECT_NEAR(at->y, 180, 1e-9);
}

TEST(VirtualCamera, draws_a_vehicle_where_project_says) {
  VirtualCamera drawing = camera(Frame::Format::grey8);
  const Point front{1.5, -25};
  const std::array cars{car_at(front)};
  const Pixel on_it = *project(pose, size, {1.5, -27.5}, 0.8);
  const Pixel off_it = *project(pose, size, {1.5, -40}, 0);

  const Frame empty = drawing.render({}, {}, 0, Instant{});
  const Frame with_car = drawing.render(cars, {}, 0, Instant{});

  EXPECT_GT(change(empty, with_car, on_it), 20);
  EXPECT_LT(change(empty, with_car, off_it), 1);
}

TEST(VirtualCamera, background_lies_still_but_is_never_clean) {
  VirtualCamera drawing = camera(Frame::Format::grey8);
  const Pixel road = *project(pose, size, {1.5, -35});

  const Frame first = drawing.render({}, {}, 0, Instant{});
  const Frame second = drawing.render({}, {}, 1, Instant{});

  EXPECT_GT(change(first, second, road), 0.5);
  EXPECT_LT(change(first, second, road), 8);
}

TEST(VirtualCamera, frames_say_what_they_are) {
  VirtualCamera drawing = camera(Frame::Format::bgr24);

  const Frame frame = drawing.render({}, {}, 17, Instant{} + Milliseconds{40});

  EXPECT_EQ(frame.number, 17);
  EXPECT_EQ(frame.width, 640);
  EXPECT_EQ(frame.height, 360);
  EXPECT_EQ(frame.stride_bytes, 3 * 640);
  EXPECT_EQ(frame.bytes->size(), 3U * 640 * 360);
  EXPECT_EQ(frame.captured, Instant{} + Milliseconds{40});
}

}  // namespace
}  // namespace chorraha
