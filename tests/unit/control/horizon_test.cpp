#include "control/horizon.hpp"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "control/timetable.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using test::add_arrivals;
using test::add_queue;
using test::noon;

/// The hand-made junction: stages "ns", "ns_left", "ew"; lanes N0 N1 E0 E1 S0 S1 W0 W1 (1 = left).
class Horizon : public testing::Test {
 protected:
  static const JunctionModel& junction() { return test::model(); }
  static std::size_t lane(const char* id) {
    return junction().lane_of(test::street().find(LaneId{id}));
  }
  static constexpr StageIndex ns{0}, ns_left{1}, ew{2};
};

TEST_F(Horizon, rests_where_it_is_when_nobody_comes) {
  const Scene scene = test::quiet(junction(), ew, Ticks{300});

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_EQ(decision.stages.size(), 1U);
  EXPECT_EQ(decision.stages[0].stage, ew);
  EXPECT_EQ(decision.stages[0].reason, StageReason::rest);
  EXPECT_DOUBLE_EQ(decision.cost_s, 0.0);
}

TEST_F(Horizon, changes_at_once_for_a_queue_when_nobody_else_is_there) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  add_queue(scene, lane("N_in_0"), 3);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_latest, noon);
  EXPECT_EQ(decision.stages[1].stage, ns);
  EXPECT_EQ(decision.stages[1].reason, StageReason::serve_queue);
}

/// The same with a stage "ns_clearing": its vehicles go on while its people clear.
struct HorizonClearing : testing::Test {
  static JunctionModel make() {
    IntersectionParts parts = test::parts();
    const IntersectionConfig config = IntersectionConfig::make(parts).value();
    GroupSet vehicles;
    vehicles.insert(config.find_group(GroupId{"NS"}));
    parts.stages.push_back({StageId{"ns_clearing"}, vehicles});
    return JunctionModel::make(test::street(), IntersectionIndex{0},
                               IntersectionConfig::make(parts).value())
        .value();
  }
  const JunctionModel model = make();
  const GroupIndex p_e = model.config().find_group(GroupId{"P_E"});
  const GroupIndex ew_group = model.config().find_group(GroupId{"EW"});
  static constexpr StageIndex ns{0}, ew{2}, clearing{3};
};

TEST_F(HorizonClearing, a_timetable_with_such_a_stage_gives_people_their_time) {
  WebsterOptions options;
  options.sequence = {ns, clearing, ew, StageIndex{1}};

  const Timetable made =
      webster_timetable(model, {}, TimetableId{"quiet"}, options).value().timetable;

  const JunctionModel::Change& into = model.change(ns, clearing);
  const JunctionModel::Change& out = model.change(clearing, ew);
  const double shown_s = to_seconds(made.steps[1].end_latest - made.steps[0].end_latest);
  const double needs_s = into.end_s[p_e.value()] + model.intergreen_s(p_e, ew_group);
  EXPECT_GE(shown_s + out.green_s[ew_group.value()], needs_s - 1e-9);
  EXPECT_GT(needs_s, into.leave_s + out.green_s[ew_group.value()]);  // minimum greens do not do it
}

TEST_F(HorizonClearing, nobody_is_planned_to_start_before_people_of_the_stage_before_have_cleared) {
  Scene scene = test::quiet(model, clearing, Ticks{300});
  add_queue(scene, model.lane_of(test::street().find(LaneId{"E_in_0"})), 5);
  scene.signals.groups[p_e.value()].red_since = noon - Ticks{20};  // they walk for 2 s now

  const HorizonDecision decision = plan_horizon(model, scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  ASSERT_EQ(decision.stages[1].stage, ew);
  const double end_s = to_seconds(decision.stages[0].end_earliest - noon);
  const double green_s = end_s + model.change(clearing, ew).green_s[ew_group.value()];
  EXPECT_GE(green_s + 0.11, model.intergreen_s(p_e, ew_group) - 2);
}

TEST_F(Horizon, never_ends_a_stage_before_its_minimum_green) {
  Scene scene = test::quiet(junction(), ew, Ticks{20});  // walks of 10 s, 3 s of them flashing
  add_queue(scene, lane("N_in_0"), 8);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_earliest, noon + Ticks{100 - 30 - 20});
}

TEST_F(Horizon, holds_green_for_a_platoon_that_is_nearly_there) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  add_arrivals(scene, lane("E_in_0"), {1.0, 3.0, 5.0, 7.0, 9.0});
  add_queue(scene, lane("N_in_0"), 1);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_GE(decision.stages[0].end_earliest, noon + Ticks{50});
}

TEST_F(Horizon, serves_the_longer_queue_first) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  add_queue(scene, lane("N_in_0"), 1);
  add_queue(scene, lane("N_in_1"), 9);
  add_queue(scene, lane("S_in_1"), 9);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[1].stage, ns_left);
}

