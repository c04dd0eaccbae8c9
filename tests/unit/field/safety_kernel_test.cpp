#include "field/safety_kernel.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

constexpr GroupIndex a{0};
constexpr GroupIndex b{1};
constexpr GroupIndex walk{2};

GroupSet set(std::initializer_list<GroupIndex> groups) {
  GroupSet made;
  for (const GroupIndex g : groups) made.insert(g);
  return made;
}

/// A kernel that is told what to want and run to a Tick.
struct Lamps {
  explicit Lamps(IntersectionConfig from = test::two_streams(), Ticks grid = Ticks{1})
      : config(std::move(from)), kernel(config, grid) {}
  void run(GroupSet want, int until, GroupSet called = {}) {
    for (; next < until; ++next)
      kernel.step(Tick{Ticks{next}}, {want, config.all_groups() - want}, called);
  }
  IntersectionConfig config;
  SafetyKernel kernel;
  int next = 0;
};

TEST(SafetyKernel, shows_red_amber_before_green_and_amber_after_it) {
  Lamps lamps;

  lamps.run(set({a}), 1);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
  lamps.run(set({a}), 10);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
  lamps.run(set({a}), 101);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);
  lamps.run({}, 102);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
  lamps.run({}, 131);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
  lamps.run({}, 132);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red);
}

TEST(SafetyKernel, ends_no_green_before_its_minimum) {
  Lamps lamps;
  lamps.run(set({a}), 11);  // green from Tick 10

  lamps.run({}, 60);

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);
  lamps.run({}, 61);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
}

TEST(SafetyKernel, ends_red_amber_in_green_of_the_minimum_even_if_nobody_wants_it_any_more) {
  Lamps lamps;
  lamps.run(set({a}), 1);

  lamps.run(set({b}), 60);

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);
  EXPECT_EQ(lamps.kernel.aspect(b), Aspect::red);
}

TEST(SafetyKernel, begins_red_amber_so_that_green_meets_the_intergreen) {
  Lamps lamps;
  lamps.run(set({a}), 100);

  lamps.run(set({b}), 140);  // green of A ends at Tick 100, intergreen 50, red+amber 10
  EXPECT_EQ(lamps.kernel.aspect(b), Aspect::red);
  lamps.run(set({b}), 141);
  EXPECT_EQ(lamps.kernel.aspect(b), Aspect::red_amber);
  lamps.run(set({b}), 151);
  EXPECT_EQ(lamps.kernel.aspect(b), Aspect::green);
}

TEST(SafetyKernel, counts_the_flashing_green_man_into_green) {
  Lamps lamps;
  lamps.run(set({walk}), 100);

  lamps.run(set({a}), 101);
  EXPECT_EQ(lamps.kernel.aspect(walk), Aspect::flashing_green);
  lamps.run(set({a}), 131);
  EXPECT_EQ(lamps.kernel.aspect(walk), Aspect::red);
  lamps.run(set({a}), 170);  // 130 + 50 - 10
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red);
  lamps.run(set({a}), 171);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
}

TEST(SafetyKernel, grants_the_first_of_two_conflicting_wishes_only) {
  Lamps lamps;

  lamps.run(set({a, b}), 500);

  EXPECT_EQ(lamps.kernel.green(), set({a}));
}

TEST(SafetyKernel, keeps_the_minimum_red_before_the_next_red_amber) {
  Lamps lamps;
  lamps.run(set({a}), 100);
  lamps.run({}, 101);  // amber 100 to 130, minimum red 20

  lamps.run(set({a}), 150);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red);
  lamps.run(set({a}), 151);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
}

TEST(SafetyKernel, a12_ends_a_green_120_s_after_the_first_conflicting_call) {
  Lamps lamps;
  lamps.run(set({a}), 2000);  // nobody else: it may stay
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);

  lamps.run(set({a}), 3200, set({b}));
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);
  lamps.run(set({a}), 3201, set({b}));

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
  EXPECT_EQ(lamps.kernel.forced_off(), set({a}));
}

TEST(SafetyKernel, a12_forces_nobody_off_who_is_to_end_anyway) {
  Lamps lamps;
  lamps.run(set({a}), 1210, set({b}));  // green from Tick 10, called against since then

  lamps.run({}, 1211, set({b}));

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
  EXPECT_TRUE(lamps.kernel.forced_off().empty());
}

