#include "field/monitor.hpp"

#include <array>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

constexpr LensSet dark = lens_none;
constexpr LensSet red = lens_red;
constexpr LensSet amber = lens_amber;
constexpr LensSet green = lens_green;
constexpr Milliseconds sample{20};

/// A monitor in NORMAL that reads lamps every 20 ms; groups A, B (conflict), W (walk, conflict to
/// A).
class MonitorTest : public ::testing::Test {
 protected:
  void show(LensSet a, LensSet b, LensSet w, Milliseconds span) {
    const std::array<LensSet, 3> lit{a, b, w};
    for (Milliseconds t{0}; t < span; t += sample) {
      const Monitor::Answer answer = monitor.step(sample, lit, ConfigHash{});
      tripped.insert(tripped.end(), answer.tripped.begin(), answer.tripped.end());
    }
  }
  void flash(Milliseconds span) {
    for (Milliseconds t{0}; t < span; t += Milliseconds{1000}) {
      show(amber, amber, dark, Milliseconds{500});
      show(dark, dark, dark, Milliseconds{500});
    }
  }
  void use(IntersectionParts parts) {
    const IntersectionConfig config = IntersectionConfig::make(std::move(parts)).value();
    monitor = Monitor(config, ConfigHash{}, Monitor::Begin::warm);
  }
  [[nodiscard]] bool trips(Trip::Rule rule) const {
    for (const Trip& trip : tripped) {
      if (trip.rule == rule) return true;
    }
    return false;
  }

  Monitor monitor{test::two_streams(), ConfigHash{}, Monitor::Begin::warm};
  std::vector<Trip> tripped;
};

using namespace std::chrono_literals;

TEST_F(MonitorTest, permits_what_the_rules_allow) {
  show(red, red, red, 1s);
  show(red | amber, red, red, 1s);
  show(green, red, red, 8s);
  show(amber, red, red, 3s);
  show(red, red, red, 2s);
  show(red, green, green, 8s);
  show(red, amber, red, 3s);
  show(red, red, red, 2s);

  EXPECT_TRUE(tripped.empty());
  EXPECT_TRUE(monitor.permit());
}

TEST_F(MonitorTest, b1_lets_240_ms_of_conflict_pass) {
  show(green, red, red, 8s);
  show(green, green, red, 240ms);
  show(green, red, red, 2s);

  EXPECT_FALSE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, b1_trips_on_320_ms_of_conflict_and_stays_until_reset) {
  show(green, red, red, 8s);
  show(green, green, red, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
  EXPECT_FALSE(monitor.permit());
  show(red, red, red, 20s);
  EXPECT_FALSE(monitor.permit());
  monitor.reset();
  EXPECT_TRUE(monitor.permit());
}

TEST_F(MonitorTest, b1_counts_amber_and_walk_but_not_red_with_amber) {
  show(green, red, red, 8s);
  show(green, red | amber, red, 1s);
  EXPECT_FALSE(trips(Trip::Rule::conflict));

  show(green, red, green, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, b2_trips_on_pulses_of_100_ms_every_200_ms_within_a_second) {
  show(green, red, red, 8s);
  for (int pulse = 0; pulse < 5; ++pulse) {
    show(green, green, red, 100ms);
    show(green, red, red, 100ms);
  }
  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, b2_lets_pulses_of_100_ms_every_800_ms_pass) {
  show(green, red, red, 8s);
  for (int pulse = 0; pulse < 10; ++pulse) {
    show(green, green, red, 100ms);
    show(green, red, red, 700ms);
  }
  EXPECT_FALSE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, b3_trips_when_one_group_is_dark_for_800_ms) {
  show(red, dark, red, 700ms);
  EXPECT_FALSE(trips(Trip::Rule::red_fail));
  show(red, dark, red, 120ms);
  EXPECT_TRUE(trips(Trip::Rule::red_fail));
}

TEST_F(MonitorTest, b3_waits_1500_ms_where_a_group_flashes_green) {
  show(red, red, dark, 1400ms);  // W flashes its green man
  EXPECT_FALSE(trips(Trip::Rule::red_fail));
  show(red, red, dark, 120ms);
  EXPECT_TRUE(trips(Trip::Rule::red_fail));
}

TEST_F(MonitorTest, b4_trips_on_green_with_red_and_on_red_amber_beyond_2200_ms) {
  show(red | amber, red, red, 2100ms);
  EXPECT_FALSE(trips(Trip::Rule::dual_indication));
  show(red | amber, red, red, 200ms);
  EXPECT_TRUE(trips(Trip::Rule::dual_indication));

  tripped.clear();
  show(red, red, red, 2s);
  show(red, green | red, red, 500ms);
  EXPECT_TRUE(trips(Trip::Rule::dual_indication));
}

TEST_F(MonitorTest, b5_trips_on_amber_of_2600_ms_but_not_of_2800_ms) {
  show(green, red, red, 8s);
  show(amber, red, red, 2800ms);
  show(red, red, red, 8s);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));

  show(green, red, red, 8s);
  show(amber, red, red, 2600ms);
  show(red, red, red, 100ms);

  EXPECT_TRUE(trips(Trip::Rule::short_amber));
}

