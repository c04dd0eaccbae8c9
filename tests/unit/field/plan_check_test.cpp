#include "field/plan_check.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "field/controller.hpp"
#include "tests/unit/field/plan_bench.hpp"
#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

using test::boot;
using test::stage_a;
using test::stage_b;
using test::tick;

class PlanCheckTest : public test::PlanBench {};

TEST_F(PlanCheckTest, accepts_a_plan_that_keeps_the_rules) {
  EXPECT_EQ(rule_and_thing(good()), "accepted");
}

TEST_F(PlanCheckTest, e1_refuses_a_sequence_that_is_not_newer) {
  const HorizonPlan plan = good();
  ASSERT_EQ(rule_and_thing(plan), "accepted");

  EXPECT_EQ(rule_and_thing(plan), "E1 sequence");
}

TEST_F(PlanCheckTest, e1_refuses_another_configuration_boot_or_intersection) {
  HorizonPlan plan = good();
  plan.config_hash.bytes[3] = 1;
  EXPECT_EQ(rule_and_thing(plan), "E1 config_hash");
  plan = good();
  plan.boot = BootId{8};
  EXPECT_EQ(rule_and_thing(plan), "E1 boot");
  plan = good();
  plan.intersection = IntersectionId{"elsewhere"};
  EXPECT_EQ(rule_and_thing(plan), "E1 intersection");
}

TEST_F(PlanCheckTest, e1_refuses_a_plan_built_on_a_report_older_than_3_s_or_from_the_future) {
  HorizonPlan plan = good();
  plan.built_on = tick(next - 1 - 31);
  EXPECT_EQ(rule_and_thing(plan), "E1 built_on");
  plan = good();
  plan.built_on = tick(next + 10);
  EXPECT_EQ(rule_and_thing(plan), "E1 built_on");
  plan = good();
  plan.built_on = Tick::max();
  EXPECT_EQ(rule_and_thing(plan), "E1 built_on");
}

TEST_F(PlanCheckTest, e1_refuses_a_lease_outside_1_to_120_s) {
  for (const std::int64_t lease : {9, 1201}) {
    HorizonPlan plan = good();
    plan.lease_until = plan.built_on + Ticks{lease};
    EXPECT_EQ(rule_and_thing(plan), "E1 lease_until") << lease;
  }
}

TEST_F(PlanCheckTest, e2h_refuses_a_plan_that_begins_with_another_stage) {
  EXPECT_EQ(rule_and_thing(horizon({{stage_b, tick(300), tick(300)}})), "E2h stages[0]");
}

TEST_F(PlanCheckTest, e2h_refuses_a_latest_end_that_is_past) {
  EXPECT_EQ(
      rule_and_thing(horizon({{stage_a, tick(50), tick(90)}, {stage_b, tick(500), tick(500)}})),
      "E2h stages[0].end_latest");
}

TEST_F(PlanCheckTest, e2h_refuses_no_stage_nine_stages_and_stages_that_do_not_exist) {
  EXPECT_EQ(rule_and_thing(horizon({})), "E2h stages");
  EXPECT_EQ(rule_and_thing(horizon(std::vector<HorizonStage>(9, {stage_a, tick(200), tick(200)}))),
            "E2h stages");
  EXPECT_EQ(rule_and_thing(horizon({{StageIndex{5}, tick(200), tick(200)}})), "E2h stages[0]");
  EXPECT_EQ(rule_and_thing(horizon({{StageIndex::none(), tick(200), tick(200)}})), "E2h stages[0]");
}

TEST_F(PlanCheckTest, a11_refuses_an_end_before_the_minimum_green_has_run) {
  // "b" begins with the end of "a" at 150; W may begin its end at 240, B at 250.
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(150), tick(150)},
                                    {stage_b, tick(249), tick(249)},
                                    {stage_a, tick(400), tick(400)}})),
            "A11 end of stage b (entry 1)");
  EXPECT_EQ(rule_and_thing(horizon({{stage_a, tick(150), tick(150)},
                                    {stage_b, tick(250), tick(250)},
                                    {stage_a, tick(400), tick(400)}})),
            "accepted");
}

TEST_F(PlanCheckTest, a_refused_plan_consumes_its_number_and_leaves_the_lease_alone) {
  const HorizonPlan first = good();
  ASSERT_EQ(rule_and_thing(first), "accepted");
  HorizonPlan bad = good();
  bad.lease_until = bad.built_on + Ticks{5000};
  ASSERT_NE(rule_and_thing(bad), "accepted");

  EXPECT_EQ(controller.report().lease_until, first.lease_until);
  HorizonPlan repaired = good();
  repaired.sequence = bad.sequence;
  EXPECT_EQ(rule_and_thing(repaired), "E1 sequence");
}

