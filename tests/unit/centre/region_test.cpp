#include "centre/region.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr IntersectionIndex at{0};
constexpr Instant begin{1'704'067'200'000ms};
const DetectorId loop_id{"N_in_0.5m"};

PlanSequence sequence_of(const Plan& plan) {
  return std::visit([](const auto& one) { return one.sequence; }, plan);
}

struct RegionTest : testing::Test {
  std::shared_ptr<const Network> network = std::make_shared<const Network>(test::one_junction());
  IntersectionConfig config = test::one_junction_config();
  Region region = make();

  [[nodiscard]] Region make() const {
    Region::Setup setup;
    setup.network = network;
    setup.intersections = {config};
    setup.hashes = {ConfigHash{}};
    setup.epoch = 7;
    return Region::make(std::move(setup)).value();
  }
  /// In service by its timetable, stage "ns" lit since long ago.
  [[nodiscard]] StateReport report(int second) const {
    StateReport report;
    report.intersection = config.id();
    report.boot = BootId{3};
    report.now = Tick{} + Ticks{1000 + 10 * second};
    report.instant = begin + std::chrono::seconds{second};
    report.mode = SignalMode::normal;
    report.source = ControlSource::timetable;
    report.stage = StageIndex{0};
    report.groups.resize(config.groups().size());
    for (std::size_t g = 0; g < report.groups.size(); ++g) {
      if (config.stage(StageIndex{0}).green.contains(GroupIndex{g}))
        report.groups[g].aspect = Aspect::green;
    }
    return report;
  }
  void saw(Detection::Kind kind, Instant when) {
    const std::vector<Detection> seen{{loop_id, when, kind}};
    region.saw(seen, when);
  }
  [[nodiscard]] DetectorView detector(Instant now) const {
    return region.detector(network->find(loop_id), now);
  }
};

TEST_F(RegionTest, an_intersection_is_silent_until_it_is_heard_and_after_three_seconds) {
  EXPECT_EQ(region.standing(at, begin), Standing::silent);

  ASSERT_TRUE(region.heard(report(0), begin));

  EXPECT_EQ(region.standing(at, begin + 3s), Standing::follows);
  EXPECT_EQ(region.standing(at, begin + 3001ms), Standing::silent);
}

TEST_F(RegionTest, start_up_flash_and_no_source_have_their_own_standing) {
  StateReport said = report(0);
  said.mode = SignalMode::start_up;
  ASSERT_TRUE(region.heard(said, begin));
  EXPECT_EQ(region.standing(at, begin), Standing::starting);

  said.mode = SignalMode::flash;
  ASSERT_TRUE(region.heard(said, begin));
  EXPECT_EQ(region.standing(at, begin), Standing::off_plan);

  said.mode = SignalMode::normal;
  said.source = ControlSource::none;
  ASSERT_TRUE(region.heard(said, begin));
  EXPECT_EQ(region.standing(at, begin), Standing::off_plan);
}

TEST_F(RegionTest, who_is_silent_gets_no_plan_and_it_is_told_once) {
  EXPECT_TRUE(region.plan(begin).empty());
  EXPECT_TRUE(region.take_events().empty());  // never heard: nothing was lost

  ASSERT_TRUE(region.heard(report(0), begin));
  EXPECT_EQ(region.plan(begin).size(), 1U);
  EXPECT_TRUE(region.plan(begin + 4s).empty());
  EXPECT_TRUE(region.plan(begin + 5s).empty());
  ASSERT_TRUE(region.heard(report(6), begin + 6s));

  const std::vector<Event> events = region.take_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, Event::Kind::link_lost);
  EXPECT_EQ(events[0].at, begin + 4s);
  EXPECT_EQ(events[1].kind, Event::Kind::link_restored);
  EXPECT_EQ(region.plan(begin + 6s).size(), 1U);
}

TEST_F(RegionTest, orders_carry_the_epoch_and_ascend_by_one) {
  std::vector<PlanSequence> sequences;
  for (int second = 0; second < 5; ++second) {
    const Instant now = begin + std::chrono::seconds{second};
    ASSERT_TRUE(region.heard(report(second), now));
    for (const Region::Order& order : region.plan(now))
      sequences.push_back(sequence_of(order.plan));
  }

  EXPECT_EQ(sequences, (std::vector<PlanSequence>{{7, 1}, {7, 2}, {7, 3}, {7, 4}, {7, 5}}));
}

TEST_F(RegionTest, a_report_of_somebody_else_or_of_another_configuration_is_a_fault) {
  StateReport stranger = report(0);
  stranger.intersection = IntersectionId{"K"};
  StateReport smaller = report(0);
  smaller.groups.pop_back();
  StateReport unknown_stage = report(0);
  unknown_stage.stage = StageIndex{99};

  EXPECT_EQ(region.heard(stranger, begin).error().reason, Reason::bad_input);
  EXPECT_EQ(region.heard(smaller, begin).error().reason, Reason::bad_input);
  EXPECT_EQ(region.heard(unknown_stage, begin).error().reason, Reason::bad_input);
  EXPECT_EQ(region.standing(at, begin), Standing::silent);
}

