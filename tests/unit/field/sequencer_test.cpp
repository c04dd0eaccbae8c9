#include "field/sequencer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

constexpr GroupIndex a{0};
constexpr GroupIndex b{1};
constexpr GroupIndex walk{2};
constexpr StageIndex stage_a{0};
constexpr StageIndex stage_b{1};

Tick tick(std::int64_t count) {
  return Tick{Ticks{count}};
}

GroupSet set(std::initializer_list<GroupIndex> groups) {
  GroupSet made;
  for (const GroupIndex g : groups) made.insert(g);
  return made;
}

Timetable table(std::vector<TimetableStep> steps) {
  return {TimetableId{"t"}, Ticks{600}, Ticks{0}, std::move(steps)};
}
const Timetable fixed =
    table({{stage_a, Ticks{300}, Ticks{300}}, {stage_b, Ticks{600}, Ticks{600}}});

/// A sequencer and its kernel, stepped by hand; place 0 of a cycle of 60 s at Tick 0.
struct Junction {
  explicit Junction(Ticks decision_step = Ticks{1})
      : kernel(config, decision_step), sequencer(config, decision_step) {}

  void run_until(std::int64_t end) {
    for (; now < tick(end); now += Ticks{1}, utc += Ticks{1}) {
      calls.called = calls.called - kernel.green();
      kernel.step(now, sequencer.step({now, utc, kernel, calls}), calls.called);
    }
  }
  /// At the last step.
  [[nodiscard]] Ticks deviation() const { return sequencer.deviation(utc - Ticks{1}); }
  [[nodiscard]] Tick next_decision() const {
    return sequencer.next_decision({now - Ticks{1}, utc - Ticks{1}, kernel, calls});
  }
  void follow(std::vector<HorizonStage> stages) {
    HorizonPlan plan;
    plan.stages = std::move(stages);
    plan.lease_until = tick(10'000);
    sequencer.follow(plan, 0);
  }

  IntersectionConfig config{test::two_streams()};
  SafetyKernel kernel;
  Sequencer sequencer;
  Calls calls;
  Instant utc{};
  Tick now{};
};

TEST(Sequencer, ends_each_stage_at_its_place_in_the_cycle) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);

  junction.run_until(300);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  EXPECT_EQ(junction.sequencer.end_latest(tick(299)), tick(300));
  junction.run_until(301);
  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  junction.run_until(600);
  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  junction.run_until(1000);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(900));
}

TEST(Sequencer, after_the_last_end_of_a_cycle_the_first_stage_is_on) {
  const Timetable early =
      table({{stage_a, Ticks{300}, Ticks{300}}, {stage_b, Ticks{550}, Ticks{550}}});
  Junction junction;
  junction.utc += Ticks{580};
  junction.sequencer.begin(early, junction.now, junction.utc);

  junction.run_until(320);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  junction.run_until(321);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
}

TEST(Sequencer, a_clock_step_of_half_a_second_is_borne) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(20);
  junction.utc -= Ticks{5};

  junction.run_until(520);

  EXPECT_EQ(junction.deviation(), Ticks{-5});
}

TEST(Sequencer, a16_makes_up_for_a_clock_that_went_back_by_a_tick_in_six) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(20);
  junction.utc -= Ticks{60};

  junction.run_until(20 + 5);
  EXPECT_EQ(junction.deviation(), Ticks{-60});
  junction.run_until(20 + 6);
  EXPECT_EQ(junction.deviation(), Ticks{-59});
  EXPECT_EQ(junction.next_decision(), junction.now);  // the program may move in each step
  junction.run_until(20 + 359);
  EXPECT_EQ(junction.deviation(), Ticks{-1});
  junction.run_until(20 + 800);

  EXPECT_EQ(junction.deviation(), Ticks{0});
}

TEST(Sequencer, a16_makes_up_for_a_clock_that_went_on_by_a_tick_in_five) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(20);
  junction.utc += Ticks{50};

  junction.run_until(20 + 4);
  EXPECT_EQ(junction.deviation(), Ticks{50});
  junction.run_until(20 + 5);
  EXPECT_EQ(junction.deviation(), Ticks{49});
  junction.run_until(254);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  junction.run_until(255);  // 254 + 235 / 5 = 301: place 300 is passed
  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  junction.run_until(800);

  EXPECT_EQ(junction.deviation(), Ticks{0});
}

TEST(Sequencer, a16_takes_the_shorter_way_round_the_cycle) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);

  EXPECT_EQ(junction.sequencer.deviation(junction.utc + Ticks{300}), Ticks{300});
  EXPECT_EQ(junction.sequencer.deviation(junction.utc + Ticks{301}), Ticks{-299});
}