TEST_F(PlanCheckTest, renew_extends_the_running_plan_and_no_other) {
  const HorizonPlan plan = good();
  ASSERT_EQ(rule_and_thing(plan), "accepted");
  run_until(110);
  Renew renew{IntersectionId{"two"}, boot,          controller.report().now,
              {1, ++number},         plan.sequence, tick(900)};
  EXPECT_EQ(rule_and_thing(renew), "accepted");
  EXPECT_EQ(controller.report().lease_until, tick(900));

  renew.sequence = {1, ++number};
  renew.of = {1, 1000};
  EXPECT_EQ(rule_and_thing(renew), "E1 of");
}

TEST_F(PlanCheckTest, refuses_horizons_during_start_up_but_stores_timetables) {
  Controller cold(test::two_streams(), ConfigHash{}, boot, Start::cold);
  cold.step(tick(100), Instant{} + Ticks{100}, LocalTime{}, {}, {});

  const PlanAnswer answer = cold.receive(good(), tick(100));
  const PlanAnswer stored = cold.receive(timetable(Ticks{400}, Ticks{800}), tick(100));

  ASSERT_FALSE(answer.accepted());
  EXPECT_EQ(answer.refusals[0].rule, "starting");
  EXPECT_TRUE(stored.accepted());
}

TEST_F(PlanCheckTest, e2_refuses_a_timetable_that_cannot_be_kept) {
  EXPECT_EQ(rule_and_thing(timetable(Ticks{80}, Ticks{600})), "A11 end of stage a");
  TimetablePlan plan = timetable(Ticks{300}, Ticks{600});
  plan.timetable.steps.pop_back();
  EXPECT_EQ(rule_and_thing(plan), "E2 group B");
  plan = timetable(Ticks{300}, Ticks{600});
  plan.timetable.cycle = Ticks{-5};
  EXPECT_EQ(rule_and_thing(plan).substr(0, 2), "E2");
  plan = timetable(Ticks{300}, Ticks{600});
  plan.timetable.offset = Ticks::max();
  EXPECT_EQ(rule_and_thing(plan), "E2 offset_s");
}

TEST_F(PlanCheckTest, e2_accepts_a_timetable_and_follows_it_from_its_instant_on) {
  TimetablePlan plan = timetable(Ticks{400}, Ticks{800});
  plan.valid_from = Instant{} + Ticks{200};

  ASSERT_EQ(rule_and_thing(plan), "accepted");
  run_until(401);  // place 40 s of the new cycle: end of "a"

  EXPECT_EQ(controller.report().stage, stage_b);
  EXPECT_EQ(controller.report().stage_since, tick(400));
}

TEST_F(PlanCheckTest, a12_refuses_a_horizon_that_lets_a_call_wait_beyond_its_limit) {
  IntersectionParts parts = test::two_streams_parts();
  DetectorUse loop;
  loop.id = DetectorId{"loop-b"};
  loop.calls.insert(GroupIndex{1});
  parts.detectors = {loop};
  parts.groups[0].max_green = Ticks{3600};
  Controller waiting(IntersectionConfig::make(parts).value(), ConfigHash{}, boot, Start::warm);
  const Detection on{DetectorId{"loop-b"}, {}, Detection::Kind::on, {}, {}, 1.0};
  HorizonPlan plan = horizon({{stage_a, tick(100), tick(100)}});  // rests there
  for (std::int64_t t = 0; t <= 1500; ++t) {
    if (t == 1) {
      plan.built_on = tick(0);
      plan.lease_until = tick(1200);
      ASSERT_TRUE(waiting.receive(plan, tick(0)).accepted());
    }
    if (t == 700) {  // the call of Tick 1 may wait until 1801
      const Renew renew{plan.intersection, boot,          tick(699),
                        {1, ++number},     plan.sequence, tick(1800)};
      ASSERT_TRUE(waiting.receive(renew, tick(699)).accepted());
    }
    waiting.hear_centre(tick(t));
    const std::span<const Detection> seen(&on, t == 1 ? 1 : 0);
    waiting.step(tick(t), Instant{} + Ticks{t}, LocalTime{}, seen, {});
  }
  ASSERT_EQ(waiting.report().stage, stage_a);
  plan = horizon({{stage_a, tick(1700), tick(1700)}});
  plan.built_on = tick(1500);
  plan.lease_until = tick(2500);

  const PlanAnswer resting = waiting.receive(plan, tick(1500));
  plan.sequence = {1, ++number};
  plan.stages.push_back({stage_b, tick(2400), tick(2400)});
  const PlanAnswer serving = waiting.receive(plan, tick(1500));

  ASSERT_FALSE(resting.accepted());
  EXPECT_EQ(resting.refusals[0].rule, "A12");
  EXPECT_TRUE(serving.accepted()) << serving.refusals[0].thing << serving.refusals[0].seen;
}

}  // namespace
}  // namespace chorraha