TEST_F(MonitorTest, b5_trips_when_amber_is_skipped) {
  show(green, red, red, 8s);
  show(red, red, red, 400ms);

  EXPECT_TRUE(trips(Trip::Rule::short_amber));
}

TEST_F(MonitorTest, b6_trips_on_an_intergreen_short_by_more_than_100_ms) {
  show(green, red, red, 8s);  // intergreen A -> B 5 s
  show(amber, red, red, 3s);
  show(red, red, red, 1920ms);
  show(red, green, red, 8s);
  EXPECT_FALSE(trips(Trip::Rule::short_intergreen));

  show(red, amber, red, 3s);
  show(red, red, red, 1800ms);
  show(green, red, red, 20ms);

  EXPECT_TRUE(trips(Trip::Rule::short_intergreen));
}

TEST_F(MonitorTest, flashing_green_man_counts_as_green_until_another_aspect_lights) {
  show(red, red, green, 8s);
  show(red, red, dark, 500ms);
  show(red, red, green, 500ms);
  show(red, red, dark, 300ms);
  show(green, red, dark, 320ms);  // its red is not lit yet

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, b10_withholds_the_permit_when_the_controller_falls_silent_and_gives_it_back) {
  const std::array<LensSet, 3> lit{red, red, red};
  show(red, red, red, 1s);
  std::vector<Trip> found;
  for (int i = 0; i < 51; ++i) {
    const auto answer = monitor.step(sample, lit, std::nullopt);
    found.insert(found.end(), answer.tripped.begin(), answer.tripped.end());
  }

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, Trip::Rule::silence);
  EXPECT_FALSE(monitor.permit());
  EXPECT_TRUE(monitor.latched().empty());
  show(red, red, red, 9s);
  EXPECT_FALSE(monitor.permit());  // B14: at least 10 s
  show(red, red, red, 1100ms);
  EXPECT_TRUE(monitor.permit());
}

TEST_F(MonitorTest, b12_trips_on_another_configuration) {
  ConfigHash other;
  other.bytes[0] = 1;
  const std::array<LensSet, 3> lit{red, red, red};

  const Monitor::Answer answer = monitor.step(sample, lit, other);

  ASSERT_EQ(answer.tripped.size(), 1U);
  EXPECT_EQ(answer.tripped[0].rule, Trip::Rule::config_mismatch);
  EXPECT_FALSE(answer.permit);
}

TEST_F(MonitorTest, follows_flash_and_start_up_into_normal_without_a_trip) {
  show(green, red, red, 8s);
  flash(5s);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
  show(amber, amber, red, 3s);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::start_up);
  show(red, red, red, 6s);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::normal);
  show(green, red, red, 8s);

  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorTest, trips_on_green_during_start_up) {
  flash(3s);
  show(amber, amber, red, 3s);
  show(red, red, red, 1s);
  show(green, red, red, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, trips_on_amber_that_is_stuck_in_flash) {
  flash(3s);
  show(amber, dark, dark, 5s);

  EXPECT_TRUE(trips(Trip::Rule::mode));
}

TEST_F(MonitorTest, trips_on_green_beside_amber_during_start_up) {
  flash(3s);
  show(amber, red, red, 1s);
  ASSERT_EQ(monitor.mode(), Monitor::Mode::start_up);
  show(amber, green, red, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, stays_out_of_normal_until_amber_was_shown) {
  flash(3s);
  show(red, red, red, 6s);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
  show(green, red, red, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorTest, a_flash_after_the_amber_of_start_up_begins_start_up_anew) {
  flash(3s);
  show(amber, amber, red, 3s);
  show(dark, dark, dark, 500ms);
  show(red, red, red, 6s);

  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
}

TEST_F(MonitorTest, green_is_over_when_all_lamps_go_dark) {
  show(green, red, red, 8s);
  show(dark, dark, dark, 1s);

  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorTest, tells_a_trip_once) {
  show(green, red, red, 8s);
  show(green, green, red, 5s);

  ASSERT_EQ(tripped.size(), 1U);
  EXPECT_EQ(monitor.latched(), tripped);
}

TEST_F(MonitorTest, lamps_that_are_not_told_are_dark) {
  const std::array<LensSet, 3> lit{red, red, red};
  for (Milliseconds t{0}; t < 1600ms; t += sample) {
    const auto answer = monitor.step(sample, std::span(lit).first(2), ConfigHash{});
    tripped.insert(tripped.end(), answer.tripped.begin(), answer.tripped.end());
  }

  ASSERT_TRUE(trips(Trip::Rule::red_fail));
  EXPECT_EQ(tripped[0].group, GroupIndex{2});
}

TEST_F(MonitorTest, a_green_of_another_stream_excuses_neither_a_dark_group_nor_a_skipped_amber) {
  show(red, green, green, 8s);
  show(red, red, green, 400ms);  // B skips its amber beside the walk
  EXPECT_TRUE(trips(Trip::Rule::short_amber));

  show(red, dark, green, 820ms);
  EXPECT_TRUE(trips(Trip::Rule::red_fail));
}

TEST_F(MonitorTest, b5_trips_on_green_that_cuts_its_amber_short) {
  show(green, red, red, 8s);
  show(amber, red, red, 2700ms);
  show(green, red, red, 8s);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));
  show(amber, red, red, 1s);
  show(green, red, red, 20ms);

  EXPECT_TRUE(trips(Trip::Rule::short_amber));
}

TEST_F(MonitorTest, b5_asks_no_amber_of_a_group_that_has_none) {
  IntersectionParts parts = test::two_streams_parts();
  parts.groups[2].lenses = lens_red | lens_amber | lens_green;  // amber lens, but amber 0 s
  use(parts);
  show(red, red, green, 8s);
  show(red, red, red, 5s);

  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorTest, b6_asks_no_intergreen_of_compatible_groups) {
  use(test::two_streams_parts());
  show(red, green, red, 8s);
  show(red, amber, red, 3s);
  show(red, red, green, 8s);

  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorTest, names_the_two_groups_that_conflict) {
  IntersectionParts parts = test::two_streams_parts();
  parts.relations[0][1] = parts.relations[1][0] = Relation::compatible;
  parts.relations[0][2] = parts.relations[2][0] = Relation::compatible;
  for (const std::size_t other : {1UL, 2UL})
    parts.intergreen[0][other] = parts.intergreen[other][0] = Ticks{0};
  parts.relations[1][2] = parts.relations[2][1] = Relation::conflict;
  parts.intergreen[1][2] = parts.intergreen[2][1] = Ticks{50};
  parts.stages[0].green = parts.stages[1].green = GroupSet::first(1);
  use(parts);
  show(green, green, red, 8s);
  show(green, green, green, 300ms);

  ASSERT_EQ(tripped.size(), 1U);
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::conflict, GroupIndex{1}, GroupIndex{2}, 300ms}));
}

