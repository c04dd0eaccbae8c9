#include "control/lane_estimate.hpp"

#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using test::noon_utc;
using Place = LaneEstimate::Place;

Instant at(double seconds) {
  return noon_utc + Milliseconds{std::llround(seconds * 1000)};
}
Detection seen(double seconds, Detection::Kind kind) {
  Detection detection;
  detection.at = at(seconds);
  detection.kind = kind;
  return detection;
}

/// A lane of 10 m/s with an advance loop at 80 m and a loop at the stop line.
class LaneOfTwoLoops : public testing::Test {
 protected:
  LaneOfTwoLoops() {
    lane.set_advance(80);
    lane.set_stop_line();
    lane.advance(at(0), false, at(-30));
  }
  void enter(double seconds) {
    lane.detect(Place::advance, seen(seconds, Detection::Kind::on));
    lane.detect(Place::advance, seen(seconds + 0.5, Detection::Kind::off));
  }
  void leave(double seconds) {
    lane.detect(Place::stop_line, seen(seconds, Detection::Kind::on));
    lane.detect(Place::stop_line, seen(seconds + 0.8, Detection::Kind::off));
  }
  LaneEstimate lane{10.0, {}};
};

TEST_F(LaneOfTwoLoops, expects_who_passed_the_advance_loop_after_its_way) {
  enter(1);
  lane.advance(at(2), false, at(-30));

  const LaneScene scene = lane.scene(at(2));

  ASSERT_EQ(scene.arrivals.size(), 1U);
  EXPECT_NEAR(scene.arrivals[0].at_s, 7.0, 0.01);
  EXPECT_DOUBLE_EQ(scene.queue_veh, 0.0);
}

TEST_F(LaneOfTwoLoops, counts_in_under_red_and_out_under_green) {
  for (int i = 0; i < 4; ++i) enter(1.0 + 2 * i);
  lane.detect(Place::stop_line, seen(9, Detection::Kind::on));  // the first one stands there
  lane.advance(at(20), false, at(-30));
  EXPECT_DOUBLE_EQ(lane.scene(at(20)).queue_veh, 4.0);

  lane.advance(at(20.1), true, at(20));
  lane.detect(Place::stop_line, seen(22, Detection::Kind::off));
  leave(24);
  lane.advance(at(25), true, at(20));

  EXPECT_DOUBLE_EQ(lane.scene(at(25)).queue_veh, 2.0);
  EXPECT_DOUBLE_EQ(lane.take_departures(), 2.0);
}

TEST_F(LaneOfTwoLoops, believes_an_occupied_stop_line_before_its_counts) {
  lane.detect(Place::stop_line, seen(5, Detection::Kind::on));
  lane.advance(at(8), false, at(-30));

  EXPECT_GE(lane.scene(at(8)).queue_veh, 1.0);
}

TEST_F(LaneOfTwoLoops, forgets_a_queue_that_a_free_stop_line_under_green_disproves) {
  for (int i = 0; i < 6; ++i) enter(1.0 + i * 2);  // and all leave unseen
  leave(22);
  for (int now = 20; now < 34; ++now) lane.advance(at(now), true, at(18));

  EXPECT_DOUBLE_EQ(lane.scene(at(34)).queue_veh, 0.0);
}

TEST_F(LaneOfTwoLoops, forgets_who_never_stood_at_the_stop_line_under_red) {
  for (int i = 0; i < 3; ++i) enter(1.0 + i * 2);  // and all change lanes on the way
  lane.advance(at(14), false, at(-30));
  EXPECT_DOUBLE_EQ(lane.scene(at(14)).queue_veh, 3.0);

  lane.advance(at(24), false, at(-30));

  EXPECT_DOUBLE_EQ(lane.scene(at(24)).queue_veh, 0.0);
}