TEST_F(RegionTest, a_plan_is_in_force_from_its_acceptance_until_the_timetable_is_reported) {
  ASSERT_TRUE(region.heard(report(0), begin));
  const std::vector<Region::Order> orders = region.plan(begin);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_FALSE(region.junction(at).plan);

  PlanAnswer answer;
  answer.intersection = config.id();
  answer.sequence = sequence_of(orders[0].plan);
  region.answered(answer, begin);
  EXPECT_TRUE(region.junction(at).plan);

  ASSERT_TRUE(region.heard(report(20), begin + 20s));
  EXPECT_FALSE(region.junction(at).plan);
}

TEST_F(RegionTest, refusals_that_go_on_are_told_once_with_rule_and_values) {
  PlanAnswer answer;
  answer.intersection = config.id();
  answer.refusals = {{"A11", "end of stage ns", "9.0 s", "7.0 s"}};

  for (int i = 0; i < 10; ++i) region.answered(answer, begin + std::chrono::seconds{i});
  const std::vector<Event> events = region.take_events();

  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, Event::Kind::plan_refused);
  EXPECT_EQ(events[0].detail, "A11: end of stage ns, saw 9.0 s, allowed 7.0 s");
}

TEST_F(RegionTest, a_single_refusal_and_refusals_of_start_up_are_nothing_to_tell) {
  PlanAnswer refused;
  refused.intersection = config.id();
  refused.refusals = {{"A11", "end of stage ns", "9.0 s", "7.0 s"}};
  PlanAnswer starting = refused;
  starting.refusals = {{"starting", "mode", "start_up", "normal"}};  // the mode is shown
  PlanAnswer accepted = refused;
  accepted.refusals.clear();

  for (int i = 0; i < 5; ++i) {
    region.answered(refused, begin);
    region.answered(accepted, begin);
    region.answered(starting, begin);
  }

  EXPECT_TRUE(region.take_events().empty());
}

TEST_F(RegionTest, occupancy_is_the_share_of_the_last_ten_seconds) {
  saw(Detection::Kind::on, begin);
  saw(Detection::Kind::off, begin + 4s);
  EXPECT_DOUBLE_EQ(detector(begin + 10s).occupancy, 0.4);
  EXPECT_DOUBLE_EQ(detector(begin + 12s).occupancy, 0.2);
  EXPECT_DOUBLE_EQ(detector(begin + 15s).occupancy, 0);

  saw(Detection::Kind::on, begin + 20s);
  EXPECT_TRUE(detector(begin + 25s).occupied);
  EXPECT_DOUBLE_EQ(detector(begin + 25s).occupancy, 0.5);
  EXPECT_DOUBLE_EQ(detector(begin + 99s).occupancy, 1);
}

TEST_F(RegionTest, a_detector_counts_its_last_minute_and_all_since_the_begin) {
  for (int i = 0; i < 3; ++i) {
    saw(Detection::Kind::on, begin + std::chrono::seconds{20 * i});
    saw(Detection::Kind::off, begin + std::chrono::seconds{20 * i + 1});
  }

  EXPECT_EQ(detector(begin + 50s).last_minute, 3U);
  EXPECT_EQ(detector(begin + 70s).last_minute, 2U);
  EXPECT_EQ(detector(begin + 500s).last_minute, 0U);
  EXPECT_EQ(detector(begin + 500s).total, 3U);
}

TEST_F(RegionTest, detections_of_nobody_are_passed_over) {
  const std::vector<Detection> seen{{DetectorId{"nobody"}, begin}};

  region.saw(seen, begin);

  EXPECT_EQ(detector(begin).total, 0U);
}

TEST_F(RegionTest, lists_are_bounded_and_the_oldest_go) {
  for (int i = 0; i < 1200; ++i)
    region.happened({config.id(), begin, Event::Kind::stage_begun, std::to_string(i)});

  const std::vector<Event> fresh = region.take_events();

  ASSERT_EQ(fresh.size(), 1000U);
  EXPECT_EQ(fresh.front().detail, "200");
  EXPECT_EQ(fresh.back().detail, "1199");
  EXPECT_EQ(region.junction(at).events.size(), 200U);
  EXPECT_EQ(region.junction(at).events.front().detail, "1000");
  EXPECT_TRUE(region.take_events().empty());
}

TEST_F(RegionTest, without_cameras_the_chain_begins_with_a_loop) {
  ASSERT_TRUE(region.chain());
  EXPECT_EQ(region.chain()->missing, "counts (no loop has seen a vehicle)");

  saw(Detection::Kind::on, begin);
  saw(Detection::Kind::off, begin + 1s);

  EXPECT_EQ(region.chain()->counts, 1U);
  EXPECT_EQ(region.chain()->intersection, config.id());
  EXPECT_TRUE(region.chain()->missing.starts_with("plan")) << region.chain()->missing;
}

TEST_F(RegionTest, a_camera_opens_a_chain_and_loops_do_not_count_in_it) {
  CameraConfig camera;
  camera.id = CameraId{"cam"};
  camera.intersection = "J";
  Region::Setup setup;
  setup.network = network;
  setup.intersections = {config};
  setup.hashes = {ConfigHash{}};
  setup.cameras = {camera};
  Region watched = Region::make(std::move(setup)).value();
  const std::vector<Detection> loop_seen{{loop_id, begin, Detection::Kind::on}};

  watched.saw(loop_seen, begin);  // a loop is no camera

  ASSERT_TRUE(watched.chain());
  EXPECT_EQ(watched.chain()->counts, 0U);
  EXPECT_EQ(watched.chain()->intersection, config.id());
}

}  // namespace
}  // namespace chorraha
