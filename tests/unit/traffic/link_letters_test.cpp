#include "traffic/link_letters.hpp"

#include <array>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

// One approach lane with a straight movement (link 0) and a left turn (link 2) that has a protected
// and a permissive group; link 1 is nobody's.
struct Approach {
  Network network;
  IntersectionConfig config;
};

Approach approach(bool with_links) {
  NetworkParts parts;
  parts.junctions.push_back({.id = IntersectionId{"J"}});
  for (const char* id : {"in", "ahead", "left"}) {
    parts.links.push_back({.id = LinkId{id}, .lanes = {LaneIndex{parts.lanes.size()}}});
    parts.lanes.push_back({.id = LaneId{id},
                           .link = LinkIndex{parts.links.size() - 1},
                           .shape = {{0, 0}, {9, 0}},
                           .length_m = 9,
                           .speed_limit_mps = 9});
  }
  for (const std::size_t to : {1U, 2U}) {
    parts.movements.push_back({.id = MovementId{to == 1 ? "through" : "turn"},
                               .from = LaneIndex{0},
                               .to = LaneIndex{to},
                               .shape = {{0, 0}, {9, 0}},
                               .length_m = 9,
                               .speed_limit_mps = 9,
                               .intersection = IntersectionIndex{0},
                               .signal_link = with_links ? static_cast<int>(to - 1) * 2 : -1});
  }
  IntersectionParts groups;
  groups.id = IntersectionId{"J"};
  for (const char* id : {"through", "protected", "permissive"})
    groups.groups.push_back({.id = GroupId{id}});
  groups.groups[0].movements = {MovementId{"through"}};
  groups.groups[1].movements = {MovementId{"turn"}};
  groups.groups[2].movements = {MovementId{"turn"}};
  groups.relations.assign(3, std::vector<Relation>(3, Relation::compatible));
  groups.intergreen.assign(3, std::vector<Ticks>(3, Ticks{0}));
  groups.relations[2][0] = Relation::yields;
  groups.relations[0][2] = Relation::yielded_to;
  groups.intergreen[0][2] = groups.intergreen[2][0] = groups.intergreen[1][2] = Ticks{30};
  groups.relations[1][2] = groups.relations[2][1] = Relation::same_stream;
  Stage stage{StageId{"1"}, {}};
  stage.green.insert(GroupIndex{0});
  groups.stages.push_back(stage);
  return {Network::make(std::move(parts)).value(),
          IntersectionConfig::make(std::move(groups)).value()};
}

std::string letters(const Approach& a, const std::array<Aspect, 3>& shown) {
  return link_letters(a.network, IntersectionIndex{0}, a.config, shown);
}

TEST(LinkLetters, protected_green_is_large_and_permissive_green_small) {
  const Approach a = approach(true);

  EXPECT_EQ(letters(a, {Aspect::green, Aspect::red, Aspect::green}), "Grg");
  EXPECT_EQ(letters(a, {Aspect::red, Aspect::green, Aspect::red}), "rrG");
}

TEST(LinkLetters, amber_of_either_group_closes_the_link) {
  const Approach a = approach(true);

  EXPECT_EQ(letters(a, {Aspect::amber, Aspect::amber, Aspect::red}), "yry");
  EXPECT_EQ(letters(a, {Aspect::red_amber, Aspect::red, Aspect::amber}), "ury");
}

TEST(LinkLetters, flash_and_dark_leave_right_of_way_to_the_street) {
  const Approach a = approach(true);

  EXPECT_EQ(letters(a, {Aspect::flashing_amber, Aspect::flashing_amber, Aspect::flashing_amber}),
            "oro");
  EXPECT_EQ(letters(a, {Aspect::dark, Aspect::dark, Aspect::dark}), "OrO");
}

TEST(LinkLetters, without_links_each_group_has_one) {
  EXPECT_EQ(letters(approach(false), {Aspect::green, Aspect::red, Aspect::green}), "Grg");
}

}  // namespace
}  // namespace chorraha
