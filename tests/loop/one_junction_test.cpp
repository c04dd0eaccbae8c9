// The whole chain at one junction, in one process on a manual clock: street, detections, plan,
// controller, lamp driver, monitor, lamps, street.
#include "tests/support/one_junction.hpp"

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/make_street.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

const Instant midnight = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

struct Traffic {
  double vehicles_per_h = 500;
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
};

class OneJunction : public testing::TestWithParam<Way> {};

TEST_P(OneJunction, serves_everybody_and_the_monitor_never_trips) {
  std::cout << "seed 1\n";
  ClosedLoop loop = loop_with(GetParam().control, GetParam().sensing, {});
  std::vector<std::string> refusals;
  loop.on_refused([&](const PlanAnswer& answer) {
    refusals.push_back(std::to_string(to_seconds(answer.answered_at.time_since_epoch())) + " " +
                       answer.refusals.front().rule + " " + answer.refusals.front().thing +
                       " saw " + answer.refusals.front().seen + " allowed " +
                       answer.refusals.front().allowed);
  });

  run(loop, midnight + 8h + 40min);

  const RunFigures figures = loop.figures(midnight + 8h, midnight + 8h + 30min);
  EXPECT_GT(figures.loaded, 700U);
  EXPECT_EQ(figures.finished, figures.loaded);
  EXPECT_EQ(figures.monitor_trips, 0U);
  EXPECT_EQ(refusals, std::vector<std::string>{});
  EXPECT_LT(figures.max_waiting_s, 180.0);
  std::cout << "delay " << figures.delay_s << " s, longest wait " << figures.max_waiting_s
            << " s, plans " << figures.plans << "\n";
}

INSTANTIATE_TEST_SUITE_P(By, OneJunction,
                         testing::Values(Way{"timetable", LoopSetup::Control::timetable,
                                             LoopSetup::Sensing::detectors},
                                         Way{"horizon_from_detectors", LoopSetup::Control::adaptive,
                                             LoopSetup::Sensing::detectors},
                                         Way{"horizon_from_sightings", LoopSetup::Control::adaptive,
                                             LoopSetup::Sensing::full}),
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