TEST_F(Horizon, lets_a_single_vehicle_wait_no_longer_than_the_limit_beside_a_stream) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  for (int i = 0; i < 24; ++i) {
    add_arrivals(scene, lane("E_in_0"), {1 + 1.9 * i});
    add_arrivals(scene, lane("W_in_0"), {1 + 1.9 * i});
  }
  add_queue(scene, lane("N_in_1"), 1, 125.0);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_latest, noon);
  EXPECT_EQ(decision.stages[1].stage, ns_left);
  EXPECT_EQ(decision.stages[1].reason, StageReason::wait_limit);
}

TEST_F(Horizon, answers_a_pedestrian_call) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  GroupState& walk = scene.signals.groups[junction().config().find_group(GroupId{"P_E"}).value()];
  walk.called = true;
  walk.called_since = noon - Ticks{30};

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[1].stage, ns);
  EXPECT_EQ(decision.stages[1].reason, StageReason::call);
}

TEST_F(Horizon, begins_a_stage_anew_for_a_walk_that_called_too_late) {
  Scene scene = test::quiet(junction(), ns, Ticks{300});
  for (const char* id : {"P_E", "P_W"}) {
    GroupState& walk = scene.signals.groups[junction().config().find_group(GroupId{id}).value()];
    walk.aspect = Aspect::red;
    walk.red_since = noon - Ticks{600};
    walk.called = true;
    walk.called_since = noon - Ticks{30};
  }

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_latest, noon);
  EXPECT_EQ(decision.stages[1].stage, ns);
  EXPECT_EQ(decision.stages[1].reason, StageReason::call);
}

TEST_F(Horizon, leaves_a_stage_without_waiting_for_a_walk_that_nobody_asked_for) {
  Scene scene = test::quiet(junction(), ns, Ticks{80});
  for (const char* id : {"P_E", "P_W"})
    scene.signals.groups[junction().config().find_group(GroupId{id}).value()].aspect = Aspect::red;
  add_queue(scene, lane("E_in_0"), 5);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_latest, noon);  // 7.0 s of minimum green are over
}

TEST_F(Horizon, believes_a_call_that_no_known_vehicle_explains) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  GroupState& left = scene.signals.groups[junction().config().find_group(GroupId{"NS_L"}).value()];
  left.called = true;
  left.called_since = noon - Ticks{30};

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[1].stage, ns_left);
}

TEST_F(Horizon, gives_no_green_to_a_queue_whose_exit_is_full) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  add_queue(scene, lane("N_in_0"), 6);
  scene.lanes[lane("N_in_0")].exit_space_veh = -20;  // far beyond the view
  add_queue(scene, lane("N_in_1"), 2);
  HorizonOptions options;
  options.exit_clear_s = 100;

  const HorizonDecision decision = plan_horizon(junction(), scene, {}, options);

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[1].stage, ns_left);
}

TEST_F(Horizon, ends_a_stage_at_its_maximum_green_when_somebody_else_waits) {
  Scene scene = test::quiet(junction(), ew, Ticks{1150});
  for (int i = 0; i < 24; ++i) {
    for (const char* main : {"E_in_0", "W_in_0"}) add_arrivals(scene, lane(main), {1 + 1.9 * i});
  }
  add_queue(scene, lane("N_in_1"), 1);
  GroupState& left = scene.signals.groups[junction().config().find_group(GroupId{"NS_L"}).value()];
  left.called = true;
  left.called_since = noon - Ticks{1150};

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_LE(decision.stages[0].end_latest, noon + Ticks{50});
}

TEST_F(Horizon, begins_changes_only_at_multiples_of_the_decision_step) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  scene.signals.now = noon + Ticks{30};
  add_queue(scene, lane("N_in_0"), 3);
  HorizonOptions options;
  options.decision_step = Ticks{50};

  const HorizonDecision decision = plan_horizon(junction(), scene, {}, options);

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].end_latest, noon + Ticks{50});
}

TEST_F(Horizon, announces_to_the_next_junction_what_it_releases) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  add_queue(scene, lane("E_in_0"), 3);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_EQ(decision.releases.size(), 3U);
  const double headway_s = to_seconds(decision.releases[1].at - decision.releases[0].at);
  EXPECT_NEAR(headway_s, junction().discharge().headway_s, 0.01);
  EXPECT_GT(decision.releases[0].at, scene.at);
}

TEST_F(Horizon, expects_what_a_neighbour_has_announced) {
  const Scene scene = test::quiet(junction(), ew, Ticks{300});
  const LaneIndex from = junction().lanes()[lane("N_in_0")].lane;
  constexpr int announced = 5;
  std::vector<Release> releases;
  releases.reserve(announced);
  for (int i = 0; i < announced; ++i)
    releases.push_back({from, scene.at + Milliseconds{1000 + 1800 * i}, 1.0});

  const HorizonDecision decision = plan_horizon(junction(), scene, releases);

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[1].stage, ns);
  EXPECT_EQ(decision.stages[1].reason, StageReason::platoon);
  EXPECT_GT(decision.stages[0].end_earliest, noon);
}

