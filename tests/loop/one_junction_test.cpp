// The whole chain at one junction, in one process on a manual clock: street, detections, plan,
// controller, lamp driver, monitor, lamps, street.
#include "tests/support/one_junction.hpp"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sim/make_street.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

const Instant midnight = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

struct Traffic {
  double vehicles_per_h = 300;  // each arm
  double persons_per_h = 60;
  std::uint64_t seed = 1;
};

ClosedLoop loop_with(LoopSetup::Control control, LoopSetup::Sensing sensing,
                     const Traffic& traffic) {
  LoopSetup setup;
  setup.network = std::make_shared<const Network>(test::one_junction());
  setup.intersections = {test::one_junction_config()};
  setup.hashes = {ConfigHash{}};
  setup.midnight = midnight;
  setup.control = control;
  setup.sensing = sensing;
  StreetSetup street{.network = *setup.network,
                     .intersections = setup.intersections,
                     .demand = test::one_junction_demand(*setup.network, traffic.vehicles_per_h,
                                                         traffic.persons_per_h),
                     .seed = traffic.seed,
                     .midnight = midnight,
                     .begin = midnight + 8h,
                     .end = midnight + 8h + 30min};
  return ClosedLoop::make(std::move(setup), make_street(std::move(street)).value()).value();
}

// Runs half an hour of departures; returns what the lamps showed, a line a change.
std::vector<std::string> run(ClosedLoop& loop, Instant until) {
  std::vector<std::string> trace;
  loop.on_shown([&](const ShownState& shown) {
    std::string line = std::to_string((shown.at - midnight).count());
    for (const Aspect aspect : shown.by_group) line += " " + std::string(name_of(aspect));
    trace.push_back(line);
  });
  while (loop.now() < until) {
    const Done done = loop.advance();
    EXPECT_TRUE(done) << done.error().text();
    if (!done) break;
  }
  return trace;
}

struct Way {
  const char* name;
  LoopSetup::Control control;
  LoopSetup::Sensing sensing;
  double refused_share_max = 0;  // of plans, when there is more traffic than the junction carries
};

// Refused shares as measured at more than twice what the junction carries, rounded up.
constexpr Way from_detectors{"horizon_from_detectors", LoopSetup::Control::adaptive,
                             LoopSetup::Sensing::detectors, 0.10};
constexpr Way from_sightings{"horizon_from_sightings", LoopSetup::Control::adaptive,
                             LoopSetup::Sensing::full, 0.01};

std::string text_of(const PlanAnswer& answer) {
  const Refusal& why = answer.refusals.front();
  return std::to_string(to_seconds(answer.answered_at.time_since_epoch())) + " " + why.rule + " " +
         why.thing + " saw " + why.seen + " allowed " + why.allowed;
}

/// Every moment at which two groups in conflict were green together.
std::vector<std::string> conflicts_shown(const ShownState& shown,
                                         const IntersectionConfig& config) {
  std::vector<std::string> found;
  for (std::size_t a = 0; a < shown.by_group.size(); ++a) {
    for (std::size_t b = a + 1; b < shown.by_group.size(); ++b) {
      if (config.relation(GroupIndex{a}, GroupIndex{b}) != Relation::conflict) continue;
      if (!is_green(shown.by_group[a]) || !is_green(shown.by_group[b])) continue;
      found.push_back(std::to_string((shown.at - midnight).count()) + " " +
                      config.groups()[a].id.text() + " with " + config.groups()[b].id.text());
    }
  }
  return found;
}

class OneJunction : public testing::TestWithParam<Way> {};

TEST_P(OneJunction, serves_everybody_and_the_monitor_never_trips) {
  std::cout << "seed 1\n";
  ClosedLoop loop = loop_with(GetParam().control, GetParam().sensing, {});
  std::vector<std::string> refusals;
  loop.on_refused([&](const PlanAnswer& answer) { refusals.push_back(text_of(answer)); });

  run(loop, midnight + 8h + 40min);

  const RunFigures figures = loop.figures(midnight + 8h, midnight + 8h + 30min);
  EXPECT_GT(figures.loaded, 500U);
  EXPECT_EQ(figures.finished, figures.loaded);
  EXPECT_EQ(figures.monitor_trips, 0U);
  EXPECT_EQ(refusals, std::vector<std::string>{});
  EXPECT_LT(figures.max_waiting_s, 180.0);
  std::cout << "delay " << figures.delay_s << " s, longest wait " << figures.max_waiting_s
            << " s, plans " << figures.plans << "\n";
}

