#include "centre/detector_watch.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr IntersectionIndex at{0};
constexpr Instant begin{1'704'067'200'000ms};
constexpr GroupIndex north{0}, walk{1};

/// One group for both lanes from the north, one for the walk over that arm.
IntersectionConfig config_of(const Network& network) {
  IntersectionParts parts;
  parts.id = network.junction(at).id;
  parts.profile = Profile::europe;
  parts.start_up.all_red = Ticks{50};
  parts.groups.resize(2);
  parts.groups[0].id = GroupId{"north"};
  for (const Movement& movement : network.movements()) {
    if (network.lane(movement.from).id.text().starts_with("N_in"))
      parts.groups[0].movements.push_back(movement.id);
  }
  parts.groups[1].id = GroupId{"walk"};
  parts.groups[1].type = GroupType::pedestrian;
  parts.groups[1].lenses = lens_red | lens_green;
  parts.groups[1].amber = Ticks{0};
  parts.groups[1].min_green = Ticks{70};
  parts.groups[1].crossings = {CrossingId{"N_walk"}};
  parts.relations = {{Relation::compatible, Relation::conflict},
                     {Relation::conflict, Relation::compatible}};
  parts.intergreen = {{Ticks{0}, Ticks{50}}, {Ticks{50}, Ticks{0}}};
  parts.stages = {{StageId{"A"}, {}}, {StageId{"B"}, {}}};
  parts.stages[0].green.insert(north);
  parts.stages[1].green.insert(walk);
  parts.timetables = {{.id = TimetableId{"day"},
                       .cycle = Ticks{600},
                       .offset = Ticks{0},
                       .steps = {{StageIndex{0}, Ticks{250}, Ticks{250}},
                                 {StageIndex{1}, Ticks{550}, Ticks{550}}}}};
  parts.day_plan = {{.from = 0s, .timetable = TimetableIndex{0}}};
  return IntersectionConfig::make(std::move(parts)).value();
}

/// A cycle of 60 s: green for the north, red, walk, red; looked at once a second.
struct DetectorWatchTest : testing::Test {
  Network network = test::one_junction();
  DetectorWatch watch{network, {config_of(network)}};
  std::vector<DetectorView> seen{network.junction(at).detectors.size()};
  StateReport report;
  int second = 0;
  Ticks green{200};

  DetectorWatchTest() {
    report.boot = BootId{1};
    report.groups.resize(2);
  }

  [[nodiscard]] DetectorView& of(const std::string& id) {
    const auto& all = network.junction(at).detectors;
    const auto found = std::ranges::find(all, network.find(DetectorId{id}));
    return seen[static_cast<std::size_t>(found - all.begin())];
  }
  [[nodiscard]] DetectorDoubt doubt(const std::string& id) const {
    return watch.doubt(network.find(DetectorId{id}));
  }
  [[nodiscard]] Instant now() const { return begin + std::chrono::seconds{second}; }

  void show(GroupIndex group, Ticks from, Ticks length) {
    GroupState& state = report.groups[group.value()];
    const Ticks place = (report.now.time_since_epoch()) % Ticks{600};
    const bool lit = place >= from && place < from + length;
    if (lit == is_green(state.aspect)) return;
    state.aspect = lit ? Aspect::green : Aspect::red;
    state.since = report.now;
    if (lit) state.green_since = report.now;
  }
  /// `every`: a vehicle passes `beside` each so many seconds of green; 0: none does.
  void run(int seconds, const std::string& beside, int every) {
    for (const int end = second + seconds; second < end; ++second) {
      report.now = Tick{} + Ticks{6000 + 10 * second};
      show(north, Ticks{0}, green);
      show(walk, Ticks{300}, Ticks{100});
      if (every > 0 && is_green(report.groups[0].aspect) && second % every == 0) ++of(beside).total;
      watch.look(at, report, seen, now());
    }
  }
  void turn(const std::string& id, bool on) {
    of(id).occupied = on;
    of(id).changed = now();
  }
};

