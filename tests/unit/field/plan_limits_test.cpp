// Every limit of the plan check from both sides: the last value that passes, the first that does
// not.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "field/plan_check.hpp"
#include "tests/unit/field/plan_bench.hpp"

namespace chorraha {
namespace {

using test::boot;
using test::stage_a;
using test::stage_b;
using test::tick;

class PlanLimits : public test::PlanBench {
 protected:
  [[nodiscard]] HorizonPlan with_lease(Tick built_on, Tick lease_until) {
    HorizonPlan plan = good();
    plan.built_on = built_on;
    plan.lease_until = lease_until;
    return plan;
  }
  [[nodiscard]] Renew renewal(const HorizonPlan& of, Tick built_on, Tick lease_until) {
    return {IntersectionId{"two"}, boot, built_on, {1, ++number}, of.sequence, lease_until};
  }
};

TEST_F(PlanLimits, a_report_may_be_3_s_old_and_no_older) {
  HorizonPlan plan = good();
  plan.built_on = tick(100 - 31);
  EXPECT_EQ(rule_and_thing(plan), "E1 built_on");
  plan = good();
  plan.built_on = tick(100 - 30);
  EXPECT_EQ(rule_and_thing(plan), "accepted");
  plan = good();
  plan.built_on = tick(101);
  EXPECT_EQ(rule_and_thing(plan), "E1 built_on");
}

TEST_F(PlanLimits, a_lease_is_1_to_120_s_long) {
  EXPECT_EQ(rule_and_thing(with_lease(tick(100), tick(109))), "E1 lease_until");
  EXPECT_EQ(rule_and_thing(with_lease(tick(100), tick(110))), "accepted");
  EXPECT_EQ(rule_and_thing(with_lease(tick(100), tick(1300))), "accepted");
  EXPECT_EQ(rule_and_thing(with_lease(tick(100), tick(1301))), "E1 lease_until");
}

TEST_F(PlanLimits, a_lease_ends_after_now) {
  EXPECT_EQ(rule_and_thing(with_lease(tick(80), tick(100))), "E1 lease_until");
  EXPECT_EQ(rule_and_thing(with_lease(tick(80), tick(101))), "accepted");
}

TEST_F(PlanLimits, a_refused_lease_is_told_what_is_allowed) {
  const PlanAnswer answer = controller.receive(with_lease(tick(80), tick(90)), tick(100));

  ASSERT_FALSE(answer.accepted());
  EXPECT_EQ(answer.refusals[0].seen, "9.0 s");
  EXPECT_EQ(answer.refusals[0].allowed, "10.1 s to 128.0 s");
}

TEST_F(PlanLimits, eight_stages_are_not_too_many) {
  std::vector<HorizonStage> stages;
  for (std::int64_t i = 0; i < 8; ++i)
    stages.push_back({i % 2 == 0 ? stage_a : stage_b, tick(250 + 130 * i), tick(250 + 130 * i)});

  EXPECT_EQ(rule_and_thing(horizon(stages)), "accepted");
}

TEST_F(PlanLimits, a_stage_ends_within_120_s_and_not_before_its_earliest_end) {
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(200), tick(1301)}})),
            "E2h stages[0].end_latest");
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(200), tick(1300)}})), "accepted");
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(200), tick(199)}})), "E2h stages[0].end_latest");
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(200), tick(200)}})), "accepted");
}

TEST_F(PlanLimits, a_stage_is_one_of_the_configuration) {
  EXPECT_EQ(rule_and_thing(horizon({{StageIndex{2}, tick(200), tick(200)}})), "E2h stages[0]");
}

TEST_F(PlanLimits, a_latest_end_may_be_the_step_before_the_next) {
  const auto ending = [this](std::int64_t end) {
    return horizon({{stage_a, tick(end), tick(end)}, {stage_b, tick(500), tick(500)}});
  };

  EXPECT_EQ(rule_and_thing(ending(99)), "E2h stages[0].end_latest");
  EXPECT_EQ(rule_and_thing(ending(100)), "accepted");
}

