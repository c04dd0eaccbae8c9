#include "tests/support/one_junction.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

const Movement& movement(const Network& network, const char* id) {
  return network.movement(network.find(MovementId{id}));
}

bool is_foe(const Network& network, const char* of, const char* id, bool yields_to) {
  const MovementIndex at = network.find(MovementId{id});
  return std::ranges::any_of(movement(network, of).foes, [&](const Movement::Foe& foe) {
    return foe.movement == at && foe.yields_to == yields_to;
  });
}

TEST(OneJunction, left_turn_gives_way_to_who_comes_from_opposite) {
  const Network network = test::one_junction();

  EXPECT_TRUE(is_foe(network, "E_in_1>S_out_1", "W_in_0>E_out_0", true));
  EXPECT_TRUE(is_foe(network, "W_in_0>E_out_0", "E_in_1>S_out_1", false));
}

TEST(OneJunction, opposite_left_turns_pass_each_other) {
  const Network network = test::one_junction();

  EXPECT_FALSE(is_foe(network, "E_in_1>S_out_1", "W_in_1>N_out_1", true));
  EXPECT_FALSE(is_foe(network, "E_in_1>S_out_1", "W_in_1>N_out_1", false));
}

TEST(OneJunction, turns_go_where_they_say) {
  const Network network = test::one_junction();

  EXPECT_EQ(movement(network, "N_in_1>E_out_1").turn, Turn::left);
  EXPECT_EQ(movement(network, "N_in_0>S_out_0").turn, Turn::straight);
  EXPECT_EQ(movement(network, "N_in_0>W_out_0").turn, Turn::right);
}

TEST(OneJunction, its_signals_are_a_valid_configuration) {
  const IntersectionConfig config = test::one_junction_config();

  EXPECT_EQ(config.groups().size(), 8U);
  EXPECT_TRUE(config.yields_to(config.find_group(GroupId{"EW_L"}))
                  .contains(config.find_group(GroupId{"EW"})));
}

}  // namespace
}  // namespace chorraha
