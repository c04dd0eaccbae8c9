#include "centre/retiming.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "centre/region.hpp"
#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr IntersectionIndex at{0};
constexpr Instant begin{1'704'067'200'000ms};

Timetable fixed(std::initializer_list<int> ends_s, int cycle_s) {
  Timetable timetable;
  timetable.cycle = Ticks{10 * cycle_s};
  std::size_t stage = 0;
  for (const int end_s : ends_s)
    timetable.steps.push_back({StageIndex{stage++}, Ticks{10 * end_s}, Ticks{10 * end_s}, false});
  return timetable;
}

TEST(MovedTowards, goes_all_the_way_where_the_limits_allow_it) {
  const Timetable to = fixed({33, 63, 94}, 100);

  EXPECT_EQ(moved_towards(fixed({30, 60, 90}, 96), to, {}), to);
}

TEST(MovedTowards, no_split_moves_more_than_four_seconds_and_no_cycle_more_than_eight) {
  const Timetable from = fixed({30, 60, 90}, 96);

  const Timetable splits = moved_towards(from, fixed({50, 60, 90}, 96), {});
  const Timetable cycle = moved_towards(from, fixed({33, 66, 104}, 110), {});

  EXPECT_EQ(splits, fixed({34, 60, 90}, 96));
  EXPECT_LE(cycle.cycle, Ticks{960 + 80});
  EXPECT_GT(cycle.cycle, Ticks{960 + 50});
  EXPECT_EQ(cycle.cycle - cycle.steps.back().end_latest, Ticks{60});
}

TEST(MovedTowards, arrives_after_some_steps) {
  Timetable now = fixed({30, 60, 90}, 96);
  const Timetable to = fixed({50, 60, 90}, 96);

  for (int i = 0; i < 5; ++i) now = moved_towards(now, to, {});

  EXPECT_EQ(now, to);
}

/// The region of the one junction, driven second by second; its controller reports, and answers as
/// the test likes.
struct RetimingTest : testing::Test {
  std::shared_ptr<const Network> network = std::make_shared<const Network>(test::one_junction());
  IntersectionConfig config = test::one_junction_config();
  Region region = make();
  BootId boot{3};
  bool accepts = true;
  std::vector<TimetablePlan> timetables;
  int second = 0;

  [[nodiscard]] Region make() const {
    Region::Setup setup;
    setup.network = network;
    setup.intersections = {config};
    setup.hashes = {ConfigHash{}};
    return Region::make(std::move(setup)).value();
  }
  [[nodiscard]] Instant now() const { return begin + std::chrono::seconds{second}; }
  [[nodiscard]] StateReport report() const {
    StateReport report;
    report.intersection = config.id();
    report.boot = boot;
    report.now = Tick{} + Ticks{1000 + 10 * second};
    report.instant = now();
    report.mode = SignalMode::normal;
    report.source = ControlSource::timetable;
    constexpr int stage_s = 20;
    const std::size_t stages = config.stages().size();
    report.stage = StageIndex{static_cast<std::size_t>(second / stage_s) % stages};
    report.stage_since = report.now - Ticks{10 * (second % stage_s)};
    for (const GroupIndex g : config.all_groups()) {
      const bool lit = config.stage(report.stage).green.contains(g);
      GroupState group;
      group.aspect = lit ? Aspect::green : Aspect::red;
      group.since = group.green_since = report.stage_since;
      group.red_since = lit ? Tick{} : report.stage_since;
      report.groups.push_back(group);
    }
    return report;
  }
  /// One vehicle over both loops of a lane.
  void pass(const std::string& lane) {
    for (const char* loop : {"80m", "5m"}) {
      const DetectorId id{lane + "." + loop};
      const std::vector<Detection> seen{{id, now(), Detection::Kind::on},
                                        {id, now() + 400ms, Detection::Kind::off}};
      region.saw(seen, now());
    }
  }
  /// A vehicle every so many seconds on every lane of these arms.
  void drive(int seconds, const std::vector<std::pair<std::string, int>>& every_s) {
    for (const int until = second + seconds; second < until; ++second) {
      for (const auto& [arm, gap] : every_s) {
        if (second % gap != 0) continue;
        for (const char* lane : {"_in_0", "_in_1"}) pass(arm + lane);
      }
      ASSERT_TRUE(region.heard(report(), now()));
      for (const Region::Order& order : region.plan(now())) answer(order);
    }
  }
  void answer(const Region::Order& order) {
    const auto* plan = std::get_if<TimetablePlan>(&order.plan);
    if (plan == nullptr) return;
    timetables.push_back(*plan);
    PlanAnswer answer;
    answer.intersection = config.id();
    answer.boot = boot;
    answer.sequence = plan->sequence;
    if (!accepts) answer.refusals = {{"E2", "cycle", "1", "2"}};
    region.answered(answer, now());
  }
  /// How long each stage of the city's own sequence lasts, with the change into it.
  [[nodiscard]] static std::vector<double> lengths_s(const Timetable& timetable) {
    std::vector<double> lengths;
    lengths.reserve(timetable.steps.size());
    Ticks before = timetable.steps.back().end_latest - timetable.cycle;
    for (const TimetableStep& step : timetable.steps)
      lengths.push_back(to_seconds(step.end_latest - std::exchange(before, step.end_latest)));
    return lengths;
  }
};

