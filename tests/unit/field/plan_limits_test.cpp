// Every limit of the plan check from both sides: the last value that passes, the first that does
// not.
#include <span>
#include <string>
#include <utility>
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

TEST_F(PlanLimits, every_kind_of_plan_is_for_this_boot_and_configuration) {
  const HorizonPlan running = good();
  ASSERT_EQ(rule_and_thing(running), "accepted");
  HorizonPlan plan = good();
  Renew renew = renewal(running, tick(100), tick(900));
  TimetablePlan program = timetable(Ticks{300}, Ticks{600});
  const auto number_anew = [this, &plan, &renew, &program] {
    for (PlanSequence* each : {&plan.sequence, &renew.sequence, &program.sequence})
      *each = {1, ++number};
  };

  plan.boot = renew.boot = program.boot = BootId{8};
  EXPECT_EQ(rule_and_thing(plan), "E1 boot");
  EXPECT_EQ(rule_and_thing(renew), "E1 boot");
  EXPECT_EQ(rule_and_thing(program), "E1 boot");
  plan.boot = renew.boot = program.boot = boot;
  plan.config_hash.bytes[0] = program.config_hash.bytes[0] = 1;
  number_anew();
  EXPECT_EQ(rule_and_thing(plan), "E1 config_hash");
  EXPECT_EQ(rule_and_thing(program), "E1 config_hash");
  plan.config_hash = program.config_hash = ConfigHash{};
  number_anew();
  EXPECT_EQ(rule_and_thing(plan), "accepted");
  renew.of = plan.sequence;
  EXPECT_EQ(rule_and_thing(renew), "accepted");
  EXPECT_EQ(rule_and_thing(program), "accepted");
  EXPECT_EQ(rule_and_thing(program), "E1 sequence");
}

