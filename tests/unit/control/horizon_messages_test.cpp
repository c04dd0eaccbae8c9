#include "control/horizon_messages.hpp"

#include <gtest/gtest.h>

#include "control/release_board.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using test::noon;
using test::noon_utc;

class HorizonMessages : public testing::Test {
 protected:
  HorizonMessages() {
    decision.stages = {{StageIndex{2}, noon + Ticks{50}, noon + Ticks{50}, false, {}},
                       {StageIndex{0}, noon + Ticks{450}, noon + Ticks{450}, false, {}}};
    envelope.sequence = {3, 17};
    envelope.lease_until = noon + Ticks{300};
  }
  static StateReport in_force(const HorizonPlan& plan, Ticks later) {
    StateReport report = test::settled(test::model().config(), StageIndex{2}, Ticks{300});
    report.now += later;
    report.source = ControlSource::horizon;
    report.plan_epoch = plan.sequence.epoch;
    report.plan_number = plan.sequence.number;
    report.lease_until = plan.lease_until;
    return report;
  }
  StateReport report = test::settled(test::model().config(), StageIndex{2}, Ticks{300});
  HorizonDecision decision;
  HorizonEnvelope envelope;
};

TEST_F(HorizonMessages, names_the_boot_and_the_report_that_a_plan_was_built_on) {
  const std::optional<HorizonPlan> plan = as_plan(decision, report, envelope);

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->boot, report.boot);
  EXPECT_EQ(plan->built_on, report.now);
  EXPECT_EQ(plan->intersection, report.intersection);
  EXPECT_EQ(plan->stages, decision.stages);
}

TEST_F(HorizonMessages, renews_a_plan_that_says_the_same) {
  const HorizonPlan running = *as_plan(decision, report, envelope);
  const StateReport later = in_force(running, Ticks{10});
  decision.stages.back().end_earliest += Ticks{10};  // the last one rests: no difference
  decision.stages.back().end_latest += Ticks{10};
  envelope.sequence.number = 18;

  const auto message = as_message(running, decision, later, envelope);

  ASSERT_TRUE(message && std::holds_alternative<Renew>(*message));
  EXPECT_EQ(std::get<Renew>(*message).of, running.sequence);
  EXPECT_EQ(std::get<Renew>(*message).sequence.number, 18U);
}

TEST_F(HorizonMessages, sends_a_new_plan_when_a_bound_has_moved) {
  const HorizonPlan running = *as_plan(decision, report, envelope);
  const StateReport later = in_force(running, Ticks{10});
  decision.stages.front().end_latest += Ticks{10};

  const auto message = as_message(running, decision, later, envelope);

  EXPECT_TRUE(message && std::holds_alternative<HorizonPlan>(*message));
}

TEST_F(HorizonMessages, sends_a_new_plan_when_the_controller_runs_another_one) {
  const HorizonPlan running = *as_plan(decision, report, envelope);
  StateReport later = in_force(running, Ticks{10});
  later.plan_number += 1;

  const auto message = as_message(running, decision, later, envelope);

  EXPECT_TRUE(message && std::holds_alternative<HorizonPlan>(*message));
}

TEST_F(HorizonMessages, sends_nothing_when_nothing_was_decided) {
  EXPECT_FALSE(as_message(std::nullopt, HorizonDecision{}, report, envelope));
}

TEST(ReleaseBoard, replaces_what_was_planned_and_keeps_what_has_left) {
  const JunctionModel& junction = test::model();
  const LaneIndex into = test::street().find(LaneId{"N_in_0"});
  ReleaseBoard board(2);
  const auto at = [&](int seconds) { return noon_utc + Milliseconds{1000 * seconds}; };
  const std::vector<Release> first{{into, at(1), 1}, {into, at(5), 1}};
  const std::vector<Release> second{{into, at(8), 1}, {LaneIndex{3}, at(9), 1}};

  board.announce(IntersectionIndex{1}, at(0), first);
  board.announce(IntersectionIndex{1}, at(2), second);

  const std::vector<Release> found = board.towards(junction);
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found[0].at, at(1));
  EXPECT_EQ(found[1].at, at(8));
}

}  // namespace
}  // namespace chorraha