TEST_F(DetectorWatchTest, a_loop_that_stays_on_while_the_lane_beside_it_discharges_twice_is_stuck) {
  run(30, "N_in_1.5m", 2);
  turn("N_in_0.5m", true);

  run(80, "N_in_1.5m", 2);  // one whole green
  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);

  run(40, "N_in_1.5m", 2);
  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::stuck);
  EXPECT_EQ(doubt("N_in_1.5m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, a_loop_that_moves_again_is_believed_again) {
  turn("N_in_0.5m", true);
  run(200, "N_in_1.5m", 2);
  ASSERT_EQ(doubt("N_in_0.5m"), DetectorDoubt::stuck);

  turn("N_in_0.5m", false);
  run(1, "N_in_1.5m", 2);

  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, nobody_is_stuck_where_nothing_moves_beside_it) {
  turn("N_in_0.5m", true);
  turn("N_in_0.80m", true);

  run(1800, "N_in_1.5m", 0);

  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
  EXPECT_EQ(doubt("N_in_0.80m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, a_green_too_short_to_move_a_queue_proves_nothing) {
  green = Ticks{70};
  turn("N_in_0.5m", true);

  run(600, "N_in_1.5m", 2);

  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, traffic_under_another_signal_proves_nothing) {
  turn("N_in_0.5m", true);

  run(600, "E_in_1.5m", 2);

  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, a_loop_farther_up_is_stuck_after_two_minutes_of_flow_beside_it) {
  run(1, "N_in_1.80m", 1);
  turn("N_in_0.80m", true);

  run(119, "N_in_1.80m", 1);
  EXPECT_EQ(doubt("N_in_0.80m"), DetectorDoubt::none);
  run(3, "N_in_1.80m", 1);
  EXPECT_EQ(doubt("N_in_0.80m"), DetectorDoubt::stuck);
}

TEST_F(DetectorWatchTest, a_loop_that_sees_nothing_while_fifty_pass_beside_it_is_unseen) {
  run(129, "N_in_1.5m", 1);  // in greens of 20 s: 20, 40, 49
  EXPECT_EQ(of("N_in_1.5m").total, 49U);
  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);

  run(5, "N_in_1.5m", 1);
  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::unseen);

  turn("N_in_0.5m", true);
  run(1, "N_in_1.5m", 1);
  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, an_empty_night_is_no_fault) {
  run(4 * 3600, "N_in_1.5m", 0);

  for (const DetectorIndex detector : network.junction(at).detectors)
    EXPECT_EQ(watch.doubt(detector), DetectorDoubt::none);
}

TEST_F(DetectorWatchTest, a_button_that_stays_pressed_through_two_walks_is_stuck) {
  turn("N_button", true);

  run(60, "N_in_1.5m", 0);
  EXPECT_EQ(doubt("N_button"), DetectorDoubt::none);
  run(60, "N_in_1.5m", 0);
  EXPECT_EQ(doubt("N_button"), DetectorDoubt::stuck);
}

TEST_F(DetectorWatchTest, a_controller_that_starts_anew_does_not_end_a_green) {
  turn("N_in_0.5m", true);
  run(70, "N_in_1.5m", 2);  // one whole green, the next has begun

  report.boot = BootId{2};
  run(40, "N_in_1.5m", 2);

  EXPECT_EQ(doubt("N_in_0.5m"), DetectorDoubt::none);
}

TEST(CameraDoubt, tells_a_silent_camera_from_a_blind_one) {
  CameraHealth health;
  health.at = begin;
  health.streaming = true;

  EXPECT_EQ(doubt_of(std::nullopt, begin), DetectorDoubt::camera_silent);
  EXPECT_EQ(doubt_of(health, begin + 3s), DetectorDoubt::none);
  EXPECT_EQ(doubt_of(health, begin + 3001ms), DetectorDoubt::camera_silent);

  health.frozen = 0.49;
  EXPECT_EQ(doubt_of(health, begin), DetectorDoubt::none);
  health.frozen = 0.5;
  EXPECT_EQ(doubt_of(health, begin), DetectorDoubt::camera_blind);

  health.streaming = false;
  EXPECT_EQ(doubt_of(health, begin), DetectorDoubt::camera_silent);
}

}  // namespace
}  // namespace chorraha