TEST_F(PlanLimits, a_stage_that_does_not_exist_is_told_which_do) {
  const PlanAnswer answer =
      controller.receive(horizon({{StageIndex{2}, tick(200), tick(200)}}), tick(100));

  ASSERT_FALSE(answer.accepted());
  EXPECT_EQ(answer.refusals[0].allowed, "0 to 1");
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
  stages.reserve(8);
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

TEST_F(PlanLimits, a_timetable_holds_no_green_beyond_its_maximum) {
  // In the first cycle A is green from 10 to 300; everybody calls.
  for (const std::int64_t max_green : {289, 290}) {
    IntersectionParts parts = test::two_streams_parts();
    parts.groups[0].max_green = Ticks{max_green};
    const auto config = IntersectionConfig::make(parts).value();

    const auto refusals = check_timetable(config.timetables()[0], config);

    ASSERT_EQ(refusals.empty(), max_green == 290) << max_green;
    if (refusals.empty()) continue;
    EXPECT_EQ(refusals[0].rule + " " + refusals[0].thing, "A12 group A");
    EXPECT_EQ(refusals[0].allowed, "28.9 s");
  }
}

TEST_F(PlanLimits, a_timetable_may_leave_a_group_to_its_sister) {
  IntersectionParts parts = test::two_streams_parts();
  parts.groups[2] = parts.groups[1];
  parts.groups[2].id = GroupId{"sister"};
  parts.relations[1][2] = parts.relations[2][1] = Relation::same_stream;
  parts.stages[1].green = GroupSet{};
  parts.stages[1].green.insert(GroupIndex{1});
  const auto config = IntersectionConfig::make(parts).value();

  EXPECT_TRUE(check_timetable(config.timetables()[0], config).empty());
}

/// A controller that rests in "a" on a horizon, while B, called at Tick 1, waits: until 1801 by
/// A12.
class PlanForACall : public ::testing::Test {
 protected:
  static IntersectionConfig with_loop() {
    IntersectionParts parts = test::two_streams_parts();
    DetectorUse loop;
    loop.id = DetectorId{"loop-b"};
    loop.calls.insert(GroupIndex{1});
    DetectorUse other;
    other.id = DetectorId{"loop-a"};
    other.calls.insert(GroupIndex{0});
    parts.detectors = {loop, other};
    parts.groups[0].max_green = Ticks{3600};
    return IntersectionConfig::make(std::move(parts)).value();
  }
  [[nodiscard]] HorizonPlan plan(std::int64_t built_on, std::int64_t lease_until,
                                 std::vector<HorizonStage> stages) {
    HorizonPlan made;
    made.intersection = IntersectionId{"two"};
    made.boot = boot;
    made.built_on = tick(built_on);
    made.sequence = {1, ++number};
    made.lease_until = tick(lease_until);
    made.stages = std::move(stages);
    return made;
  }
  void wait_until(std::int64_t end) {
    const Detection on{DetectorId{"loop-b"}, {}, Detection::Kind::on, {}, {}, 1.0};
    const std::vector<HorizonStage> rest{{stage_a, tick(100), tick(100)}};
    for (std::int64_t t = 0; t <= end; ++t) {
      if (t == 1) {
        ASSERT_TRUE(controller.receive(plan(0, 1200, rest), tick(0)).accepted());
      }
      if (t == 700) {
        const Renew renew{IntersectionId{"two"}, boot,   tick(699),
                          {1, ++number},         {1, 1}, tick(1800)};
        ASSERT_TRUE(controller.receive(renew, tick(699)).accepted());
      }
      controller.hear_centre(tick(t));
      const std::span<const Detection> seen(&on, t == 1 ? 1 : 0);
      controller.step(tick(t), Instant{} + Ticks{t}, LocalTime{}, seen, {});
    }
    ASSERT_EQ(controller.report().stage, stage_a);
  }
  /// B is green 5 s after "a" has ended.
  [[nodiscard]] bool accepts_end_of_a(std::int64_t now, std::int64_t end) {
    return controller
        .receive(
            plan(now, now + 1000,
                 {{stage_a, tick(end), tick(end)}, {stage_b, tick(end + 600), tick(end + 600)}}),
            tick(now))
        .accepted();
  }

  Controller controller{with_loop(), ConfigHash{}, boot, Start::warm};
  std::uint64_t number = 0;
};

TEST_F(PlanForACall, serves_it_by_its_limit) {
  wait_until(1500);

  EXPECT_FALSE(accepts_end_of_a(1500, 1752));
  EXPECT_TRUE(accepts_end_of_a(1500, 1751));
}

TEST_F(PlanForACall, serves_it_within_a_second_of_the_soonest_where_the_limit_cannot_be_kept) {
  wait_until(1790);  // the next step is 1791, B could be green at 1841

  EXPECT_FALSE(accepts_end_of_a(1790, 1802));
  EXPECT_TRUE(accepts_end_of_a(1790, 1801));
}

TEST_F(PlanForACall, may_leave_it_waiting_if_the_lease_ends_before_its_limit) {
  wait_until(1500);
  const std::vector<HorizonStage> rest{{stage_a, tick(1600), tick(1600)}};

  EXPECT_FALSE(controller.receive(plan(1500, 1801, rest), tick(1500)).accepted());
  EXPECT_TRUE(controller.receive(plan(1500, 1800, rest), tick(1500)).accepted());
}

TEST_F(PlanForACall, is_told_what_is_missing) {
  wait_until(1500);

  const auto rest =
      controller.receive(plan(1500, 2000, {{stage_a, tick(1600), tick(1600)}}), tick(1500));
  const auto late = controller.receive(
      plan(1500, 2400, {{stage_a, tick(1800), tick(1800)}, {stage_b, tick(2300), tick(2300)}}),
      tick(1500));

  ASSERT_FALSE(rest.accepted());
  EXPECT_EQ(rest.refusals[0], (Refusal{"A12", "call of group B", "not served", "by 180.1 s"}));
  ASSERT_FALSE(late.accepted());
  EXPECT_EQ(late.refusals[0],
            (Refusal{"A12", "call of group B", "served at 185.0 s", "by 180.1 s"}));
}

TEST_F(PlanForACall, is_not_renewed_beyond_the_limit_of_the_call) {
  wait_until(1500);

  Renew renew{IntersectionId{"two"}, boot, tick(1500), {1, ++number}, {1, 1}, tick(1800)};
  EXPECT_TRUE(controller.receive(renew, tick(1500)).accepted());
  renew.sequence = {1, ++number};
  renew.lease_until = tick(1801);  // leaves B waiting at its limit

  const PlanAnswer answer = controller.receive(renew, tick(1500));

  ASSERT_FALSE(answer.accepted());
  EXPECT_EQ(answer.refusals[0].rule, "A12");
}

TEST_F(PlanForACall, is_renewed_only_if_the_latest_end_serves_it_too) {
  wait_until(1500);
  const HorizonPlan open =
      plan(1500, 1800, {{stage_a, tick(1600), tick(1790)}, {stage_b, tick(1795), tick(1795)}});
  ASSERT_TRUE(controller.receive(open, tick(1500)).accepted());

  // Without a gap "a" lasts until 1790 and B waits until 1840.
  const Renew renew{IntersectionId{"two"}, boot,          tick(1500),
                    {1, ++number},         open.sequence, tick(1850)};
  const PlanAnswer answer = controller.receive(renew, tick(1500));

  ASSERT_FALSE(answer.accepted());
  EXPECT_EQ(answer.refusals[0].rule, "A12");
}

TEST(WaitLimit, is_180_s_or_one_and_a_half_cycles) {
  EXPECT_EQ(wait_limit(Ticks{0}), Ticks{1800});
  EXPECT_EQ(wait_limit(Ticks{1200}), Ticks{1800});
  EXPECT_EQ(wait_limit(Ticks{1202}), Ticks{1803});
}

}  // namespace
}  // namespace chorraha
