// Every limit of SAFETY.md B to the millisecond: lamps are read each millisecond, so a limit that
// is one off is seen. Where a lamp's first sample only marks the change, the span is one sample
// longer.
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "field/monitor.hpp"
#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr LensSet dark = lens_none;
constexpr LensSet red = lens_red;
constexpr LensSet amber = lens_amber;
constexpr LensSet green = lens_green;

/// Groups A, B (conflict), W (walk, conflict to A, flashes green); in NORMAL, all red long ago.
class MonitorLimits : public ::testing::Test {
 protected:
  void show(LensSet a, LensSet b, LensSet w, Milliseconds span) {
    const std::array<LensSet, 3> lit{a, b, w};
    for (Milliseconds t{0}; t < span; t += 1ms) {
      const Monitor::Answer answer = monitor.step(1ms, lit, ConfigHash{});
      tripped.insert(tripped.end(), answer.tripped.begin(), answer.tripped.end());
    }
  }
  void be_silent(Milliseconds span) {
    const std::array<LensSet, 3> lit{red, red, red};
    for (Milliseconds t{0}; t < span; t += 1ms) monitor.step(1ms, lit, std::nullopt);
  }
  void flash() {
    show(amber, amber, dark, 500ms);
    show(dark, dark, dark, 500ms);
  }
  void start_anew() {
    monitor = Monitor(test::two_streams(), ConfigHash{}, Monitor::Begin::warm);
    tripped.clear();
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

TEST_F(MonitorLimits, b1_trips_at_300_ms) {
  show(green, red, red, 8s);
  show(green, green, red, 299ms);
  EXPECT_FALSE(trips(Trip::Rule::conflict));
  show(green, green, red, 1ms);

  ASSERT_TRUE(trips(Trip::Rule::conflict));
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::conflict, GroupIndex{0}, GroupIndex{1}, 300ms}));
}

TEST_F(MonitorLimits, b1_forgets_after_666_ms_without_conflict) {
  show(green, red, red, 8s);
  show(green, green, red, 299ms);
  show(green, red, red, 666ms);
  show(green, green, red, 299ms);
  EXPECT_FALSE(trips(Trip::Rule::conflict));
  show(green, red, red, 665ms);
  show(green, green, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorLimits, b1_gives_all_groups_a_second_to_go_to_the_flash_pattern) {
  show(amber, amber, dark, 999ms + 299ms);
  EXPECT_FALSE(trips(Trip::Rule::conflict));
  show(amber, amber, dark, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::conflict));
}

TEST_F(MonitorLimits, green_that_goes_dark_is_on_for_700_ms) {
  show(green, red, red, 8s);
  show(dark, red, red, 699ms);
  show(dark, green, red, 1ms);  // A and B are on: not yet one after the other
  EXPECT_FALSE(trips(Trip::Rule::short_intergreen));

  start_anew();
  show(green, red, red, 8s);
  show(dark, red, red, 700ms);
  show(dark, green, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::short_intergreen));
}

TEST_F(MonitorLimits, b3_trips_at_800_ms_and_forgets_after_300_ms_of_light) {
  show(red, dark, red, 799ms);
  show(red, red, red, 300ms);
  show(red, dark, red, 799ms);
  EXPECT_FALSE(trips(Trip::Rule::red_fail));
  show(red, red, red, 299ms);
  show(red, dark, red, 1ms);

  ASSERT_TRUE(trips(Trip::Rule::red_fail));
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::red_fail, GroupIndex{1}, GroupIndex::none(), 800ms}));
}

TEST_F(MonitorLimits, b3_trips_at_1500_ms_and_forgets_after_200_ms_where_green_flashes) {
  show(red, red, dark, 1499ms);
  show(red, red, red, 200ms);
  show(red, red, dark, 1499ms);
  EXPECT_FALSE(trips(Trip::Rule::red_fail));
  show(red, red, red, 199ms);
  show(red, red, dark, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::red_fail));
}

TEST_F(MonitorLimits, b4_trips_at_450_ms_and_forgets_after_400_ms) {
  for (const LensSet with : {red, amber}) {
    start_anew();
    const auto dual = static_cast<LensSet>(green | with);
    show(red, dual, red, 449ms);
    show(red, green, red, 400ms);
    show(red, dual, red, 449ms);
    EXPECT_FALSE(trips(Trip::Rule::dual_indication));
    show(red, green, red, 399ms);
    show(red, dual, red, 1ms);

    EXPECT_TRUE(trips(Trip::Rule::dual_indication));
  }
}

TEST_F(MonitorLimits, b4_trips_beyond_2200_ms_of_red_amber_and_forgets_after_a_second) {
  show(red | amber, red, red, 2200ms);
  show(red, red, red, 1s);
  show(red | amber, red, red, 2200ms);
  EXPECT_FALSE(trips(Trip::Rule::dual_indication));
  show(red, red, red, 999ms);
  show(red | amber, red, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::dual_indication));
}

TEST_F(MonitorLimits, b5_trips_on_amber_below_its_length_less_300_ms) {
  show(green, red, red, 8s);
  show(amber, red, red, 2700ms);
  show(red, red, red, 8s);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));
  show(green, red, red, 8s);
  show(amber, red, red, 2699ms);
  show(red, red, red, 1ms);

  ASSERT_TRUE(trips(Trip::Rule::short_amber));
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::short_amber, GroupIndex{0}, GroupIndex::none(), 2699ms}));
}