TEST_F(Horizon, says_nothing_while_the_controller_starts) {
  Scene scene = test::quiet(junction(), ew, Ticks{300});
  scene.signals.mode = SignalMode::start_up;

  EXPECT_TRUE(plan_horizon(junction(), scene, {}).stages.empty());
}

TEST_F(Horizon, counts_from_the_entry_that_is_under_way) {
  Scene scene = test::quiet(junction(), ns_left, Ticks{20});
  const IntersectionConfig& config = junction().config();
  scene.signals.entering = true;
  GroupState& left = scene.signals.groups[config.find_group(GroupId{"NS_L"}).value()];
  left.aspect = Aspect::red;
  left.red_since = noon - Ticks{900};
  GroupState& main = scene.signals.groups[config.find_group(GroupId{"EW"}).value()];
  main.aspect = Aspect::amber;
  main.since = noon - Ticks{20};
  add_queue(scene, lane("E_in_0"), 9);
  add_queue(scene, lane("N_in_1"), 1);

  const HorizonDecision decision = plan_horizon(junction(), scene, {});

  ASSERT_GE(decision.stages.size(), 2U);
  EXPECT_EQ(decision.stages[0].stage, ns_left);
  // 5.0 s after the end of EW begins green, then 7.0 s of minimum green.
  EXPECT_EQ(decision.stages[0].end_earliest, noon + Ticks{50 - 20 + 70});
}

Scene random_scene(std::mt19937& random, const JunctionModel& junction) {
  std::uniform_int_distribution<std::size_t> stage(0, junction.stage_count() - 1);
  std::uniform_int_distribution<int> shown(0, 600), queue(0, 8), coming(0, 5);
  std::uniform_real_distribution<double> when(0.1, 30.0);
  Scene scene = test::quiet(junction, StageIndex{stage(random)}, Ticks{shown(random)});
  for (std::size_t i = 0; i < junction.lanes().size(); ++i) {
    add_queue(scene, i, queue(random));
    std::vector<double> at_s;
    for (int n = coming(random); n > 0; --n) at_s.push_back(when(random));
    std::ranges::sort(at_s);
    for (const double at : at_s) add_arrivals(scene, i, {at});
  }
  return scene;
}

// Whoever starts with a change runs its minimum green; the first stage is the one that is lit.
TEST_F(Horizon, keeps_minimum_greens_in_any_scene) {
  constexpr unsigned seed = 4711;
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    const Scene scene = random_scene(random, junction());

    const HorizonDecision decision = plan_horizon(junction(), scene, {});

    ASSERT_FALSE(decision.stages.empty());
    ASSERT_LE(decision.stages.size(), HorizonPlan::stages_max);
    EXPECT_EQ(decision.stages[0].stage, scene.signals.stage);
    EXPECT_GE(decision.stages[0].end_earliest, noon);
    for (std::size_t i = 1; i < decision.stages.size(); ++i) {
      using enum JunctionModel::OnDemand;
      // Nobody has called for a walk; those of the first stage are lit.
      const auto& change = junction().change(decision.stages[i - 1].stage, decision.stages[i].stage,
                                             i == 1 ? all : none, none);
      const double between_s =
          to_seconds(decision.stages[i].end_earliest - decision.stages[i - 1].end_earliest);
      EXPECT_GE(between_s, change.leave_s - 0.05);
      EXPECT_NE(decision.stages[i - 1].stage, decision.stages[i].stage);
    }
  }
}

TEST_F(Horizon, decides_the_same_twice) {
  constexpr unsigned seed = 99;
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    const Scene scene = random_scene(random, junction());

    const HorizonDecision one = plan_horizon(junction(), scene, {});
    const HorizonDecision two = plan_horizon(junction(), scene, {});

    EXPECT_EQ(one.stages, two.stages) << "seed " << seed << " round " << round;
  }
}

TEST_F(Horizon, costs_no_less_with_one_more_vehicle) {
  constexpr unsigned seed = 5;
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    Scene scene = random_scene(random, junction());
    HorizonOptions wide;
    wide.beam = 12;

    const double before_s = plan_horizon(junction(), scene, {}, wide).cost_s;
    add_arrivals(scene, 2, {31.0});
    const double after_s = plan_horizon(junction(), scene, {}, wide).cost_s;

    EXPECT_GE(after_s, before_s * 0.97 - 1.0) << "seed " << seed << " round " << round;
  }
}

}  // namespace
}  // namespace chorraha
