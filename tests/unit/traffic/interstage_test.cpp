#include "traffic/interstage.hpp"

#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

constexpr GroupIndex g(std::size_t i) {
  return GroupIndex{i};
}
constexpr StageIndex s(std::size_t i) {
  return StageIndex{i};
}

/// A junction made by hand: groups first, then how they stand to each other, then stages.
struct Hand {
  IntersectionParts parts;

  explicit Hand(std::size_t groups) {
    parts.id = IntersectionId{"hand"};
    parts.profile = Profile::europe;
    parts.start_up.all_red = Ticks{100};
    for (std::size_t i = 0; i < groups; ++i) {
      SignalGroup group;
      group.id = GroupId{std::string(1, static_cast<char>('A' + static_cast<char>(i)))};
      parts.groups.push_back(group);
    }
    parts.relations.assign(groups, std::vector(groups, Relation::compatible));
    parts.intergreen.assign(groups, std::vector(groups, Ticks{0}));
  }
  Hand& conflict(std::size_t a, std::size_t b, int a_to_b, int b_to_a) {
    set(a, b, Relation::conflict, Ticks{a_to_b});
    return set(b, a, Relation::conflict, Ticks{b_to_a});
  }
  Hand& yields(std::size_t a, std::size_t b, int a_to_b, int b_to_a) {
    set(a, b, Relation::yields, Ticks{a_to_b});
    return set(b, a, Relation::yielded_to, Ticks{b_to_a});
  }
  Hand& same_stream(std::size_t permissive, std::size_t guarded) {
    set(permissive, guarded, Relation::same_stream, Ticks{0});
    return set(guarded, permissive, Relation::same_stream, Ticks{30});
  }
  Hand& stage(std::initializer_list<std::size_t> green) {
    Stage stage;
    stage.id = StageId{std::to_string(parts.stages.size())};
    for (const std::size_t i : green) stage.green.insert(g(i));
    parts.stages.push_back(stage);
    return *this;
  }
  [[nodiscard]] IntersectionConfig config() const {
    return IntersectionConfig::make(parts).value();
  }

 private:
  Hand& set(std::size_t a, std::size_t b, Relation relation, Ticks intergreen) {
    parts.relations[a][b] = relation;
    parts.intergreen[a][b] = intergreen;
    return *this;
  }
};

std::optional<Ticks> when(const Interstage& way, GroupIndex group, Aspect aspect) {
  for (const InterstageEdge& edge : way.edges) {
    if (edge.group == group && edge.aspect == aspect) return edge.at;
  }
  return std::nullopt;
}

TEST(Interstage, is_empty_from_a_stage_to_itself) {
  const IntersectionConfig config = Hand(1).stage({0}).config();

  const Interstage way = interstage(config, s(0), s(0));

  EXPECT_TRUE(way.edges.empty());
  EXPECT_EQ(way.total, Ticks{0});
}