INSTANTIATE_TEST_SUITE_P(By, OneJunction,
                         testing::Values(Way{"timetable", LoopSetup::Control::timetable,
                                             LoopSetup::Sensing::detectors, 0},
                                         from_detectors, from_sightings),
                         [](const auto& each) { return each.param.name; });

class TooManyVehicles : public testing::TestWithParam<Way> {};

TEST_P(TooManyVehicles, are_served_safely_and_few_plans_are_refused) {
  std::cout << "seed 1\n";
  const IntersectionConfig config = test::one_junction_config();
  ClosedLoop loop = loop_with(GetParam().control, GetParam().sensing, {.vehicles_per_h = 900});
  std::vector<std::string> refusals;
  std::vector<std::string> conflicts;
  loop.on_refused([&](const PlanAnswer& answer) { refusals.push_back(text_of(answer)); });
  loop.on_shown([&](const ShownState& shown) {
    for (std::string& each : conflicts_shown(shown, config)) conflicts.push_back(std::move(each));
  });

  while (loop.now() < midnight + 8h + 30min) ASSERT_TRUE(loop.advance());

  const RunFigures figures = loop.figures(midnight + 8h, midnight + 8h + 30min);
  std::cout << refusals.size() << " of " << figures.plans << " plans refused, longest wait "
            << figures.max_waiting_s << " s, " << figures.finished << " of " << figures.loaded
            << " arrived\n";
  EXPECT_GT(figures.finished, 500U);
  EXPECT_LT(figures.finished, figures.loaded - 200);  // more than the junction can carry
  EXPECT_EQ(figures.monitor_trips, 0U);
  EXPECT_EQ(conflicts, std::vector<std::string>{});
  EXPECT_LE(static_cast<double>(refusals.size()),
            GetParam().refused_share_max * static_cast<double>(figures.plans))
      << testing::PrintToString(refusals);
}

INSTANTIATE_TEST_SUITE_P(By, TooManyVehicles, testing::Values(from_detectors, from_sightings),
                         [](const auto& each) { return each.param.name; });

TEST(OneJunctionPlans, wait_less_than_the_timetable) {
  ClosedLoop fixed = loop_with(LoopSetup::Control::timetable, LoopSetup::Sensing::detectors, {});
  ClosedLoop planned = loop_with(LoopSetup::Control::adaptive, LoopSetup::Sensing::full, {});
  run(fixed, midnight + 8h + 40min);
  run(planned, midnight + 8h + 40min);

  const double delay_fixed_s = fixed.figures(midnight + 8h, midnight + 8h + 30min).delay_s;
  const double delay_planned_s = planned.figures(midnight + 8h, midnight + 8h + 30min).delay_s;

  std::cout << "delay " << delay_fixed_s << " s by timetable, " << delay_planned_s
            << " s planned\n";
  EXPECT_LT(delay_planned_s, delay_fixed_s);
}

TEST(OneJunctionPlans, the_same_seed_gives_the_same_lamps) {
  ClosedLoop first =
      loop_with(LoopSetup::Control::adaptive, LoopSetup::Sensing::detectors, {.seed = 7});
  ClosedLoop second =
      loop_with(LoopSetup::Control::adaptive, LoopSetup::Sensing::detectors, {.seed = 7});

  EXPECT_EQ(run(first, midnight + 8h + 10min), run(second, midnight + 8h + 10min));
}

TEST(OneJunctionPlans, changes_begin_on_the_decision_step) {
  ClosedLoop loop = loop_with(LoopSetup::Control::adaptive, LoopSetup::Sensing::full, {});

  const std::vector<std::string> trace = run(loop, midnight + 8h + 10min);

  EXPECT_GT(trace.size(), 20U);
  for (const std::string& line : trace) EXPECT_EQ(std::stoll(line) % 1000, 0) << line;
}

}  // namespace
}  // namespace chorraha
