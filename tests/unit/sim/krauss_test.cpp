#include "sim/krauss.hpp"

#include <gtest/gtest.h>

namespace chorraha::sim {
namespace {

// Drives towards an obstacle `gap_m` ahead that stands; says where it came to stand.
double stands_before(const Krauss& krauss, double gap_m, double speed) {
  for (int i = 0; i < 1000; ++i) {
    speed = std::min(krauss.stop_speed(gap_m), speed + krauss.acceleration_mps2 * krauss.step_s);
    gap_m -= speed * krauss.step_s;
  }
  return gap_m;
}

TEST(Krauss, stops_before_an_obstacle_for_every_step_length) {
  for (const double step_s : {0.1, 0.2, 0.5, 1.0}) {
    const Krauss krauss{step_s, 2.6, 4.5, 1.0};
    for (const double gap_m : {30.0, 60.0, 111.0}) {
      const double left_m = stands_before(krauss, gap_m, 10);
      EXPECT_GE(left_m, 0) << step_s << " " << gap_m;
      EXPECT_LT(left_m, 0.2) << step_s << " " << gap_m;
    }
  }
}

TEST(Krauss, braking_distance_is_whole_steps) {
  const Krauss krauss{1.0, 2.6, 4.5, 1.0};

  // 13.5 m/s: 9, 4.5, 0.
  EXPECT_DOUBLE_EQ(krauss.braking_m(13.5), 13.5);
}

TEST(Krauss, never_hits_a_leader_that_brakes_as_hard_as_it_may) {
  for (const double step_s : {0.2, 0.5, 1.0}) {
    const Krauss krauss{step_s, 2.6, 4.5, 1.0};
    double speed = 13.9;
    double leader = 13.9;
    double gap_m = 14;
    for (int i = 0; i < 200; ++i) {
      const double next = std::min(krauss.follow_speed(gap_m, speed, leader, 4.5),
                                   speed + krauss.acceleration_mps2 * step_s);
      leader = std::max(0.0, leader - 4.5 * step_s);
      gap_m += (leader - next) * step_s;
      speed = next;
      EXPECT_GE(gap_m, 0) << step_s;
    }
  }
}

TEST(Krauss, slows_in_time_for_a_lower_limit) {
  const Krauss krauss{1.0, 2.6, 4.5, 1.0};
  double gap_m = 40;
  double speed = 13.9;
  while (gap_m > speed) {
    speed = std::min(13.9, krauss.slowing_speed(gap_m, 5));
    gap_m -= speed;
  }
  EXPECT_LE(krauss.slowing_speed(gap_m, 5), 5 + 4.5);
}

TEST(Krauss, time_to_a_place_counts_acceleration) {
  const Krauss krauss{1.0, 2.0, 4.5, 1.0};

  EXPECT_DOUBLE_EQ(krauss.seconds_to(4, 0, 10), 2.0);   // 2 t^2 / 2
  EXPECT_DOUBLE_EQ(krauss.seconds_to(35, 0, 10), 6.0);  // 5 s and 25 m, then 1 s and 10 m
}

}  // namespace
}  // namespace chorraha::sim
