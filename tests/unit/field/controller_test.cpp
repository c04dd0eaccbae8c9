#include "field/controller.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "field/lamp_driver.hpp"
#include "field/monitor.hpp"
#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

constexpr BootId boot{7};
constexpr Instant monday_noon{std::chrono::milliseconds{1704110400000}};  // 2024-01-01T12:00Z

Tick tick(std::int64_t count) {
  return Tick{Ticks{count}};
}

/// A controller that is stepped by hand, from Tick 0 at `begin`.
struct Cabinet {
  explicit Cabinet(Start start, IntersectionConfig from = test::one_junction_config())
      : controller(std::move(from), ConfigHash{}, boot, start) {}

  const std::vector<Aspect>& step(std::span<const Detection> seen = {}, GroupSet sighted = {}) {
    const Tick now = next;
    next += Ticks{1};
    return controller.step(now, begin + now.time_since_epoch(), LocalTime{}, seen, sighted);
  }
  void run_until(Tick end) {
    while (next < end) {
      step();
      if (central) controller.hear_centre(next - Ticks{1});
    }
  }
  [[nodiscard]] Aspect aspect(const char* id) const {
    return controller.aspects()[controller.config().find_group(GroupId{id}).value()];
  }
  [[nodiscard]] std::string stage() const {
    return controller.config().stage(controller.report().stage).id.text();
  }
  [[nodiscard]] HorizonPlan plan(std::vector<HorizonStage> stages) {
    HorizonPlan made;
    made.intersection = controller.config().id();
    made.boot = boot;
    made.built_on = controller.report().now;
    made.sequence = {1, ++number};
    made.lease_until = made.built_on + Ticks{600};
    made.stages = std::move(stages);
    return made;
  }

  Controller controller;
  Instant begin = monday_noon;  // place 0 of a 100 s cycle: 1704110400 mod 100 = 0
  Tick next{};
  std::uint64_t number = 0;
  bool central = false;
};

StageIndex stage(std::size_t s) {
  return StageIndex{s};
}

TEST(Controller, starts_warm_in_the_stage_that_belongs_to_this_second) {
  Cabinet cabinet(Start::warm);
  cabinet.begin += std::chrono::seconds{60};  // place 60 s: stage "ew", 52 to 90 s

  cabinet.step();

  EXPECT_EQ(cabinet.stage(), "ew");
  EXPECT_EQ(cabinet.aspect("EW"), Aspect::red_amber);
  EXPECT_EQ(cabinet.controller.mode(), SignalMode::normal);
}

TEST(Controller, runs_its_timetable_in_step_with_utc) {
  Cabinet cabinet(Start::warm);

  cabinet.run_until(tick(1000 + 300));
  EXPECT_EQ(cabinet.aspect("NS"), Aspect::green);
  cabinet.step();  // place 30 s: end of "ns"

  EXPECT_EQ(cabinet.stage(), "ns_left");
}

TEST(Controller, starts_cold_through_flash_amber_and_all_red) {
  Cabinet cabinet(Start::cold);

  cabinet.step();
  EXPECT_EQ(cabinet.aspect("NS"), Aspect::flashing_amber);
  EXPECT_EQ(cabinet.aspect("P_N"), Aspect::dark);
  cabinet.run_until(tick(51));
  EXPECT_EQ(cabinet.aspect("NS"), Aspect::amber);
  EXPECT_EQ(cabinet.aspect("P_N"), Aspect::red);
  cabinet.run_until(tick(81));
  EXPECT_EQ(cabinet.aspect("NS"), Aspect::red);
  cabinet.run_until(tick(180));
  EXPECT_EQ(cabinet.controller.mode(), SignalMode::start_up);
  EXPECT_EQ(cabinet.controller.report().in_service_at, tick(180));
  cabinet.step();
  EXPECT_EQ(cabinet.controller.mode(), SignalMode::normal);
}

TEST(Controller, follows_a_horizon_and_then_rests_in_its_last_stage) {
  Cabinet cabinet(Start::warm);
  cabinet.central = true;
  cabinet.run_until(tick(200));

  const PlanAnswer answer = cabinet.controller.receive(
      cabinet.plan({{stage(0), tick(250), tick(250)}, {stage(2), tick(500), tick(500)}}),
      tick(200));
  ASSERT_TRUE(answer.accepted()) << answer.refusals[0].rule << answer.refusals[0].thing;
  cabinet.run_until(tick(251));

  EXPECT_EQ(cabinet.stage(), "ew");
  cabinet.run_until(tick(700));
  EXPECT_EQ(cabinet.stage(), "ew");
  EXPECT_EQ(cabinet.controller.report().source, ControlSource::horizon);
}

}  // namespace
}  // namespace chorraha
