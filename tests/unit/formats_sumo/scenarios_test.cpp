// The public scenarios, where they are at hand: each imports whole, and what it becomes is sound.
#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "formats/sumo/sumo_config.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "tests/support/places.hpp"

namespace chorraha {
namespace {

struct Scenario {
  const char* name;
  const char* config;
  std::size_t intersections;
  std::size_t links;
  std::size_t movements;
};
std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.name;
}

bool holds(const SignalGroup& group, const MovementId& id) {
  return std::find(group.movements.begin(), group.movements.end(), id) != group.movements.end();
}

// Foes in compatible groups of a stage that do not come side by side from one link.
std::vector<std::string> clashes(const Network& network, const IntersectionConfig& config,
                                 const Stage& stage) {
  std::vector<std::string> found;
  const auto look = [&](const Movement& mine, GroupIndex a, GroupIndex b) {
    for (const Movement::Foe& foe : mine.foes) {
      const Movement& theirs = network.movement(foe.movement);
      const bool is_beside = network.lane(mine.from).link == network.lane(theirs.from).link;
      if (holds(config.group(b), theirs.id) && !is_beside &&
          config.relation(a, b) == Relation::compatible)
        found.push_back(mine.id.text() + " and " + theirs.id.text());
    }
  };
  for (const GroupIndex a : stage.green) {
    for (const MovementId& id : config.group(a).movements) {
      for (const GroupIndex b : stage.green) look(network.movement(network.find(id)), a, b);
    }
  }
  return found;
}

class Scenarios : public testing::TestWithParam<Scenario> {
 protected:
  struct Loaded {
    sumo::SumoConfig config;
    Network network;
    sumo::SignalImport signals;
  };
  static Result<Loaded> load(const std::filesystem::path& file) {
    const auto config = sumo::read_sumo_config(file);
    if (!config) return config.error();
    auto network = sumo::read_sumo_network(config->network);
    if (!network) return network.error();
    const auto programs = sumo::read_sumo_programs(config->network, config->additional);
    if (!programs) return programs.error();
    auto signals = sumo::import_signals(*network, *programs, {});
    if (!signals) return signals.error();
    return Loaded{*config, std::move(*network), std::move(*signals)};
  }
};

TEST_P(Scenarios, import_whole) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";

  const auto loaded = load(*shared / "scenarios" / GetParam().name / GetParam().config);

  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->signals.intersections.size(), GetParam().intersections);
  EXPECT_EQ(loaded->network.links().size(), GetParam().links);
  EXPECT_EQ(loaded->network.movements().size(), GetParam().movements);
}

TEST_P(Scenarios, every_movement_under_signals_is_green_in_some_stage) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";

  const auto loaded = load(*shared / "scenarios" / GetParam().name / GetParam().config);

  ASSERT_TRUE(loaded) << loaded.error().text();
  for (const Movement& movement : loaded->network.movements()) {
    if (!movement.intersection.valid()) continue;
    const IntersectionConfig& config = loaded->signals.intersections[movement.intersection.value()];
    GroupSet groups;
    for (std::size_t g = 0; g < config.groups().size(); ++g) {
      if (holds(config.groups()[g], movement.id)) groups.insert(GroupIndex{g});
    }
    bool is_served = false;
    for (const Stage& stage : config.stages()) is_served |= stage.green.intersects(groups);
    EXPECT_TRUE(is_served) << config.id() << " " << movement.id;
    EXPECT_LE(groups.size(), 2U) << config.id() << " " << movement.id;
  }
}

TEST_P(Scenarios, no_stage_shows_foes_together_without_one_giving_way) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";

  const auto loaded = load(*shared / "scenarios" / GetParam().name / GetParam().config);

  ASSERT_TRUE(loaded) << loaded.error().text();
  const Network& network = loaded->network;
  for (const IntersectionConfig& config : loaded->signals.intersections) {
    for (const Stage& stage : config.stages())
      EXPECT_EQ(clashes(network, config, stage), std::vector<std::string>{}) << config.id();
  }
}

INSTANTIATE_TEST_SUITE_P(Public, Scenarios,
                         testing::Values(Scenario{"cologne1", "cologne1.sumocfg", 1, 10, 25},
                                         Scenario{"cologne8", "cologne8.sumocfg", 8, 149, 352},
                                         Scenario{"grid4x4", "grid4x4.sumocfg", 16, 80, 576},
                                         Scenario{"ingolstadt7", "ingolstadt7.sumocfg", 7, 95, 219},
                                         Scenario{"bologna_acosta", "run.sumocfg", 7, 178, 351}),
                         [](const testing::TestParamInfo<Scenario>& each) {
                           return std::string(each.param.name);
                         });

}  // namespace
}  // namespace chorraha