TEST(Sequencer, a_stage_ends_between_its_bounds_when_nobody_comes_any_more) {
  const Timetable actuated =
      table({{stage_a, Ticks{200}, Ticks{300}}, {stage_b, Ticks{600}, Ticks{600}}});
  const struct {
    std::int64_t gap_from = 0;
    GroupSet sensed;
    std::int64_t ends = 0;
  } cases[]{{100, set({a}), 200}, {250, set({a}), 250}, {600, set({a}), 300}, {0, {}, 300}};
  for (const auto& [gap_from, sensed, ends] : cases) {
    Junction junction;
    junction.calls.sensed = sensed;
    junction.calls.extending = set({a});
    junction.sequencer.begin(actuated, junction.now, junction.utc);
    junction.run_until(std::min<std::int64_t>(gap_from, 320));
    junction.calls.extending = {};
    junction.run_until(320);

    EXPECT_EQ(junction.sequencer.stage_since(), tick(ends)) << "gap from " << gap_from;
  }
}

TEST(Sequencer, never_leaves_a_stage_before_its_minimum_green) {
  const Timetable hasty =
      table({{stage_a, Ticks{30}, Ticks{30}}, {stage_b, Ticks{600}, Ticks{600}}});
  Junction junction;
  junction.sequencer.begin(hasty, junction.now, junction.utc);

  junction.run_until(100);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(10 + 50));
}

TEST(Sequencer, passes_over_a_skippable_stage_without_a_call) {
  const Timetable skips =
      table({{stage_a, Ticks{300}, Ticks{300}}, {stage_b, Ticks{600}, Ticks{600}, true}});
  Junction junction;
  junction.sequencer.begin(skips, junction.now, junction.utc);

  junction.run_until(700);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(0));
  junction.calls.called = set({b});
  junction.run_until(1000);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(900));
}

TEST(Sequencer, serves_a_button_late_if_its_minimum_green_still_fits) {
  for (const std::int64_t pressed : {530, 531}) {
    Junction junction;
    junction.calls.on_demand = set({walk});
    junction.sequencer.begin(fixed, junction.now, junction.utc);
    junction.run_until(pressed);
    EXPECT_FALSE(junction.kernel.green().contains(walk));
    junction.calls.called = set({walk});

    junction.run_until(pressed + 1);

    EXPECT_EQ(junction.kernel.green().contains(walk), pressed == 530) << pressed;
  }
}

TEST(Sequencer, a_stage_that_follows_itself_begins_anew_for_a_button_that_came_too_late) {
  const Timetable twice =
      table({{stage_b, Ticks{300}, Ticks{300}}, {stage_b, Ticks{600}, Ticks{600}}});
  Junction junction;
  junction.calls.on_demand = set({walk});
  junction.sequencer.begin(twice, junction.now, junction.utc);
  junction.run_until(290);
  junction.calls.called = set({walk});

  junction.run_until(300);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(0));
  EXPECT_EQ(junction.sequencer.served(), set({b}));
  junction.run_until(301);

  EXPECT_EQ(junction.sequencer.stage_since(), tick(300));
  EXPECT_EQ(junction.sequencer.served(), set({b, walk}));
}

TEST(Sequencer, leaves_a_stage_that_is_not_in_the_timetable_as_soon_as_it_may) {
  const Timetable only_b = table({{stage_b, Ticks{600}, Ticks{600}}});
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(20);

  junction.sequencer.follow(only_b, junction.now, junction.utc);
  EXPECT_EQ(junction.next_decision(), tick(20));
  junction.run_until(60);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  junction.run_until(200);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(60));
  EXPECT_EQ(junction.deviation(), Ticks{0});
}

TEST(Sequencer, joins_a_timetable_where_the_lit_stage_is_nearest) {
  const struct {
    StageIndex lit;
    std::int64_t place = 0;
    std::int64_t deviation = 0;
  } cases[]{{stage_a, 100, 0}, {stage_a, 400, 100}, {stage_a, 550, -50},
            {stage_b, 400, 0}, {stage_b, 100, 100}, {stage_b, 250, -50}};
  for (const auto& [lit, place, deviation] : cases) {
    Junction junction;
    junction.sequencer.begin(fixed, junction.now, junction.utc);
    junction.run_until(lit == stage_a ? 100 : 400);

    junction.utc = Instant{} + Ticks{place};
    junction.sequencer.follow(fixed, junction.now, junction.utc);

    EXPECT_EQ(junction.sequencer.deviation(junction.utc), Ticks{deviation}) << place;
    EXPECT_EQ(junction.sequencer.stage(), lit);
  }
}