TEST(SafetyKernel, foresees_a12) {
  Lamps lamps;
  const Wishes stay{set({a}), set({b, walk})};
  lamps.run(set({a}), 100);
  EXPECT_EQ(lamps.kernel.next_change(Tick{Ticks{99}}, stay), SafetyKernel::never);

  lamps.run(set({a}), 200, set({b}));  // called from Tick 100 on

  EXPECT_EQ(lamps.kernel.next_change(Tick{Ticks{199}}, stay), Tick{Ticks{1300}});
}

TEST(SafetyKernel, foresees_nothing_for_who_waits_for_a_group_that_stays) {
  Lamps lamps;
  lamps.run(set({a}), 100);

  EXPECT_EQ(lamps.kernel.next_change(Tick{Ticks{99}}, {set({a, b}), {}}), SafetyKernel::never);
}

TEST(SafetyKernel, takes_no_decision_step_for_a_step_of_one_tick) {
  Lamps lamps(test::two_streams(), Ticks{0});

  lamps.run(set({a}), 1);

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
}

/// Groups B and its sister, of one stream; neither yields to anybody.
TEST(SafetyKernel, equal_sisters_of_a_stream_follow_each_other_over_amber) {
  IntersectionParts parts = test::two_streams_parts();
  parts.groups[2] = parts.groups[1];
  parts.groups[2].id = GroupId{"sister"};
  parts.relations[1][2] = parts.relations[2][1] = Relation::same_stream;
  parts.stages[1].green = set({b});
  Lamps lamps(IntersectionConfig::make(parts).value());
  const GroupIndex sister = walk;
  lamps.run(set({b}), 100);

  lamps.run(set({sister}), 101);

  EXPECT_EQ(lamps.kernel.aspect(b), Aspect::amber);
  EXPECT_EQ(lamps.kernel.aspect(sister), Aspect::red);
}

TEST(SafetyKernel, lets_a_group_that_may_end_stay_until_a_wanted_one_conflicts) {
  Lamps lamps;
  lamps.run(set({a}), 100);
  for (; lamps.next < 200; ++lamps.next) lamps.kernel.step(Tick{Ticks{lamps.next}}, {}, {});
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::green);

  lamps.kernel.step(Tick{Ticks{200}}, {set({b}), {}}, {});

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::amber);
}

TEST(SafetyKernel, starts_changes_only_on_the_decision_step) {
  Lamps lamps(test::two_streams(), Ticks{10});
  lamps.run({}, 3);

  lamps.run(set({a}), 10);
  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red);
  lamps.run(set({a}), 11);

  EXPECT_EQ(lamps.kernel.aspect(a), Aspect::red_amber);
}

TEST(SafetyKernel, says_what_a_wanted_group_waits_for) {
  Lamps lamps;
  lamps.run(set({a}), 100);
  lamps.run(set({b}), 110);

  const StartBar bar = lamps.kernel.start_bar(b, set({b}), Tick{Ticks{109}});

  EXPECT_EQ(bar.kind, StartBar::Kind::intergreen);
  EXPECT_EQ(bar.group, a);
  EXPECT_EQ(bar.green_at, Tick{Ticks{150}});
}

TEST(SafetyKernel, says_when_a_group_that_shows_amber_may_be_green_again) {
  Lamps lamps;
  lamps.run(set({a}), 100);
  lamps.run({}, 105);

  const StartBar bar = lamps.kernel.start_bar(a, set({a}), Tick{Ticks{104}});

  EXPECT_EQ(bar.kind, StartBar::Kind::minimum_red);
  EXPECT_EQ(bar.green_at, Tick{Ticks{100 + 30 + 20 + 10}});
}

TEST(SafetyKernel, says_that_a_group_waits_for_one_that_is_lit) {
  Lamps lamps;
  lamps.run(set({a}), 100);

  const StartBar bar = lamps.kernel.start_bar(b, set({a, b}), Tick{Ticks{99}});

  EXPECT_EQ(bar.kind, StartBar::Kind::lit_group);
  EXPECT_EQ(bar.group, a);
  EXPECT_EQ(bar.green_at, SafetyKernel::never);
}

}  // namespace
}  // namespace chorraha
