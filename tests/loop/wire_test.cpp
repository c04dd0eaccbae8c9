// Plans as bytes of the wire at one cabinet: what is refused leaves the lamps as they are, and a
// centre that is lost is missed by nobody in the street.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "control/junction_planning.hpp"
#include "messaging/codec/codec.hpp"
#include "tests/support/one_junction.hpp"
#include "twin/cabinet.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

const Instant midnight = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
constexpr StageIndex stage_ns{0};
constexpr StageIndex stage_ew{2};
constexpr Ticks two_minutes{1200};

using Lamps = std::vector<std::vector<Aspect>>;

/// The cabinet of one junction on a manual clock; nobody in the street.
struct Site {
  IntersectionConfig config = test::one_junction_config();
  Cabinet cabinet{config, ConfigHash{}, Ticks{1}};
  Tick now;
  std::uint64_t number = 0;

  Lamps run(Ticks span) {
    Lamps lamps;
    for (const Tick end = now + span; now < end; now += Ticks{1}) {
      const auto since = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
      lamps.push_back(cabinet.step(now, midnight + now.time_since_epoch(), {since, 0}, {}, {}));
    }
    return lamps;
  }
  [[nodiscard]] StateReport report() const { return cabinet.controller().report(); }

  /// "ns", lit since the begin, until `end`, then "ew".
  [[nodiscard]] HorizonPlan plan(Ticks end) {
    HorizonPlan plan;
    plan.intersection = config.id();
    plan.boot = report().boot;
    plan.built_on = report().now;
    plan.sequence = {1, ++number};
    plan.lease_until = plan.built_on + Ticks{600};
    plan.stages = {{stage_ns, Tick{} + end, Tick{} + end},
                   {stage_ew, Tick{} + end + Ticks{300}, Tick{} + end + Ticks{300}}};
    return plan;
  }
  [[nodiscard]] std::string receive(std::span<const std::byte> bytes) {
    const Result<PlanAnswer> answer = cabinet.receive(bytes, report().now);
    if (!answer) return "no plan";
    if (answer->accepted()) return "accepted";
    return answer->refusals.front().rule + " " + answer->refusals.front().thing;
  }
  [[nodiscard]] std::string receive(const Plan& plan) {
    const std::vector<std::byte> bytes = encode_plan(plan);
    return receive(std::span<const std::byte>(bytes));
  }
};

/// The lamps of a cabinet that nobody sent anything.
Lamps undisturbed(Ticks before) {
  Site site;
  site.run(before);
  return site.run(two_minutes);
}

TEST(WireTest, a_plan_that_keeps_the_rules_moves_the_lamps) {
  Site site;
  site.run(Ticks{50});

  EXPECT_EQ(site.receive(site.plan(Ticks{140})), "accepted");  // before the link is lost

  EXPECT_NE(site.run(two_minutes), undisturbed(Ticks{50}));
  EXPECT_TRUE(site.cabinet.trips().empty());
}

TEST(WireTest, a_green_that_is_too_short_is_refused_and_the_lamps_stay) {
  Site site;
  site.run(Ticks{50});

  const std::string said = site.receive(site.plan(Ticks{60}));  // P_E and P_W need 10 s of walk

  EXPECT_EQ(said, "A11 end of stage ns (entry 0)");
  EXPECT_EQ(site.run(two_minutes), undisturbed(Ticks{50}));
  EXPECT_TRUE(site.cabinet.trips().empty());
}

TEST(WireTest, a_stale_plan_is_refused_and_the_lamps_stay) {
  Site site;
  site.run(Ticks{50});
  const HorizonPlan old = site.plan(Ticks{200});
  site.run(Ticks{31});

  const std::string said = site.receive(old);

  EXPECT_EQ(said, "E1 built_on");
  EXPECT_EQ(site.run(two_minutes), undisturbed(Ticks{81}));
}

TEST(WireTest, a_repeated_plan_is_refused) {
  Site site;
  site.run(Ticks{50});
  const HorizonPlan plan = site.plan(Ticks{200});
  ASSERT_EQ(site.receive(plan), "accepted");

  EXPECT_EQ(site.receive(plan), "E1 sequence");
}