/// Two walks that cross, nothing else.
TEST_F(MonitorTest, without_amber_lenses_start_up_is_all_red_alone) {
  IntersectionParts parts = test::two_streams_parts();
  for (const std::size_t g : {0UL, 1UL}) {
    parts.groups[g].type = GroupType::pedestrian;
    parts.groups[g].lenses = lens_red | lens_green;
    parts.groups[g].amber = parts.groups[g].red_amber = Ticks{0};
    parts.groups[g].min_green = Ticks{70};
  }
  use(parts);
  show(dark, dark, dark, 1s);
  show(red, red, red, 6s);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::normal);
  show(green, red, red, 8s);
  show(red, red, red, 6s);
  show(red, green, red, 8s);

  EXPECT_TRUE(tripped.empty());
}

/// Left is permissive, LeftArrow protects the same movement; Through conflicts to the arrow.
class MonitorOfOneStream : public MonitorTest {
 protected:
  MonitorOfOneStream() {
    IntersectionParts parts = test::two_streams_parts();
    parts.groups[2] = parts.groups[1];
    parts.groups[2].id = GroupId{"LeftArrow"};
    parts.relations[0][1] = Relation::yielded_to;
    parts.relations[1][0] = Relation::yields;
    parts.relations[1][2] = parts.relations[2][1] = Relation::same_stream;
    parts.stages = {{StageId{"both"}, GroupSet::first(2)},
                    {StageId{"through"}, GroupSet::first(1)}};
    use(parts);
  }
};

TEST_F(MonitorOfOneStream, the_arrow_takes_over_without_amber) {
  show(green, green, red, 8s);
  show(amber, green, red, 3s);
  show(red, green, red, 2s);
  show(red, red, green, 8s);

  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorOfOneStream, a_dark_group_counts_as_ended_by_its_sister) {
  show(red, red, green, 8s);
  show(red, dark, green, 2s);

  EXPECT_TRUE(tripped.empty());
}

TEST_F(MonitorOfOneStream, the_two_are_never_lit_together) {
  show(red, green, red, 8s);
  show(red, green, green, 320ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorOfOneStream, a_group_that_yields_may_be_lit_beside_but_owes_an_intergreen_after) {
  show(green, green, red, 8s);
  show(amber, amber, red, 3s);
  show(red, red, red, 2s);
  show(red, green, red, 8s);
  show(red, amber, red, 3s);
  EXPECT_TRUE(tripped.empty());
  show(green, red, red, 20ms);

  EXPECT_TRUE(trips(Trip::Rule::short_intergreen));
}

TEST_F(MonitorTest, keeps_a_latch_that_was_handed_back_after_a_power_loss) {
  monitor.latch(Trip{Trip::Rule::conflict, GroupIndex{0}, GroupIndex{1}, Milliseconds{300}});

  show(red, red, red, 1s);

  EXPECT_FALSE(monitor.permit());
}

}  // namespace
}  // namespace chorraha
