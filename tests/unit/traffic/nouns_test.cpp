#include <sstream>

#include <gtest/gtest.h>

#include "traffic/detection.hpp"
#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/result.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {
namespace {

TEST(Index, without_a_value_is_none) {
  EXPECT_FALSE(LaneIndex{}.valid());
  EXPECT_EQ(LaneIndex{}, LaneIndex::none());
  EXPECT_TRUE(LaneIndex{std::size_t{0}}.valid());
}

TEST(Time, tenths_written_as_decimals_stay_whole_ticks) {
  EXPECT_EQ(ticks_at_least(0.1), Ticks{1});
  EXPECT_EQ(ticks_at_least(0.3), Ticks{3});
  EXPECT_EQ(ticks_at_least(2.9), Ticks{29});
}

TEST(Time, what_lies_between_ticks_is_never_cut_short) {
  EXPECT_EQ(ticks_at_least(3.01), Ticks{31});
  EXPECT_EQ(ticks_at_least(0.0), Ticks{0});
}

TEST(Fault, names_the_thing_the_value_seen_and_the_value_allowed) {
  const Fault fault{Reason::bad_input, "groups[2].amber_s", "2.5", "at least 3.0"};

  EXPECT_EQ(fault.text(), "groups[2].amber_s: saw 2.5, allowed at least 3.0");
}

TEST(Result, holds_a_value_or_the_fault) {
  const Result<int> good = 7;
  const Result<int> bad = Fault{Reason::lost, "camera 3", "silence", "a frame in 5 s"};

  EXPECT_EQ(good.value(), 7);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().reason, Reason::lost);
  EXPECT_THROW((void)bad.value(), std::runtime_error);
}

TEST(Names, lead_there_and_back) {
  for (const Aspect aspect : {Aspect::dark, Aspect::red, Aspect::red_amber, Aspect::green,
                              Aspect::flashing_green, Aspect::amber, Aspect::flashing_amber}) {
    EXPECT_EQ(aspect_named(name_of(aspect)), aspect);
  }
  for (const Relation relation : {Relation::compatible, Relation::conflict, Relation::yields,
                                  Relation::yielded_to, Relation::same_stream}) {
    EXPECT_EQ(relation_named(name_of(relation)), relation);
  }
  EXPECT_EQ(vehicle_class_named("hovercraft"), std::nullopt);
}

TEST(Lenses, flash_half_of_the_time) {
  EXPECT_EQ(lenses_of(Aspect::flashing_green, true), lens_green);
  EXPECT_EQ(lenses_of(Aspect::flashing_green, false), lens_none);
  EXPECT_EQ(lenses_of(Aspect::red_amber, false), lens_red | lens_amber);
}

TEST(GroupSet, walks_its_members_in_order) {
  GroupSet set;
  set.insert(GroupIndex{5});
  set.insert(GroupIndex{0});
  set.insert(GroupIndex{63});

  std::vector<std::size_t> seen;
  for (const GroupIndex group : set) seen.push_back(group.value());

  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 5, 63}));
  EXPECT_EQ(GroupSet::first(64).size(), 64U);
  EXPECT_EQ((set - GroupSet::first(1)).size(), 2U);
}

TEST(PlanSequence, a_new_epoch_is_newer_than_any_number) {
  EXPECT_LT((PlanSequence{1, 900}), (PlanSequence{2, 1}));
  EXPECT_LT((PlanSequence{2, 1}), (PlanSequence{2, 2}));
}

}  // namespace
}  // namespace chorraha