TEST_F(LaneOfTwoLoops, does_not_believe_a_stop_line_that_never_says_a_word) {
  for (int i = 0; i < 30; ++i) enter(1.0 + i * 2);
  lane.advance(at(65), false, at(-30));
  lane.advance(at(75), false, at(-30));

  EXPECT_GT(lane.scene(at(75)).queue_veh, 5.0);  // it is dead: they stand there all the same

  lane.advance(at(80), true, at(75));
  EXPECT_LT(lane.scene(at(80)).queue_veh, lane.scene(at(75)).queue_veh + 1);
}

TEST_F(LaneOfTwoLoops, sees_a_queue_reach_the_advance_loop_that_it_missed) {
  lane.detect(Place::advance, seen(1, Detection::Kind::on));
  lane.advance(at(10), false, at(-30));

  EXPECT_GE(lane.scene(at(10)).queue_veh, 10.0);  // 80 m of 7.5 m
  EXPECT_GT(lane.scene(at(10)).queue_variance_veh2, 0.9);
}

TEST_F(LaneOfTwoLoops, does_not_count_out_who_creeps_forward_under_red) {
  enter(1);
  lane.advance(at(10), false, at(-30));
  leave(11);
  lane.advance(at(13), false, at(-30));

  EXPECT_GE(lane.scene(at(13)).queue_veh, 1.0);
}

TEST(LaneOfNothing, grows_under_red_so_that_it_is_served) {
  LaneEstimate lane(10.0, {});
  lane.advance(at(0), false, at(0));
  for (int now = 1; now <= 100; ++now) lane.advance(at(now), false, at(0));

  EXPECT_NEAR(lane.scene(at(100)).queue_veh, 2.0, 0.05);  // 0.02 veh/s
}

TEST(LaneOfAnAdvanceLoop, drains_at_the_saturation_headway_under_green) {
  LaneEstimate lane(10.0, {});
  lane.set_advance(50);
  lane.advance(at(0), false, at(-10));
  for (int i = 0; i < 5; ++i)
    lane.detect(Place::advance, seen(1 + 2 * i, Detection::Kind::crossing));
  lane.advance(at(20), false, at(-10));
  for (int now = 21; now <= 26; ++now) lane.advance(at(now), true, at(20));

  // Green at 20 s; out at 22.0, 23.9, 25.8.
  EXPECT_DOUBLE_EQ(lane.scene(at(26)).queue_veh, 2.0);
}

void make_errors(std::mt19937& random) {
  std::uniform_real_distribution<double> chance(0, 1);
  LaneEstimate lane(10.0, {});
  lane.set_advance(80);
  lane.set_stop_line();
  bool in_on = false;
  bool out_on = false;
  double green_s = 0;
  bool open = false;
  for (int now = 1; now < 400; ++now) {
    if (now % 30 == 0) {
      open = !open;
      green_s = now;
    }
    const auto flip = [&](Place place, bool& on, double likely) {
      if (chance(random) > likely) return;
      on = !on;
      lane.detect(
          place, seen(now + chance(random) * 0.9, on ? Detection::Kind::on : Detection::Kind::off));
    };
    flip(Place::advance, in_on, 0.3);
    flip(Place::stop_line, out_on, 0.3);
    lane.advance(at(now + 1), open, at(green_s));
    const LaneScene scene = lane.scene(at(now + 1));
    ASSERT_GE(scene.queue_veh, 0.0);
    ASSERT_LE(lane.vehicles(), 200.0);
    ASSERT_GE(scene.queue_variance_veh2, 0.0);
  }
  if (in_on) lane.detect(Place::advance, seen(401, Detection::Kind::off));
  if (out_on) lane.detect(Place::stop_line, seen(401, Detection::Kind::off));
  for (int now = 402; now < 440; ++now) lane.advance(at(now), true, at(401));
  EXPECT_DOUBLE_EQ(lane.scene(at(440)).queue_veh, 0.0);
}

// Whatever is missed or invented: never negative, never more than fits, and right again after a
// quiet green.
TEST(LaneEstimate, never_goes_negative_and_recovers_after_any_errors) {
  constexpr unsigned seed = 31;
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    ASSERT_NO_FATAL_FAILURE(make_errors(random));
  }
}

}  // namespace
}  // namespace chorraha
