#include <array>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "field/safety_kernel.hpp"
#include "tests/property/kernel_watch.hpp"
#include "tests/support/random_junction.hpp"
#include "traffic/interstage.hpp"

namespace chorraha {
namespace {

using test::KernelWatch;
using test::random_between;

constexpr std::uint64_t junctions = 50;

GroupSet random_groups(std::mt19937_64& random, GroupSet from, int one_in) {
  GroupSet set;
  for (const GroupIndex g : from) {
    if (random_between(random, 1, one_in) == 1) set.insert(g);
  }
  return set;
}

std::vector<Aspect> shown(const SafetyKernel& kernel) {
  std::vector<Aspect> all;
  for (const GroupIndex g : kernel.all()) all.push_back(kernel.aspect(g));
  return all;
}

/// Protected and permissive groups of one movement, beside a foe stream; nothing like it comes out
/// of the random generator.
IntersectionConfig with_same_stream() {
  IntersectionParts parts;
  parts.id = IntersectionId{"same-stream"};
  for (const char* id : {"through", "left", "left_protected", "cross"}) {
    SignalGroup group;
    group.id = GroupId{id};
    group.red_amber = Ticks{10};
    parts.groups.push_back(group);
  }
  parts.relations.assign(4, std::vector<Relation>(4, Relation::compatible));
  parts.intergreen.assign(4, std::vector<Ticks>(4, Ticks{0}));
  const auto relate = [&parts](std::size_t a, std::size_t b, Relation there, Relation back) {
    parts.relations[a][b] = there;
    parts.relations[b][a] = back;
    if (there == Relation::same_stream) return;
    parts.intergreen[a][b] = parts.intergreen[b][a] = Ticks{50};
  };
  relate(1, 0, Relation::yields, Relation::yielded_to);
  relate(1, 2, Relation::same_stream, Relation::same_stream);
  relate(0, 2, Relation::conflict, Relation::conflict);
  for (const std::size_t g : {0UL, 1UL, 2UL}) relate(3, g, Relation::conflict, Relation::conflict);
  const auto set = [](std::initializer_list<std::size_t> list) {
    GroupSet made;
    for (const std::size_t g : list) made.insert(GroupIndex{g});
    return made;
  };
  parts.stages = {
      {StageId{"both"}, set({0, 1})}, {StageId{"left"}, set({2})}, {StageId{"cross"}, set({3})}};
  parts.start_up.all_red = Ticks{50};
  return IntersectionConfig::make(std::move(parts)).value();
}

void try_random_wishes(const IntersectionConfig& config, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  SafetyKernel kernel(config);
  KernelWatch watch(config);
  Wishes wishes;
  GroupSet called;
  for (int t = 0; t < 2500; ++t) {
    if (random_between(random, 0, 40) == 0) {
      wishes.want = random_groups(random, config.all_groups(), 2);
      wishes.must_end = random_groups(random, config.all_groups() - wishes.want, 2);
      called = random_groups(random, config.all_groups(), 3);
    }
    kernel.step(Tick{Ticks{t}}, wishes, called);
    watch.look(Tick{Ticks{t}}, shown(kernel));
  }
  ASSERT_TRUE(watch.broken().empty()) << watch.broken().front() << ", seed " << seed;
}

TEST(SafetyKernelProperty, keeps_every_rule_whatever_is_wished) {
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(try_random_wishes(test::random_junction(seed), seed));
  }
}

TEST(SafetyKernelProperty, keeps_every_rule_between_permissive_and_protected_groups) {
  const IntersectionConfig config = with_same_stream();
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(try_random_wishes(config, seed));
  }
}

using Edges = std::set<std::tuple<std::size_t, Aspect, std::int64_t>>;

Wishes for_stage(const IntersectionConfig& config, StageIndex stage) {
  const GroupSet green = config.stage(stage).green;
  return {green, config.all_groups() - green};
}

/// From `from`, lit for long, to `to`: what the kernel shows, counted from the change of wishes.
Edges kernel_edges(const IntersectionConfig& config, StageIndex from, StageIndex to) {
  SafetyKernel kernel(config);
  int t = 0;
  for (; t < 600; ++t) kernel.step(Tick{Ticks{t}}, for_stage(config, from), {});
  Edges edges;
  std::vector<Aspect> before = shown(kernel);
  for (int at = 0; at < 600; ++at, ++t) {
    kernel.step(Tick{Ticks{t}}, for_stage(config, to), {});
    const std::vector<Aspect> now = shown(kernel);
    for (std::size_t g = 0; g < now.size(); ++g) {
      if (now[g] != before[g]) edges.emplace(g, now[g], at);
    }
    before = now;
  }
  return edges;
}

/// Who takes over from its permissive sister shows no red+amber: its stream flows already.
bool takes_over(const IntersectionConfig& config, GroupIndex g, StageIndex from) {
  return config.same_stream(g).intersects(config.stage(from).green) && config.yields_to(g).empty();
}

Edges derived_edges(const IntersectionConfig& config, StageIndex from, StageIndex to) {
  Edges edges;
  for (const InterstageEdge& edge : interstage(config, from, to).edges) {
    if (edge.aspect == Aspect::red_amber && takes_over(config, edge.group, from)) continue;
    edges.emplace(edge.group.value(), edge.aspect, edge.at.count());
  }
  return edges;
}

void compare_interstages(const IntersectionConfig& config) {
  for (std::size_t from = 0; from < config.stages().size(); ++from) {
    for (std::size_t to = 0; to < config.stages().size(); ++to) {
      ASSERT_EQ(kernel_edges(config, StageIndex{from}, StageIndex{to}),
                derived_edges(config, StageIndex{from}, StageIndex{to}))
          << "stage " << from << " to " << to;
    }
  }
}

TEST(SafetyKernelProperty, goes_from_stage_to_stage_as_the_derived_interstage_says) {
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(compare_interstages(test::random_junction(seed)));
  }
}

TEST(SafetyKernelProperty, hands_over_as_the_derived_interstage_says) {
  compare_interstages(with_same_stream());
}

void watch_what_is_foreseen(const IntersectionConfig& config, std::uint64_t seed) {
  constexpr std::array<int, 3> steps{10, 1, 2};
  std::mt19937_64 random(seed);
  SafetyKernel kernel(config, Ticks{steps[seed % steps.size()]});
  Wishes wishes;
  Tick quiet_until{};
  for (int t = 0; t < 2500; ++t) {
    const Tick now{Ticks{t}};
    const bool anew = random_between(random, 0, 60) == 0;
    if (anew) {
      wishes.want = random_groups(random, config.all_groups(), 2);
      wishes.must_end = random_groups(random, config.all_groups() - wishes.want, 2);
    }
    const bool changed = kernel.step(now, wishes, {});
    ASSERT_FALSE(changed && !anew && now < quiet_until) << "tick " << t;
    quiet_until = changed || anew ? now + Ticks{1} : kernel.next_change(now, wishes);
  }
}

TEST(SafetyKernelProperty, says_truly_when_nothing_will_change) {
  const IntersectionConfig sisters = with_same_stream();
  for (std::uint64_t seed = 1; seed <= junctions; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(watch_what_is_foreseen(test::random_junction(seed), seed));
    ASSERT_NO_FATAL_FAILURE(watch_what_is_foreseen(sisters, seed));
  }
}

}  // namespace
}  // namespace chorraha
