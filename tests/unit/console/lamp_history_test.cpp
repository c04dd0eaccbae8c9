#include "console/lamp_history.hpp"

#include <gtest/gtest.h>

#include "small_city.hpp"

namespace chorraha::console {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

TEST(TickMap, holds_still_while_reports_jitter) {
  TickMap map;
  StateReport report = in_stage_north();
  map.learn(report);
  const Instant before = map.instant(start);
  report.instant += Milliseconds{15};

  map.learn(report);

  EXPECT_EQ(map.instant(start), before);
}

TEST(TickMap, follows_a_clock_that_moved_and_another_boot) {
  TickMap map;
  StateReport report = in_stage_north();
  map.learn(report);
  report.instant += Milliseconds{500};
  map.learn(report);
  EXPECT_EQ(map.instant(start), report.instant);

  report.boot = BootId{8};
  report.now = Tick{Ticks{3}};
  map.learn(report);
  EXPECT_EQ(map.instant(Tick{Ticks{3}}), report.instant);
}

TEST(LampHistory, keeps_each_aspect_once_with_its_begin) {
  LampHistory history;
  TickMap map;
  StateReport report = in_stage_north();
  map.learn(report);
  history.add(report, map);
  history.add(report, map);
  report.groups[0].aspect = Aspect::amber;
  report.groups[0].since = report.now;
  history.add(report, map);

  ASSERT_EQ(history.groups()[0].size(), 2U);
  EXPECT_EQ(history.groups()[0][0].from, report.instant - Milliseconds{10'000});
  EXPECT_EQ(history.groups()[0][1].aspect, Aspect::amber);
  EXPECT_EQ(history.groups()[1].size(), 1U);
}

TEST(LampHistory, is_bounded_by_time_and_keeps_what_reaches_into_it) {
  LampHistory history;
  TickMap map;
  StateReport report = in_stage_north();
  map.learn(report);
  for (int i = 0; i < 400; ++i) {
    report.groups[0].aspect = i % 2 == 0 ? Aspect::green : Aspect::red;
    report.groups[0].since = report.now;
    history.add(report, map);
    report.now += Ticks{10};
    report.instant += Milliseconds{1000};
  }

  EXPECT_LE(history.groups()[0].size(), 151U);
  EXPECT_EQ(history.groups()[1].size(), 1U);
}

TEST(LampHistory, starts_afresh_with_another_boot) {
  LampHistory history;
  TickMap map;
  StateReport report = in_stage_north();
  map.learn(report);
  history.add(report, map);
  report.boot = BootId{8};
  report.groups[0].aspect = Aspect::red;
  history.add(report, map);

  EXPECT_EQ(history.groups()[0].size(), 1U);
}

}  // namespace
}  // namespace chorraha::console