TEST(Interstage, ends_by_amber_and_starts_by_red_amber_after_the_intergreen) {
  Hand hand(2);
  hand.parts.groups[1].red_amber = Ticks{10};
  const IntersectionConfig config = hand.conflict(0, 1, 50, 60).stage({0}).stage({1}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_EQ(when(way, g(0), Aspect::amber), Ticks{0});
  EXPECT_EQ(when(way, g(0), Aspect::red), Ticks{30});
  EXPECT_EQ(when(way, g(1), Aspect::red_amber), Ticks{40});
  EXPECT_EQ(when(way, g(1), Aspect::green), Ticks{50});
  EXPECT_EQ(way.total, Ticks{50});
}

TEST(Interstage, counts_flashing_green_as_green) {
  Hand hand(2);
  hand.parts.groups[0].flashing_green = Ticks{30};
  const IntersectionConfig config = hand.conflict(0, 1, 50, 60).stage({0}).stage({1}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_EQ(when(way, g(0), Aspect::flashing_green), Ticks{0});
  EXPECT_EQ(when(way, g(0), Aspect::amber), Ticks{30});
  EXPECT_EQ(way.total, Ticks{80});
}

TEST(Interstage, leaves_alone_what_stays) {
  const IntersectionConfig config =
      Hand(3).conflict(0, 1, 40, 40).stage({0, 2}).stage({1, 2}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_FALSE(when(way, g(2), Aspect::amber));
  EXPECT_TRUE(way.restarted.empty());
}

// Yellow trap, SAFETY.md A18: 0 turns left across 1; it may not see amber while 1 stays green.
TEST(Interstage, restarts_the_opposing_stream_when_a_yielding_one_ends) {
  const IntersectionConfig config =
      Hand(3).yields(0, 1, 40, 40).conflict(0, 2, 50, 50).stage({0, 1}).stage({1, 2}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_TRUE(way.restarted.contains(g(1)));
  EXPECT_EQ(when(way, g(1), Aspect::amber), when(way, g(0), Aspect::amber));
  EXPECT_EQ(when(way, g(1), Aspect::green), Ticks{30 + 20});  // amber, minimum red
}

// Green trap, SAFETY.md A19: the opposing stream may not start into one that yields to it.
TEST(Interstage, restarts_the_yielding_stream_when_the_opposing_one_starts) {
  const IntersectionConfig config =
      Hand(3).yields(0, 1, 40, 40).conflict(1, 2, 50, 60).stage({0, 2}).stage({0, 1}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_TRUE(way.restarted.contains(g(0)));
  ASSERT_TRUE(when(way, g(0), Aspect::green));
  EXPECT_GE(*when(way, g(0), Aspect::green), *when(way, g(1), Aspect::green));
  EXPECT_EQ(when(way, g(1), Aspect::green), Ticks{60});
}

TEST(Interstage, lets_the_yielding_stream_start_beside_one_that_stays) {
  const IntersectionConfig config = Hand(2).yields(0, 1, 40, 40).stage({1}).stage({0, 1}).config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_TRUE(way.restarted.empty());
  EXPECT_EQ(when(way, g(0), Aspect::green), Ticks{0});
}

TEST(Interstage, brings_a_yielding_stream_to_amber_no_sooner_than_the_opposing_one) {
  Hand hand(3);
  hand.parts.groups[1].flashing_green = Ticks{30};  // 0 has none
  const IntersectionConfig config = hand.yields(0, 1, 40, 40)
                                        .conflict(0, 2, 50, 50)
                                        .conflict(1, 2, 50, 50)
                                        .stage({0, 1})
                                        .stage({2})
                                        .config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_EQ(when(way, g(0), Aspect::amber), Ticks{30});
  EXPECT_EQ(when(way, g(1), Aspect::amber), Ticks{30});
}

// 0 permissive and 1 protected of one turn, 2 the opposing stream.
TEST(Interstage, hands_a_permissive_green_over_to_its_protected_sister_without_amber) {
  const IntersectionConfig config = Hand(3)
                                        .same_stream(0, 1)
                                        .yields(0, 2, 40, 40)
                                        .conflict(1, 2, 50, 55)
                                        .stage({0, 2})
                                        .stage({1})
                                        .config();

  const Interstage way = interstage(config, s(0), s(1));

  EXPECT_FALSE(when(way, g(0), Aspect::amber));
  EXPECT_EQ(when(way, g(1), Aspect::green), Ticks{55});
  EXPECT_EQ(when(way, g(0), Aspect::red), Ticks{55});
}

TEST(Interstage, takes_a_protected_green_through_amber_before_its_permissive_sister) {
  const IntersectionConfig config = Hand(3)
                                        .same_stream(0, 1)
                                        .yields(0, 2, 40, 40)
                                        .conflict(1, 2, 50, 55)
                                        .stage({0, 2})
                                        .stage({1})
                                        .config();

  const Interstage way = interstage(config, s(1), s(0));

  EXPECT_EQ(when(way, g(1), Aspect::amber), Ticks{0});
  EXPECT_EQ(when(way, g(2), Aspect::green), Ticks{50});
  EXPECT_EQ(when(way, g(0), Aspect::green), Ticks{50});  // with 2, by A19
}

/// Random relations between random groups; stages are those sets of which no pair conflicts.
Hand random_hand(std::mt19937& random) {
  Hand hand(6);
  std::uniform_int_distribution<int> tenths(40, 90), kind(0, 3), coin(0, 1);
  for (SignalGroup& group : hand.parts.groups) {
    group.red_amber = Ticks{10 * coin(random)};
    group.flashing_green = Ticks{30 * coin(random)};
  }
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const int relation = kind(random);
      if (relation <= 1) hand.conflict(a, b, tenths(random), tenths(random));
      if (relation == 2) hand.yields(a, b, tenths(random), tenths(random));
    }
  }
  for (std::size_t set = 1; set < 64; ++set) {
    Stage stage;
    stage.id = StageId{std::to_string(set)};
    for (std::size_t i = 0; i < 6; ++i) {
      if ((set >> i & 1) != 0) stage.green.insert(g(i));
    }
    bool lit_together = true;
    for (const GroupIndex a : stage.green) {
      for (const GroupIndex b : stage.green)
        lit_together =
            lit_together && hand.parts.relations[a.value()][b.value()] != Relation::conflict;
    }
    if (lit_together) hand.parts.stages.push_back(stage);
  }
  return hand;
}

/// When each group of one interstage stops and begins to be green.
struct Greens {
  explicit Greens(const IntersectionConfig& config, const Interstage& way) {
    for (const SignalGroup& group : config.groups()) {
      const GroupIndex i = config.find_group(group.id);
      ends.push_back(when(way, i, Aspect::amber));
      begins.push_back(when(way, i, Aspect::green));
    }
  }
  std::vector<std::optional<Ticks>> ends, begins;
};

bool keeps_intergreen(const IntersectionConfig& config, const Greens& greens, GroupIndex a,
                      GroupIndex b) {
  const auto& end_a = greens.ends[a.value()];
  const auto& begin_b = greens.begins[b.value()];
  return !end_a || !begin_b || *begin_b - *end_a >= config.intergreen(a, b);
}

// `a` gives way to `b`.
void expect_no_trap(const IntersectionConfig& config, const Greens& greens, GroupIndex a,
                    GroupIndex b, GroupSet lit) {
  const auto& end_a = greens.ends[a.value()];
  const auto& end_b = greens.ends[b.value()];
  const auto& begin_a = greens.begins[a.value()];
  const auto& begin_b = greens.begins[b.value()];
  if (end_a && lit.contains(b)) {
    EXPECT_TRUE(end_b && *end_b <= *end_a) << "A18 " << a << " " << b;
  }
  if (begin_b && lit.contains(a)) {
    EXPECT_TRUE(end_a && keeps_intergreen(config, greens, a, b)) << "A19 " << a << " " << b;
  }
  if (begin_a && begin_b) {
    EXPECT_GE(*begin_a, *begin_b) << a << " " << b;
  }
}

void expect_safe(const IntersectionConfig& config, StageIndex from, StageIndex to) {
  const Greens greens(config, interstage(config, from, to));
  for (const GroupIndex a : config.all_groups()) {
    for (const GroupIndex b : config.conflicts(a))
      EXPECT_TRUE(keeps_intergreen(config, greens, a, b)) << a << " " << b;
    for (const GroupIndex b : config.yields_to(a))
      expect_no_trap(config, greens, a, b, config.stage(from).green);
  }
}

TEST(Interstage, keeps_intergreens_and_traps_shut_at_random_junctions) {
  constexpr unsigned seed = 20240101;
  std::mt19937 random(seed);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    const IntersectionConfig config = random_hand(random).config();
    for (std::size_t from = 0; from < config.stages().size(); ++from) {
      for (std::size_t to = 0; to < config.stages().size(); ++to)
        expect_safe(config, s(from), s(to));
    }
  }
}

}  // namespace
}  // namespace chorraha