TEST_F(PlanLimits, the_last_stage_rests_even_if_its_end_is_past) {
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(50), tick(60)}})), "accepted");
}

TEST_F(PlanLimits, a_plan_built_before_its_first_stage_ended_goes_on_with_the_second) {
  const HorizonPlan first =
      horizon({{stage_a, tick(150), tick(150)}, {stage_b, tick(400), tick(400)}});
  ASSERT_EQ(rule_and_thing(first), "accepted");
  run_until(152);  // stage "b" is being entered since 150
  HorizonPlan late = horizon({{stage_a, tick(150), tick(150)},
                              {stage_b, tick(420), tick(420)},
                              {stage_a, tick(600), tick(600)}});
  late.built_on = tick(149);
  ASSERT_EQ(rule_and_thing(late), "accepted");
  for (std::int64_t end = 153; end <= 421; ++end) {
    controller.hear_centre(tick(end - 1));
    run_until(end);
  }

  EXPECT_EQ(controller.report().stage, stage_a);
  EXPECT_EQ(controller.report().stage_since, tick(420));
}

TEST_F(PlanLimits, a_stage_that_ended_sooner_than_the_plan_allows_is_not_its_first) {
  const HorizonPlan first =
      horizon({{stage_a, tick(150), tick(150)}, {stage_b, tick(400), tick(400)}});
  ASSERT_EQ(rule_and_thing(first), "accepted");
  run_until(152);
  HorizonPlan other = horizon({{stage_a, tick(151), tick(200)}, {stage_b, tick(420), tick(420)}});
  other.built_on = tick(149);

  EXPECT_EQ(rule_and_thing(other), "E2h stages[0]");
}

TEST_F(PlanLimits, a_renewal_never_shortens_the_lease) {
  const HorizonPlan plan = good();
  ASSERT_EQ(rule_and_thing(plan), "accepted");

  EXPECT_EQ(rule_and_thing(renewal(plan, tick(100), plan.lease_until - Ticks{1})),
            "E1 lease_until");
  EXPECT_EQ(rule_and_thing(renewal(plan, tick(100), plan.lease_until)), "accepted");
}

TEST_F(PlanLimits, there_is_nothing_to_renew_below_a_timetable) {
  EXPECT_EQ(rule_and_thing(renewal(good(), tick(100), tick(400))), "E1 of");
}

TEST_F(PlanLimits, a_timetable_is_moved_by_a_cycle_at_most) {
  TimetablePlan plan = timetable(Ticks{300}, Ticks{600});
  for (const std::int64_t offset : {-601, 601}) {
    plan.sequence = {1, ++number};
    plan.timetable.offset = Ticks{offset};
    EXPECT_EQ(rule_and_thing(plan), "E2 offset_s") << offset;
  }
  for (const std::int64_t offset : {-600, 600}) {
    plan.sequence = {1, ++number};
    plan.timetable.offset = Ticks{offset};
    EXPECT_EQ(rule_and_thing(plan), "accepted") << offset;
  }
}

TEST_F(PlanLimits, a_timetable_may_end_a_stage_when_its_minimum_green_has_run_and_no_sooner) {
  // "a" is entered at the end of "b"; W's green ends 3 s later, 5 s on A is green, for 5 s.
  EXPECT_EQ(rule_and_thing(timetable(Ticks{129}, Ticks{600})), "A11 end of stage a");
  EXPECT_EQ(rule_and_thing(timetable(Ticks{130}, Ticks{600})), "accepted");
}

TEST(WaitLimit, is_180_s_or_one_and_a_half_cycles) {
  EXPECT_EQ(wait_limit(Ticks{0}), Ticks{1800});
  EXPECT_EQ(wait_limit(Ticks{1200}), Ticks{1800});
  EXPECT_EQ(wait_limit(Ticks{1202}), Ticks{1803});
}

}  // namespace
}  // namespace chorraha
