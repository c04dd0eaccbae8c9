#include "console/outlook.hpp"

#include <gtest/gtest.h>

#include "small_city.hpp"

namespace chorraha::console {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

const IntersectionConfig& config() {
  static const auto city = small_city();
  return city->intersections.front();
}

StateReport under_horizon() {
  StateReport report = in_stage_north();
  report.source = ControlSource::horizon;
  return report;
}

TEST(Outlook, keeps_what_actuation_may_decide_as_a_range) {
  const Outlook seen = outlook(config(), under_horizon(), north_then_east());

  ASSERT_EQ(seen.ahead.size(), 2U);
  EXPECT_EQ(seen.ahead[0].end_earliest, start + Ticks{50});
  EXPECT_EQ(seen.ahead[0].end_latest, start + Ticks{120});
  EXPECT_EQ(seen.ahead[1].begin_earliest, start + Ticks{100});
  EXPECT_EQ(seen.ahead[1].begin_latest, start + Ticks{170});
  EXPECT_EQ(seen.ahead[1].reason, StageReason::platoon);
}

TEST(Outlook, says_when_a_green_group_ends_and_a_red_one_begins) {
  const Outlook seen = outlook(config(), under_horizon(), north_then_east());

  const auto ends = NextChange{Aspect::red, start + Ticks{50}, start + Ticks{120}};
  const auto begins = NextChange{Aspect::green, start + Ticks{100}, start + Ticks{170}};
  EXPECT_EQ(seen.next[north.value()], ends);
  EXPECT_EQ(seen.next[east.value()], begins);
  EXPECT_EQ(seen.next[walk.value()], begins);
}

TEST(Outlook, never_promises_an_end_before_the_minimum_green) {
  StateReport report = under_horizon();
  report.groups[0].since = report.groups[0].green_since = start - Ticks{10};
  HorizonPlan plan = north_then_east();
  plan.stages[0].end_earliest = start;

  const Outlook seen = outlook(config(), report, plan);

  EXPECT_EQ(seen.min_end, start + Ticks{40});
  EXPECT_EQ(seen.next[north.value()]->earliest, start + Ticks{40});
}

TEST(Outlook, leaves_open_what_nothing_planned_bounds) {
  HorizonPlan plan = north_then_east();
  plan.stages.resize(1);

  const Outlook seen = outlook(config(), under_horizon(), plan);

  EXPECT_EQ(seen.next[north.value()]->latest, std::nullopt);
  EXPECT_EQ(seen.next[east.value()], std::nullopt);
}

TEST(Outlook, rests_in_the_last_stage_of_a_plan_until_its_lease_ends) {
  StateReport report = under_horizon();
  report.lease_until = start + Ticks{600};
  HorizonPlan plan = north_then_east();
  plan.stages.resize(1);
  plan.stages[0].end_latest = start - Ticks{10};

  const Outlook seen = outlook(config(), report, plan);

  ASSERT_EQ(seen.ahead.size(), 1U);
  EXPECT_TRUE(seen.ahead[0].rests);
  EXPECT_EQ(seen.ahead[0].end_latest, start + Ticks{600});
}

TEST(Outlook, counts_with_a_stage_that_may_be_skipped) {
  HorizonPlan plan = north_then_east();
  plan.stages[1].skippable = true;
  plan.stages.push_back(
      {.stage = stage_north, .end_earliest = start + Ticks{500}, .end_latest = start + Ticks{600}});

  const Outlook seen = outlook(config(), under_horizon(), plan);

  EXPECT_EQ(seen.next[east.value()]->earliest, start + Ticks{100});
  EXPECT_EQ(seen.next[east.value()]->latest, std::nullopt);
}

TEST(Outlook, reads_the_timetable_by_its_place_in_the_cycle) {
  const Outlook seen = outlook(config(), in_stage_north(), std::nullopt);

  ASSERT_GE(seen.ahead.size(), 3U);
  EXPECT_EQ(seen.ahead[0].end_latest, start + Ticks{100});  // second 25, now is second 15
  EXPECT_EQ(seen.ahead[1].end_latest, start + Ticks{400});  // second 55
  EXPECT_EQ(seen.ahead[2].end_latest, start + Ticks{700});  // second 25 of the next cycle
  EXPECT_EQ(seen.ahead[0].reason, std::nullopt);
}

TEST(Outlook, reads_a_timetable_made_from_counts_where_the_report_names_none) {
  StateReport report = in_stage_north();
  Timetable counted = config().timetables().front();
  const Tick own_end = outlook(config(), report, std::nullopt).ahead.at(0).end_latest;
  counted.steps.front().end_latest += Ticks{30};
  report.timetable = TimetableIndex{};

  const Outlook seen = outlook(config(), report, std::nullopt, &counted);

  ASSERT_FALSE(seen.ahead.empty());
  EXPECT_EQ(seen.ahead[0].end_latest, own_end + Ticks{30});
  EXPECT_TRUE(outlook(config(), report, std::nullopt).ahead.empty());
}

TEST(Outlook, stays_with_the_step_before_while_it_is_not_over) {
  StateReport report = in_stage_north();
  report.instant += Milliseconds{12'000};  // second 27: stage east is due, north still lit

  const Outlook seen = outlook(config(), report, std::nullopt);

  ASSERT_FALSE(seen.ahead.empty());
  EXPECT_EQ(seen.ahead[0].stage, stage_north);
  EXPECT_EQ(seen.ahead[1].end_latest, start + Ticks{280});  // second 55
}

TEST(Outlook, says_nothing_in_flash_and_nothing_of_a_plan_for_another_boot) {
  StateReport flashing = under_horizon();
  flashing.mode = SignalMode::flash;
  HorizonPlan older = north_then_east();
  older.boot = BootId{6};

  EXPECT_TRUE(outlook(config(), flashing, north_then_east()).ahead.empty());
  EXPECT_TRUE(outlook(config(), under_horizon(), older).ahead.empty());
}

TEST(Outlook, survives_a_report_that_names_what_is_not_there) {
  StateReport strange = under_horizon();
  strange.stage = StageIndex{9};
  StateReport short_one = under_horizon();
  short_one.groups.pop_back();
  HorizonPlan plan = north_then_east();
  plan.stages[1].stage = StageIndex{9};

  EXPECT_TRUE(outlook(config(), strange, north_then_east()).ahead.empty());
  EXPECT_TRUE(outlook(config(), short_one, north_then_east()).ahead.empty());
  EXPECT_TRUE(outlook(config(), under_horizon(), plan).ahead.empty());
}

TEST(GreenLimit, counts_from_the_first_conflicting_call) {
  StateReport report = in_stage_north();
  EXPECT_EQ(green_limit(config(), report, north), std::nullopt);

  report.groups[1].called = true;
  report.groups[1].called_since = start - Ticks{20};

  EXPECT_EQ(green_limit(config(), report, north), start - Ticks{20} + Ticks{1200});
  EXPECT_EQ(green_limit(config(), report, east), std::nullopt);
}

}  // namespace
}  // namespace chorraha::console
