#include "control/timetable.hpp"

#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/control/cross.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using test::Cross;

std::vector<MovementFlow> flows(double a, double b) {
  return {{MovementIndex{0}, a, 0}, {MovementIndex{1}, b, 0}};
}

// y = 570/1900 = 0.3 and 380/1900 = 0.2; L = 2 x 5 s; C = (15 + 5) / 0.5 = 40 s; greens 18 and 12.
TEST(Webster, gives_the_figures_worked_out_by_hand) {
  const Cross cross;

  const Result<WebsterPlan> plan =
      webster_timetable(cross.junction, flows(570, 380), TimetableId{"w"});

  ASSERT_TRUE(plan) << plan.error().text();
  EXPECT_NEAR(plan->flow_ratio, 0.5, 1e-9);
  EXPECT_NEAR(plan->lost_s, 10.0, 1e-9);
  EXPECT_NEAR(plan->cycle_optimal_s, 40.0, 1e-9);
  EXPECT_EQ(plan->timetable.cycle, Ticks{400});
  ASSERT_EQ(plan->timetable.steps.size(), 2U);
  EXPECT_EQ(plan->timetable.steps[0].end_latest, Ticks{180});
  EXPECT_EQ(plan->timetable.steps[1].end_latest, Ticks{180 + 50 + 120});
  // 0.3 / (18 / 40)
  EXPECT_NEAR(plan->saturation[0], 0.3 / 0.45, 0.01);
  EXPECT_NEAR(plan->saturation[1], 0.2 / 0.30, 0.01);
}

TEST(Webster, gives_a_small_flow_its_minimum_green_and_the_rest_to_the_others) {
  const Cross cross;

  const WebsterPlan plan =
      webster_timetable(cross.junction, flows(900, 10), TimetableId{"w"}).value();

  const Ticks second = plan.timetable.steps[1].end_latest - plan.timetable.steps[0].end_latest;
  EXPECT_EQ(second, Ticks{50 + 50});  // interstage and minimum green
  EXPECT_EQ(plan.timetable.steps[1].end_latest + Ticks{50}, plan.timetable.cycle);
}

TEST(Webster, bounds_the_cycle_where_flows_exceed_the_capacity) {
  const Cross cross;

  const WebsterPlan plan =
      webster_timetable(cross.junction, flows(1500, 1500), TimetableId{"w"}).value();

  EXPECT_EQ(plan.timetable.cycle, Ticks{1200});
  EXPECT_GT(plan.saturation[0], 1.0);
}

TEST(Webster, keeps_pedestrians_minimums_and_passes_the_configuration_check) {
  const JunctionModel& junction = test::model();

  const WebsterPlan plan = webster_timetable(junction, {}, TimetableId{"quiet"}).value();

  IntersectionParts parts = test::parts();
  parts.timetables.push_back(plan.timetable);
  EXPECT_TRUE(IntersectionConfig::make(parts));
  GroupSet served;
  for (const TimetableStep& step : plan.timetable.steps)
    served = served | junction.config().stage(step.stage).green;
  EXPECT_EQ(served, junction.config().all_groups());
}

TEST(Webster, is_valid_for_any_flows) {
  constexpr unsigned seed = 1958;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> flow(0, 700);
  const JunctionModel& junction = test::model();
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    std::vector<MovementFlow> flows;
    for (const JunctionModel::Turn& turn : junction.turns())
      flows.push_back({turn.movement, flow(random), 0});

    const Result<WebsterPlan> plan = webster_timetable(junction, flows, TimetableId{"any"});

    ASSERT_TRUE(plan) << plan.error().text();
    IntersectionParts parts = test::parts();
    parts.timetables.push_back(plan->timetable);
    const Result<IntersectionConfig> config = IntersectionConfig::make(parts);
    EXPECT_TRUE(config) << config.error().text();
    const auto& steps = plan->timetable.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::size_t before = (i + steps.size() - 1) % steps.size();
      const Ticks since =
          i == 0 ? steps[before].end_latest - plan->timetable.cycle : steps[before].end_latest;
      const double leave_s = junction.change(steps[before].stage, steps[i].stage).leave_s;
      EXPECT_GE(to_seconds(steps[i].end_latest - since), leave_s - 1e-9);
    }
  }
}

TEST(SpreadOverLanes, fills_two_lanes_of_one_way_equally) {
  const JunctionModel& junction = test::model();
  std::vector<double> flows(junction.turns().size(), 100.0);

  const std::vector<double> spread = spread_over_lanes(junction, test::street(), flows);

  const double before = std::accumulate(flows.begin(), flows.end(), 0.0);
  const double after = std::accumulate(spread.begin(), spread.end(), 0.0);
  EXPECT_NEAR(before, after, 1e-6);
  for (const double flow : spread) EXPECT_GE(flow, 0.0);
}

}  // namespace
}  // namespace chorraha
