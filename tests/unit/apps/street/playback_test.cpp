#include "apps/street/playback.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{1'704'067'200'000ms};
const DetectorId loop{"loop"};

struct PlaybackTest : testing::Test {
  Playback playback;
  Playback::Time now{1h};

  /// A step of 1 s that ends `after` the begin, with one vehicle.
  [[nodiscard]] static std::shared_ptr<StreetMoment> moment(Milliseconds after, double x_m = 0) {
    auto moment = std::make_shared<StreetMoment>();
    moment->at = begin + after;
    moment->step = 1s;
    VehicleView vehicle;
    vehicle.number = 7;
    vehicle.front = {x_m, 0};
    moment->vehicles.push_back(vehicle);
    return moment;
  }
  static void see(StreetMoment& moment, Milliseconds after, Detection::Kind kind) {
    moment.detections.push_back({loop, begin + after, kind});
  }
  [[nodiscard]] std::vector<Detection::Kind> due(Milliseconds after) {
    std::vector<Detection::Kind> kinds;
    for (const Detection& one : playback.take_due(now + after)) kinds.push_back(one.kind);
    return kinds;
  }
};

using enum Detection::Kind;
using Kinds = std::vector<Detection::Kind>;

TEST_F(PlaybackTest, a_detection_comes_when_its_time_comes) {
  const auto step = moment(1000ms);
  see(*step, 300ms, on);
  see(*step, 800ms, off);
  playback.add(step, now);

  EXPECT_EQ(due(299ms), Kinds{});
  EXPECT_EQ(due(300ms), Kinds{on});
  EXPECT_EQ(due(799ms), Kinds{});
  EXPECT_EQ(due(900ms), Kinds{off});
  EXPECT_EQ(due(5s), Kinds{});
}

TEST_F(PlaybackTest, a_step_that_comes_early_makes_the_rest_due) {
  const auto first = moment(1000ms);
  see(*first, 900ms, on);
  const auto second = moment(2000ms);
  see(*second, 1100ms, off);
  playback.add(first, now);

  playback.add(second, now + 500ms);

  EXPECT_EQ(due(500ms), Kinds{on});
  EXPECT_EQ(due(600ms), Kinds{off});
}

TEST_F(PlaybackTest, vehicles_move_smoothly_through_a_step) {
  EXPECT_EQ(playback.look(now).at, Instant{});
  playback.add(moment(1000ms, 10), now);
  playback.add(moment(2000ms, 20), now + 1s);

  const StreetMoment half = playback.look(now + 1500ms);
  const StreetMoment late = playback.look(now + 9s);

  EXPECT_EQ(half.at, begin + 1500ms);
  ASSERT_EQ(half.vehicles.size(), 1U);
  EXPECT_DOUBLE_EQ(half.vehicles[0].front.x_m, 15);
  EXPECT_EQ(late.at, begin + 2000ms);  // it waits there for the next step
  EXPECT_DOUBLE_EQ(late.vehicles[0].front.x_m, 20);
}

TEST_F(PlaybackTest, who_has_just_come_stands_where_it_is) {
  const auto before = moment(1000ms);
  before->vehicles.clear();
  playback.add(before, now);
  playback.add(moment(2000ms, 20), now + 1s);

  EXPECT_DOUBLE_EQ(playback.look(now + 1100ms).vehicles[0].front.x_m, 20);
}

}  // namespace
}  // namespace chorraha