TEST_F(RetimingTest, five_minutes_of_counts_make_a_timetable_that_follows_them) {
  drive(310, {{"N", 6}, {"S", 6}, {"E", 40}, {"W", 40}});
  ASSERT_EQ(timetables.size(), 1U);
  const Timetable busy_ns = timetables[0].timetable;
  const Timetable& own = config.timetables()[0];
  EXPECT_TRUE(std::ranges::equal(busy_ns.steps, own.steps, {}, &TimetableStep::stage,
                                 &TimetableStep::stage));
  EXPECT_EQ(busy_ns.offset, own.offset);

  region = make();
  second = 0;
  drive(310, {{"N", 40}, {"S", 40}, {"E", 6}, {"W", 6}});

  ASSERT_EQ(timetables.size(), 2U);
  const std::vector<double> ns = lengths_s(busy_ns);
  const std::vector<double> ew = lengths_s(timetables[1].timetable);
  EXPECT_GT(ns[0], ew[0] + 5);  // "ns"
  EXPECT_LT(ns[2], ew[2] - 5);  // "ew"
}

TEST_F(RetimingTest, an_accepted_timetable_is_known_and_sent_again_only_to_another_boot) {
  drive(310, {{"N", 6}, {"S", 6}, {"E", 40}, {"W", 40}});
  ASSERT_TRUE(region.timetable(at));
  EXPECT_EQ(region.timetable(at)->timetable, timetables.at(0).timetable);
  EXPECT_GT(region.timetable(at)->saturation, 0.1);
  drive(60, {{"N", 6}, {"S", 6}, {"E", 40}, {"W", 40}});
  EXPECT_EQ(timetables.size(), 1U);

  boot = BootId{4};
  drive(10, {});

  ASSERT_EQ(timetables.size(), 2U);
  EXPECT_EQ(timetables[1].timetable, timetables[0].timetable);
  EXPECT_EQ(timetables[1].boot, BootId{4});
}

TEST_F(RetimingTest, a_refused_timetable_is_not_sent_again_before_the_next_one_is_made) {
  accepts = false;

  drive(500, {{"N", 6}, {"S", 6}, {"E", 40}, {"W", 40}});

  EXPECT_EQ(timetables.size(), 1U);
  EXPECT_FALSE(region.timetable(at));
}

TEST_F(RetimingTest, where_one_arm_was_never_counted_the_citys_own_timetable_stays) {
  drive(700, {{"N", 6}, {"S", 6}, {"E", 40}});

  EXPECT_TRUE(timetables.empty());
}

}  // namespace
}  // namespace chorraha
