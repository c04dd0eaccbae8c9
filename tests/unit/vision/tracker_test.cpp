#include "vision/tracker.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace chorraha::vision {
namespace {

constexpr double step_s = 0.04;
const Tracker::Covered always = [](const cv::Rect2d&) { return 1.0; };
const Tracker::Covered never = [](const cv::Rect2d&) { return 0.0; };

Sight sight(double x, double y, double width, double height, double speed = 100) {
  return {cv::Rect2d(x, y, width, height), {0, speed}, width * height, 1.0};
}

// Follows boxes that move down together from `y` for `steps`.
void follow(Tracker& tracker, std::vector<Sight> sights, int steps,
            const Tracker::Covered& covered) {
  for (int i = 0; i < steps; ++i) {
    tracker.step(sights, step_s, covered);
    for (Sight& seen : sights) seen.box.y += seen.velocity_px_per_s.y * step_s;
  }
}

TEST(Tracker, follows_one_vehicle_as_one_track) {
  Tracker tracker({160, 96});

  follow(tracker, {sight(40, 0, 30, 30)}, 10, always);

  ASSERT_EQ(tracker.tracks().size(), 1U);
  EXPECT_EQ(tracker.tracks()[0].hits, 10);
  EXPECT_NEAR(tracker.tracks()[0].box.y, 36, 2);
}

TEST(Tracker, coasts_over_a_gap_and_gives_up_after_half_a_second) {
  Tracker tracker({160, 96});
  follow(tracker, {sight(40, 0, 30, 30, 60)}, 5, never);

  for (int i = 0; i < 10; ++i) tracker.step({}, step_s, never);
  EXPECT_EQ(tracker.tracks().size(), 1U);
  for (int i = 0; i < 3; ++i) tracker.step({}, step_s, never);

  EXPECT_TRUE(tracker.tracks().empty());
  EXPECT_EQ(tracker.lost().size(), 1U);
}

TEST(Tracker, holds_a_standing_vehicle_as_long_as_its_pixels_differ_from_the_road) {
  Tracker tracker({160, 96});
  follow(tracker, {sight(40, 0, 30, 20, 100)}, 8, always);
  for (int i = 0; i < 12; ++i)  // it brakes
    tracker.step({{tracker.tracks()[0].box, {0, 2}, 600, 1.0}}, step_s, always);

  for (int i = 0; i < 1500; ++i) tracker.step({}, step_s, always);  // a minute of red
  ASSERT_EQ(tracker.tracks().size(), 1U);
  EXPECT_TRUE(tracker.tracks()[0].standing);
  for (int i = 0; i < 15; ++i) tracker.step({}, step_s, never);  // it was gone unseen

  EXPECT_TRUE(tracker.tracks().empty());
}

TEST(Tracker, keeps_two_vehicles_apart_while_their_sights_melt) {
  Tracker tracker({160, 96});
  follow(tracker, {sight(30, 0, 30, 30), sight(70, 0, 30, 30)}, 6, always);

  follow(tracker, {{cv::Rect2d(30, 24, 70, 30), {0, 100}, 1900, 1.0}}, 4, always);

  EXPECT_EQ(tracker.tracks().size(), 2U);
}

TEST(Tracker, makes_one_vehicle_of_pieces_that_turn_out_to_be_one) {
  Tracker tracker({160, 96});
  follow(tracker, {sight(30, 0, 40, 24), sight(32, 26, 36, 6)}, 2, always);
  ASSERT_EQ(tracker.tracks().size(), 2U);

  follow(tracker, {sight(30, 8, 40, 32)}, 1, always);

  EXPECT_EQ(tracker.tracks().size(), 1U);
}

}  // namespace
}  // namespace chorraha::vision
