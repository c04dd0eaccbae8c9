#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "field/controller.hpp"
#include "tests/unit/field/two_streams.hpp"

namespace chorraha::test {

inline constexpr BootId boot{7};
inline constexpr StageIndex stage_a{0};
inline constexpr StageIndex stage_b{1};

inline Tick tick(std::int64_t count) {
  return Tick{Ticks{count}};
}

/// A controller of the two streams at Tick 100 of a cycle of 60 s: stage "a", green since Tick 10.
class PlanBench : public ::testing::Test {
 protected:
  void SetUp() override { run_until(101); }
  void run_until(std::int64_t end) {
    for (; next < end; ++next)
      controller.step(tick(next), Instant{} + Ticks{next}, LocalTime{}, {}, {});
  }
  [[nodiscard]] HorizonPlan horizon(std::vector<HorizonStage> stages) {
    HorizonPlan plan;
    plan.intersection = IntersectionId{"two"};
    plan.boot = boot;
    plan.built_on = controller.report().now;
    plan.sequence = {1, ++number};
    plan.lease_until = plan.built_on + Ticks{600};
    plan.stages = std::move(stages);
    return plan;
  }
  [[nodiscard]] HorizonPlan good() {
    return horizon({{stage_a, tick(next + 50), tick(next + 90)},
                    {stage_b, tick(next + 300), tick(next + 400)},
                    {stage_a, tick(next + 500), tick(next + 500)}});
  }
  [[nodiscard]] std::string rule_and_thing(const Plan& plan) {
    const PlanAnswer answer = controller.receive(plan, tick(next - 1));
    if (answer.accepted()) return "accepted";
    return answer.refusals[0].rule + " " + answer.refusals[0].thing;
  }
  [[nodiscard]] TimetablePlan timetable(Ticks end_a, Ticks cycle) {
    TimetablePlan plan;
    plan.intersection = IntersectionId{"two"};
    plan.boot = boot;
    plan.built_on = controller.report().now;
    plan.sequence = {1, ++number};
    plan.timetable = {TimetableId{"new"},
                      cycle,
                      Ticks{0},
                      {{stage_a, end_a, end_a, false}, {stage_b, cycle, cycle, false}}};
    return plan;
  }

  Controller controller{two_streams(), ConfigHash{}, boot, Start::warm};
  std::int64_t next = 0;
  std::uint64_t number = 0;
};

}  // namespace chorraha::test