TEST(WireTest, conflicting_stages_without_time_between_are_refused_and_the_lamps_stay) {
  Site site;
  site.run(Ticks{50});
  TimetablePlan plan;  // "ew" ends with "ns": no time is left to clear the junction
  plan.intersection = site.config.id();
  plan.boot = site.report().boot;
  plan.built_on = site.report().now;
  plan.sequence = {1, 1};
  plan.valid_from = midnight;
  plan.timetable = {
      TimetableId{"wrong"},
      Ticks{600},
      Ticks{0},
      {{stage_ns, Ticks{300}, Ticks{300}, false}, {stage_ew, Ticks{310}, Ticks{310}, false}}};

  const std::string said = site.receive(plan);

  EXPECT_NE(said, "accepted");
  EXPECT_EQ(site.run(two_minutes), undisturbed(Ticks{50}));
  EXPECT_TRUE(site.cabinet.trips().empty());
}

TEST(WireTest, bytes_that_are_no_plan_are_a_fault_and_the_lamps_stay) {
  Site site;
  site.run(Ticks{50});
  std::vector<std::byte> bytes = encode_plan(site.plan(Ticks{200}));
  bytes.resize(bytes.size() / 2);

  EXPECT_EQ(site.receive(std::span<const std::byte>(bytes)), "no plan");

  EXPECT_EQ(site.run(two_minutes), undisturbed(Ticks{50}));
}

/// A centre that plans each second while it is there.
struct Centre {
  explicit Centre(const IntersectionConfig& config)
      : planning(JunctionPlanning::make({std::make_shared<const Network>(test::one_junction()),
                                         IntersectionIndex{0},
                                         config,
                                         ConfigHash{},
                                         {}})
                     .value()) {}
  void plan_for(Site& site) {
    const StateReport report = site.report();
    planning.see(std::span<const Detection>{}, report);
    const std::optional<Plan> plan = planning.plan(report, {}, PlanSequence{1, ++number});
    if (!plan) return;
    const std::vector<std::byte> bytes = encode_plan(*plan);
    const PlanAnswer answer = site.cabinet.receive(bytes, report.now).value();
    planning.answered(answer);
    if (!answer.accepted()) ++refused;
  }

  JunctionPlanning planning;
  std::uint64_t number = 0;
  int refused = 0;
};

TEST(LostCentre, the_timetable_goes_on_within_ten_seconds_and_plans_come_back) {
  Site site;
  Centre centre(site.config);
  site.run(Ticks{10});
  for (int second = 0; second < 60; ++second) {
    centre.plan_for(site);
    site.run(Ticks{10});
  }
  ASSERT_EQ(site.report().source, ControlSource::horizon);
  const Tick lost = site.now;

  while (site.report().source == ControlSource::horizon && site.now < lost + two_minutes)
    site.run(Ticks{1});
  const Ticks missed_for = site.now - lost;
  site.run(two_minutes);
  const StateReport alone = site.report();
  for (int second = 0; second < 2; ++second) {
    centre.plan_for(site);
    site.run(Ticks{10});
  }

  EXPECT_LE(missed_for, Ticks{100});
  EXPECT_EQ(alone.source, ControlSource::timetable);
  EXPECT_EQ(alone.mode, SignalMode::normal);
  EXPECT_EQ(site.report().source, ControlSource::horizon);
  EXPECT_EQ(centre.refused, 0);
  EXPECT_TRUE(site.cabinet.trips().empty());
}

TEST(LostCentre, alone_the_lamps_follow_the_timetable_of_a_cabinet_that_never_had_one) {
  Site site;
  Centre centre(site.config);
  site.run(Ticks{10});
  for (int second = 0; second < 60; ++second) {
    centre.plan_for(site);
    site.run(Ticks{10});
  }

  site.run(Ticks{6000});

  Site never;
  never.run(site.now - Tick{});
  EXPECT_EQ(site.run(two_minutes), never.run(two_minutes));
}

}  // namespace
}  // namespace chorraha
