#include "centre/chain.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

constexpr PlanSequence plan_5{1, 5};
constexpr PlanSequence plan_6{1, 6};

struct ChainTest : testing::Test {
  IntersectionConfig config = test::one_junction_config();
  Chain chain{config.id(), config};

  [[nodiscard]] std::string missing() const { return chain.state().missing; }
  [[nodiscard]] PlanAnswer accepted(PlanSequence sequence) const {
    PlanAnswer answer;
    answer.intersection = config.id();
    answer.sequence = sequence;
    return answer;
  }
  [[nodiscard]] PlanAnswer refused(PlanSequence sequence) const {
    PlanAnswer answer = accepted(sequence);
    answer.refusals = {{"A11", "end of stage ns", "9.0 s", "7.0 s"}};
    return answer;
  }
  /// Stage "ns" lit by `shown`.
  [[nodiscard]] StateReport lit(PlanSequence shown) const {
    StateReport report;
    report.intersection = config.id();
    report.mode = SignalMode::normal;
    report.source = ControlSource::horizon;
    report.stage = StageIndex{0};
    report.plan_epoch = shown.epoch;
    report.plan_number = shown.number;
    report.groups.resize(config.groups().size());
    report.groups[0].aspect = Aspect::green;
    return report;
  }
};

TEST_F(ChainTest, begins_without_counts) {
  EXPECT_TRUE(missing().starts_with("counts")) << missing();
}

TEST_F(ChainTest, names_each_missing_link_and_closes) {
  chain.counted();
  EXPECT_TRUE(missing().starts_with("plan")) << missing();
  chain.planned(plan_5);
  EXPECT_TRUE(missing().starts_with("answer")) << missing();
  chain.answered(accepted(plan_5));
  EXPECT_TRUE(missing().starts_with("lamps")) << missing();
  chain.reported(lit(plan_5));

  EXPECT_EQ(missing(), "");
  EXPECT_EQ(chain.state().plan, "1/5");
  EXPECT_EQ(chain.state().lamps, "stage ns: NS green");
  EXPECT_EQ(chain.state().counts, 1U);
}

TEST_F(ChainTest, says_why_a_plan_was_refused_until_one_is_accepted) {
  chain.counted();
  chain.planned(plan_5);
  chain.answered(refused(plan_5));
  EXPECT_EQ(missing(), "acceptance (refused by A11: end of stage ns saw 9.0 s, allowed 7.0 s)");

  chain.planned(plan_6);
  chain.answered(accepted(plan_6));

  EXPECT_TRUE(missing().starts_with("lamps")) << missing();
}

TEST_F(ChainTest, a_plan_made_before_the_first_count_is_not_made_of_it) {
  chain.planned(plan_5);
  chain.counted();
  chain.planned(plan_6);

  chain.answered(accepted(plan_5));
  EXPECT_TRUE(missing().starts_with("answer")) << missing();

  chain.answered(accepted(plan_6));
  chain.reported(lit(plan_5));
  EXPECT_TRUE(missing().starts_with("lamps")) << missing();

  chain.reported(lit(plan_6));
  EXPECT_EQ(missing(), "");
}

TEST_F(ChainTest, lamps_that_show_something_else_do_not_close_it) {
  chain.counted();
  chain.planned(plan_5);
  chain.answered(accepted(plan_5));

  StateReport by_timetable = lit(plan_5);
  by_timetable.source = ControlSource::timetable;
  chain.reported(by_timetable);
  StateReport entering = lit(plan_5);
  entering.entering = true;
  chain.reported(entering);
  StateReport flash = lit(plan_5);
  flash.mode = SignalMode::flash;
  chain.reported(flash);
  StateReport red = lit(plan_5);
  red.groups[0].aspect = Aspect::red;
  chain.reported(red);

  EXPECT_TRUE(missing().starts_with("lamps")) << missing();
}

}  // namespace
}  // namespace chorraha
