#include "control/junction_model.hpp"

#include <gtest/gtest.h>

#include "tests/unit/control/cross.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using Right = JunctionModel::Right;

std::size_t turn_from(const char* lane, Turn turn) {
  const Network& network = test::street();
  for (const MovementIndex m : network.lane(network.find(LaneId{lane})).outgoing) {
    if (network.movement(m).turn == turn) return test::model().turn_of(m);
  }
  return test::model().turns().size();
}

TEST(JunctionModel, knows_who_goes_freely_who_yields_and_who_waits) {
  const auto& ew = test::model().stage(StageIndex{2});

  EXPECT_EQ(ew.rights[turn_from("E_in_0", Turn::straight)], Right::free);
  EXPECT_EQ(ew.rights[turn_from("E_in_1", Turn::left)], Right::yielding);
  EXPECT_EQ(ew.rights[turn_from("N_in_0", Turn::straight)], Right::closed);
}

TEST(JunctionModel, names_the_opposing_streams_of_a_yielding_turn) {
  const auto& ew = test::model().stage(StageIndex{2});

  const auto& foes = ew.foes[turn_from("E_in_1", Turn::left)];

  ASSERT_FALSE(foes.empty());
  for (const JunctionModel::Foe& foe : foes)
    EXPECT_EQ(foe.lane, test::model().lane_of(test::street().find(LaneId{"W_in_0"})));
}

TEST(JunctionModel, lets_a_protected_left_turn_go_freely) {
  const auto& left = test::model().stage(StageIndex{1});

  EXPECT_EQ(left.rights[turn_from("N_in_1", Turn::left)], Right::free);
}

TEST(JunctionModel, counts_a_change_until_green_and_until_minimum_green) {
  const test::Cross cross;

  const auto& change = cross.junction.change(StageIndex{0}, StageIndex{1});

  EXPECT_DOUBLE_EQ(change.total_s, 5.0);
  EXPECT_DOUBLE_EQ(change.leave_s, 10.0);
  EXPECT_DOUBLE_EQ(change.windows[0].close_s, 0.0);
  EXPECT_DOUBLE_EQ(change.windows[1].open_s, 5.0);
}

TEST(JunctionModel, knows_how_long_a_release_is_on_its_way) {
  const test::Cross cross;

  ASSERT_EQ(cross.junction.feeders().size(), 2U);
  EXPECT_EQ(cross.junction.feeders()[0].from, LaneIndex{0});
  EXPECT_DOUBLE_EQ(cross.junction.feeders()[0].travel_s, 10.0);
}

TEST(JunctionModel, refuses_the_configuration_of_another_intersection) {
  const test::Cross cross;

  const auto made =
      JunctionModel::make(cross.network, IntersectionIndex{0}, test::model().config());

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::bad_input);
}

}  // namespace
}  // namespace chorraha