TEST_F(MonitorLimits, b5_trips_beyond_300_ms_of_red_instead_of_amber) {
  show(green, red, red, 8s);
  show(red, red, red, 300ms);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));
  show(red, red, red, 1ms);

  ASSERT_TRUE(trips(Trip::Rule::short_amber));
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::short_amber, GroupIndex{0}, GroupIndex::none(), 0ms}));
}

TEST_F(MonitorLimits, b5_trips_when_amber_begins_later_than_1500_ms_after_the_last_green) {
  IntersectionParts parts = test::two_streams_parts();
  parts.groups[0].type = GroupType::arrow;
  parts.groups[0].lenses = lens_amber | lens_green;  // no red lens: B3 says nothing
  const IntersectionConfig config = IntersectionConfig::make(parts).value();
  for (const Milliseconds gap : {1500ms, 1501ms}) {
    monitor = Monitor(config, ConfigHash{}, Monitor::Begin::warm);
    tripped.clear();
    show(green, red, red, 8s);
    show(dark, red, red, 1ms + gap);
    show(amber, red, red, 3s);

    EXPECT_EQ(trips(Trip::Rule::short_amber), gap > 1500ms) << gap.count();
    EXPECT_FALSE(trips(Trip::Rule::red_fail));
  }
}

TEST_F(MonitorLimits, b5_waits_300_ms_for_an_amber_that_went_dark) {
  show(green, red, red, 8s);
  show(amber, red, red, 1s);
  show(dark, red, red, 1ms + 299ms);
  show(amber, red, red, 1700ms);  // the two ambers together are long enough
  show(red, red, red, 1s);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));

  start_anew();
  show(green, red, red, 8s);
  show(amber, red, red, 1s);
  show(dark, red, red, 1ms + 299ms);
  EXPECT_FALSE(trips(Trip::Rule::short_amber));
  show(dark, red, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::short_amber));
}

TEST_F(MonitorLimits, b6_trips_on_an_intergreen_short_by_more_than_100_ms) {
  show(green, red, red, 8s);
  show(amber, red, red, 3s);
  show(red, red, red, 1900ms);
  show(red, green, red, 8s);  // 4900 ms after the last lit edge
  EXPECT_FALSE(trips(Trip::Rule::short_intergreen));
  show(red, amber, red, 3s);
  show(red, red, red, 1899ms);
  show(green, red, red, 1ms);

  ASSERT_TRUE(trips(Trip::Rule::short_intergreen));
  EXPECT_EQ(tripped[0], (Trip{Trip::Rule::short_intergreen, GroupIndex{1}, GroupIndex{0}, 4899ms}));
}

TEST_F(MonitorLimits, b10_trips_beyond_the_silence_allowed_and_b14_holds_for_10_s) {
  show(red, red, red, 1s);
  be_silent(1s);
  EXPECT_TRUE(monitor.permit());
  be_silent(1ms);
  EXPECT_FALSE(monitor.permit());

  show(red, red, red, 9999ms);
  EXPECT_FALSE(monitor.permit());
  show(red, red, red, 1ms);

  EXPECT_TRUE(monitor.permit());
}

TEST_F(MonitorLimits, calls_it_flash_after_200_ms_without_any_light) {
  show(dark, dark, dark, 199ms);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::normal);
  show(dark, dark, dark, 1ms);

  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
}

TEST_F(MonitorLimits, calls_it_start_up_after_700_ms_of_amber_and_a_fault_after_4300_ms) {
  flash();
  show(amber, amber, red, 1ms + 700ms);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
  show(amber, amber, red, 1ms);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::start_up);
  show(amber, amber, red, 4300ms - 701ms);
  EXPECT_FALSE(trips(Trip::Rule::mode));
  show(amber, amber, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::mode));
}

TEST_F(MonitorLimits, amber_of_700_ms_is_a_flash_even_as_it_goes_out) {
  flash();
  show(amber, amber, red, 1ms + 700ms);
  show(red, red, red, 1ms);

  EXPECT_EQ(monitor.mode(), Monitor::Mode::flash);
}

TEST_F(MonitorLimits, counts_afresh_in_normal) {
  flash();
  show(amber, amber, red, 3s);
  show(red, red, red, 4700ms);
  ASSERT_EQ(monitor.mode(), Monitor::Mode::normal);
  show(red, dark, red, 799ms);
  EXPECT_FALSE(trips(Trip::Rule::red_fail));
  show(red, dark, red, 1ms);

  EXPECT_TRUE(trips(Trip::Rule::red_fail));
}

TEST_F(MonitorLimits, calls_it_normal_after_all_red_less_300_ms) {
  flash();
  show(amber, amber, red, 3s);
  show(red, red, red, 4699ms);
  EXPECT_EQ(monitor.mode(), Monitor::Mode::start_up);
  show(red, red, red, 1ms);

  EXPECT_EQ(monitor.mode(), Monitor::Mode::normal);
}

}  // namespace
}  // namespace chorraha