TEST(Sequencer, follows_a_horizon_and_rests_in_its_last_stage) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(100);

  junction.follow({{stage_a, tick(150), tick(150)}, {stage_b, tick(400), tick(400)}});
  EXPECT_EQ(junction.sequencer.end_latest(tick(100)), tick(150));
  junction.run_until(151);
  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.sequencer.end_latest(tick(150)), Tick::max());
  junction.run_until(300);
  EXPECT_EQ(junction.next_decision(), Tick::max());
  junction.run_until(2000);

  EXPECT_EQ(junction.sequencer.stage(), stage_b);
  EXPECT_EQ(junction.next_decision(), Tick::max());
}

TEST(Sequencer, passes_over_skippable_entries_of_a_horizon_without_a_call) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(100);

  junction.follow({{stage_a, tick(150), tick(150)},
                   {stage_b, tick(400), tick(400), true},
                   {stage_a, tick(500), tick(500)}});
  junction.run_until(160);

  EXPECT_EQ(junction.sequencer.entry(), 2U);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  EXPECT_EQ(junction.sequencer.stage_since(), tick(0));
}

TEST(Sequencer, stays_where_it_is_while_nobody_calls_for_the_rest_of_a_horizon) {
  Junction junction;
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(100);

  junction.follow({{stage_a, tick(150), tick(150)}, {stage_b, tick(400), tick(400), true}});
  junction.run_until(200);
  EXPECT_EQ(junction.sequencer.entry(), 0U);
  EXPECT_EQ(junction.sequencer.stage(), stage_a);
  junction.calls.called = set({b});
  junction.run_until(202);

  EXPECT_EQ(junction.sequencer.entry(), 1U);
  EXPECT_EQ(junction.sequencer.stage(), stage_b);
}

TEST(Sequencer, says_when_a_group_is_served_next_by_the_timetable) {
  const Timetable actuated =
      table({{stage_a, Ticks{200}, Ticks{300}}, {stage_b, Ticks{500}, Ticks{600}}});
  Junction junction;
  junction.sequencer.begin(actuated, junction.now, junction.utc);
  junction.run_until(101);

  const auto walk_next = junction.sequencer.next_service(walk, tick(100));
  const auto a_next = junction.sequencer.next_service(a, tick(100));

  EXPECT_EQ(walk_next.stage, stage_b);
  EXPECT_EQ(walk_next.not_before, tick(200));
  EXPECT_EQ(a_next.stage, stage_a);
  EXPECT_EQ(a_next.not_before, tick(500));
  junction.run_until(401);  // in "b"; its own next begins a cycle after this one
  EXPECT_EQ(junction.sequencer.next_service(b, tick(400)).not_before, tick(800));
  EXPECT_EQ(junction.sequencer.next_service(a, tick(400)).not_before, tick(500));
}

TEST(Sequencer, says_when_a_group_is_served_next_by_a_horizon) {
  Junction junction;
  EXPECT_FALSE(junction.sequencer.next_service(a, tick(0)).stage.valid());
  junction.sequencer.begin(fixed, junction.now, junction.utc);
  junction.run_until(100);
  junction.follow({{stage_a, tick(150), tick(190)}, {stage_b, tick(400), tick(400)}});

  const auto walk_next = junction.sequencer.next_service(walk, tick(100));

  EXPECT_EQ(walk_next.stage, stage_b);
  EXPECT_EQ(walk_next.not_before, tick(150));
  EXPECT_EQ(junction.sequencer.next_service(walk, tick(170)).not_before, tick(170));
  EXPECT_FALSE(junction.sequencer.next_service(a, tick(100)).stage.valid());
}

TEST(Sequencer, changes_stage_on_the_decision_step_only) {
  const Timetable odd =
      table({{stage_a, Ticks{305}, Ticks{305}}, {stage_b, Ticks{600}, Ticks{600}}});
  Junction junction(Ticks{10});
  junction.sequencer.begin(odd, junction.now, junction.utc);

  junction.run_until(301);
  EXPECT_EQ(junction.next_decision(), tick(310));
  junction.run_until(400);

  EXPECT_EQ(junction.sequencer.stage_since(), tick(310));
}

TEST(Sequencer, takes_no_decision_step_for_a_step_of_one_tick) {
  Junction junction(Ticks{0});
  junction.sequencer.begin(fixed, junction.now, junction.utc);

  junction.run_until(400);

  EXPECT_EQ(junction.sequencer.stage_since(), tick(300));
}

TEST(Sequencer, decides_next_at_a_bound_or_when_the_minimum_has_run) {
  const Timetable actuated =
      table({{stage_a, Ticks{40}, Ticks{300}}, {stage_b, Ticks{600}, Ticks{600}}});
  Junction junction;
  junction.sequencer.begin(actuated, junction.now, junction.utc);

  junction.run_until(20);
  EXPECT_EQ(junction.next_decision(), tick(40));
  junction.run_until(51);
  EXPECT_EQ(junction.next_decision(), tick(60));
  junction.run_until(101);
  EXPECT_EQ(junction.next_decision(), tick(300));
}

}  // namespace
}  // namespace chorraha
