#include "apps/make_city/intergreen.hpp"

#include <gtest/gtest.h>

namespace chorraha::make_city {
namespace {

Movement way(Polyline shape, Turn turn = Turn::straight) {
  Movement movement;
  movement.shape = std::move(shape);
  movement.turn = turn;
  return movement;
}

// Both ways cross 20 m behind either stop line. The last touch of bodies 2.5 m apart is
// 20 + 2.5 m on, for whoever enters as near as 20 m: 3 + (22.5 + 6) / 10 - 20 / 11.1 = 4.05 s.
TEST(Intergreen, is_clearing_less_entering_over_the_place_where_ways_cross) {
  const Movement north = way({{0, -20}, {0, 30}});
  const Movement east = way({{-20, 0}, {30, 0}});

  EXPECT_EQ(intergreen(north, east, Ticks{30}), Ticks{45});
}

TEST(Intergreen, grows_where_who_enters_is_near_and_who_clears_is_far) {
  const Movement north = way({{0, -20}, {0, 30}});
  const Movement near = way({{-5, 0}, {30, 0}});

  EXPECT_GT(intergreen(north, near, Ticks{30}), intergreen(near, north, Ticks{30}));
  EXPECT_EQ(intergreen(north, near, Ticks{30}), Ticks{55});  // 3 + 2.85 - 0.45
}

TEST(Intergreen, who_turns_clears_more_slowly) {
  const Movement straight = way({{0, -20}, {0, 30}});
  const Movement turning = way({{0, -20}, {0, 30}}, Turn::left);
  const Movement east = way({{-20, 0}, {30, 0}});

  EXPECT_GT(intergreen(turning, east, Ticks{30}), intergreen(straight, east, Ticks{30}));
}

TEST(Intergreen, of_ways_that_never_touch_is_none) {
  EXPECT_EQ(intergreen(way({{0, 0}, {50, 0}}), way({{50, 4}, {0, 4}}), Ticks{30}), Ticks{0});
}

// 20 m to the far edge of the walk, 6 m of vehicle: 3 + 26 / 10 = 5.6 s.
TEST(Intergreen, before_a_walk_holds_until_the_vehicle_has_left_it) {
  Crossing walk;
  walk.shape = {{-8, 0}, {8, 0}};
  walk.width_m = 4;

  EXPECT_EQ(intergreen(way({{0, -18}, {0, 30}}), walk, Ticks{30}), Ticks{60});
}

TEST(Intergreen, people_clear_the_whole_walk_at_walking_speed) {
  Crossing walk;
  walk.shape = {{0, 0}, {12, 0}};
  EXPECT_EQ(clearance_of(walk), Ticks{100});

  walk.shape = {{0, 0}, {12.1, 0}};
  EXPECT_EQ(clearance_of(walk), Ticks{105});
}

}  // namespace
}  // namespace chorraha::make_city
