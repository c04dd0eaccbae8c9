// These run the real SUMO where it is installed.
#include "sim/sumo/sumo_street.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/sumo/sumo_config.hpp"
#include "formats/sumo/sumo_detectors.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "sim/sumo/sumo_process.hpp"
#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

SumoSetup setup_of(const std::filesystem::path& file) {
  const sumo::SumoConfig config = sumo::read_sumo_config(file).value();
  SumoSetup setup{.config = config.file,
                  .network_file = config.network,
                  .routes = config.routes,
                  .additional = config.additional,
                  .network = sumo::read_sumo_network(config.network).value(),
                  .intersections = {},
                  .closed_lanes = {}};
  setup.intersections =
      sumo::import_signals(setup.network,
                           sumo::read_sumo_programs(config.network, config.additional).value(), {})
          .value()
          .intersections;
  setup.midnight = sumo::SignalRules{}.midnight;
  setup.begin = Milliseconds{static_cast<std::int64_t>(config.begin_s * 1000)};
  setup.step_length = config.step_length;
  return setup;
}

class SumoStreets : public testing::Test {
 protected:
  void SetUp() override {
    if (!sumo::found_on_path("sumo")) GTEST_SKIP() << "skipped: no sumo on this machine";
  }
  static SumoSetup cross() { return setup_of(test::cross_folder() / "cross.sumocfg"); }

  static void run(SumoStreet& street, int steps) {
    for (int i = 0; i < steps; ++i) {
      const Done done = street.advance();
      ASSERT_TRUE(done) << done.error().text();
    }
  }
  // Adds what the detectors see, each thing within its step.
  static void watch(SumoStreet& street, int steps, std::vector<Detection>& seen) {
    for (int i = 0; i < steps; ++i) {
      const Instant before = street.now();
      run(street, 1);
      for (const Detection& one : street.detections()) {
        EXPECT_GT(one.at, before - Milliseconds{1});
        EXPECT_LE(one.at, street.now());
        seen.push_back(one);
      }
    }
  }
  // Green for what runs east to west, or for nobody.
  static void show_stage(SumoStreet& street, const IntersectionConfig& config, const char* stage) {
    std::vector<Aspect> aspects(config.groups().size(), Aspect::red);
    const StageIndex index = config.find_stage(StageId{stage});
    if (index.valid()) {
      for (const GroupIndex group : config.stage(index).green)
        aspects[group.value()] = Aspect::green;
    }
    street.show(IntersectionIndex{0}, aspects, SignalMode::normal);
  }
};

TEST_F(SumoStreets, stop_vehicles_at_red_and_let_them_go_at_green) {
  SumoSetup setup = cross();
  const IntersectionConfig config = setup.intersections[0];
  auto street = SumoStreet::make(std::move(setup)).value();

  show_stage(*street, config, "none");
  run(*street, 60);
  const Totals waiting = street->totals();
  const auto sightings = street->sightings(200);
  show_stage(*street, config, "p0");
  run(*street, 40);

  EXPECT_EQ(waiting.entered, 4U);
  EXPECT_EQ(waiting.finished, 0U);
  EXPECT_EQ(sightings.size(), 4U);
  for (const Sighting& sighting : sightings) {
    EXPECT_LT(sighting.speed_mps, 0.1);
    EXPECT_LT(sighting.distance_m, 30);
  }
  EXPECT_GE(street->totals().finished, 2U);  // straight and bus
  EXPECT_EQ(street->now(), sumo::SignalRules{}.midnight + Milliseconds{100'000});
}

TEST_F(SumoStreets, have_spent_nothing_before_their_first_step) {
  auto street = SumoStreet::make(cross()).value();

  EXPECT_EQ(street->street_cpu_s(), 0);
  run(*street, 1);
  EXPECT_GE(street->street_cpu_s(), 0);
  EXPECT_LT(street->street_cpu_s(), 1);
}

TEST_F(SumoStreets, see_class_length_turn_and_place) {
  SumoSetup setup = cross();
  const Network network = setup.network;
  const IntersectionConfig config = setup.intersections[0];
  auto street = SumoStreet::make(std::move(setup)).value();

  show_stage(*street, config, "none");
  run(*street, 40);

  const auto sightings = street->sightings(200);
  const auto bus = std::ranges::find(sightings, VehicleClass::bus, &Sighting::vehicle_class);
  ASSERT_NE(bus, sightings.end());
  EXPECT_DOUBLE_EQ(bus->length_m, 12);
  EXPECT_EQ(network.lane(bus->lane).id.text(), "E_in_0");
  EXPECT_EQ(network.movement(bus->movement).id.text(), "E_in_0>W_out_0");
  EXPECT_NEAR(bus->position_m + bus->distance_m, 192.8, 1e-6);
  const auto views = street->vehicles();
  const auto view = std::ranges::find(views, bus->vehicle, &VehicleView::number);
  ASSERT_NE(view, views.end());
  EXPECT_NEAR(view->front.y_m, 204.8, 1e-6);
  EXPECT_NEAR(std::cos(view->heading_rad), -1, 1e-6);  // to the west
}

TEST_F(SumoStreets, see_vehicles_with_the_detectors_of_the_network) {
  SumoSetup setup = cross();
  NetworkParts parts = sumo::read_sumo_network_parts(setup.network_file).value();
  ASSERT_TRUE(sumo::add_detectors(parts));
  setup.network = Network::make(std::move(parts)).value();
  const IntersectionConfig config = setup.intersections[0];
  auto street = SumoStreet::make(std::move(setup)).value();

  show_stage(*street, config, "none");
  std::vector<Detection> seen;
  watch(*street, 60, seen);
  const auto kinds = [&](const char* id) {
    std::vector<Detection::Kind> found;
    for (const Detection& one : seen)
      if (one.detector == DetectorId{id}) found.push_back(one.kind);
    return found;
  };
  const auto waiting = kinds("E_in_0.5m");
  show_stage(*street, config, "p0");
  watch(*street, 40, seen);

  using enum Detection::Kind;
  // Two drive in from the east, one behind the other: both over the loop at 80 m, the first one
  // stands on the one at the stop line until it is green.
  EXPECT_EQ(kinds("E_in_0.80m"), (std::vector{on, off, on, off}));
  EXPECT_EQ(waiting, (std::vector{on}));
  EXPECT_EQ(kinds("E_in_0.5m"), (std::vector{on, off, on, off}));
  EXPECT_TRUE(std::ranges::is_sorted(seen, {}, &Detection::at));
}

TEST_F(SumoStreets, account_for_every_trip_with_sumos_own_figures) {
  auto street = SumoStreet::make(cross()).value();  // dark: right of way

  run(*street, 91);
  const Totals totals = street->totals();
  const std::vector<TripRecord> trips = street->trips();

  EXPECT_EQ(totals.loaded, 5U);
  EXPECT_EQ(totals.loaded, totals.finished + totals.in_network + totals.waiting_to_enter);
  ASSERT_EQ(trips.size(), 5U);
  EXPECT_EQ(std::ranges::count_if(trips, [](const auto& t) { return t.arrival.has_value(); }), 4);
  const auto bus = std::ranges::find(trips, std::string("bus"), &TripRecord::id);
  ASSERT_NE(bus, trips.end());
  EXPECT_EQ(bus->vehicle_class, VehicleClass::bus);
  EXPECT_EQ(bus->depart_scheduled, sumo::SignalRules{}.midnight + Milliseconds{2'000});
  EXPECT_GT(bus->distance_m, 300);
  EXPECT_TRUE(std::filesystem::exists(street->tripinfo_file()));
  EXPECT_FALSE(street->advance());  // its trips were asked for
}

TEST_F(SumoStreets, count_who_never_enters_from_its_schedule_on) {
  const test::ScratchFile routes("two.rou.xml", R"(<routes>
    <vehicle id="first" depart="0"><route edges="S_in N_out"/></vehicle>
    <vehicle id="behind" depart="0"><route edges="S_in N_out"/></vehicle>
    <vehicle id="soon" depart="1.5"><route edges="S_in N_out"/></vehicle>
    <vehicle id="later" depart="2"><route edges="S_in N_out"/></vehicle></routes>)");
  SumoSetup setup = cross();
  setup.routes = {routes.path()};
  auto street = SumoStreet::make(std::move(setup)).value();

  run(*street, 2);
  const Totals totals = street->totals();
  const std::vector<TripRecord> trips = street->trips();

  EXPECT_EQ(totals.loaded, 3U);  // scheduled in [0, 2)
  EXPECT_EQ(totals.entered, 1U);
  EXPECT_EQ(totals.waiting_to_enter, 2U);
  ASSERT_EQ(trips.size(), 3U);
  EXPECT_TRUE(trips[0].depart.has_value());
  EXPECT_FALSE(trips[1].depart.has_value());
  EXPECT_DOUBLE_EQ(trips[1].depart_delay_s, 2);
  EXPECT_DOUBLE_EQ(trips[2].depart_delay_s, 0.5);
}

TEST_F(SumoStreets, count_flows_by_their_first_wish_to_enter) {
  const test::ScratchFile routes(
      "flow.rou.xml",
      R"(<routes><flow id="f" begin="0" end="100" period="1" from="S_in" to="N_out"/></routes>)");
  SumoSetup setup = cross();
  setup.routes = {routes.path()};
  auto street = SumoStreet::make(std::move(setup)).value();

  run(*street, 20);
  const Totals totals = street->totals();
  const std::vector<TripRecord> trips = street->trips();

  EXPECT_EQ(totals.loaded, 20U);
  EXPECT_GT(totals.waiting_to_enter, 0U);
  ASSERT_EQ(trips.size(), 20U);
  for (std::size_t i = 0; i < trips.size(); ++i) {
    EXPECT_EQ(trips[i].depart_scheduled,
              sumo::SignalRules{}.midnight + Milliseconds{1'000} * static_cast<int>(i));
  }
}

TEST_F(SumoStreets, close_lanes_to_everybody) {
  SumoSetup setup = cross();
  const Network network = setup.network;
  setup.closed_lanes = {LaneId{"E_in_0"}};
  auto street = SumoStreet::make(std::move(setup)).value();

  run(*street, 30);

  for (const VehicleView& view : street->vehicles()) {
    const bool is_on_it = view.lane.valid() && network.lane(view.lane).id.text() == "E_in_0";
    EXPECT_FALSE(is_on_it);
  }
}

TEST_F(SumoStreets, name_a_closed_lane_that_is_not_there) {
  SumoSetup setup = cross();
  setup.closed_lanes = {LaneId{"M_in_0"}};

  const auto street = SumoStreet::make(std::move(setup));

  ASSERT_FALSE(street);
  EXPECT_THAT(street.error().text(), testing::HasSubstr("M_in_0"));
}

TEST_F(SumoStreets, play_the_scenarios_own_program_unchanged) {
  SumoSetup setup = cross();
  setup.signals = SumoSetup::Signals::scenario;
  auto street = SumoStreet::make(std::move(setup)).value();

  run(*street, 1);
  EXPECT_EQ(street->letters(IntersectionIndex{0}), "rrrgGgrrrGGgG");
  run(*street, 40);
  EXPECT_EQ(street->letters(IntersectionIndex{0}), "rrryygrrryygr");
}

TEST_F(SumoStreets, write_nothing_beside_the_input) {
  const auto before = std::filesystem::last_write_time(test::cross_folder());
  const auto files = [] {
    return std::distance(std::filesystem::directory_iterator(test::cross_folder()), {});
  };
  const auto count = files();

  std::filesystem::path scratch;
  {
    auto street = SumoStreet::make(cross()).value();
    run(*street, 3);
    scratch = street->tripinfo_file().parent_path();
    ASSERT_TRUE(street->finish());
  }

  EXPECT_EQ(files(), count);
  EXPECT_EQ(std::filesystem::last_write_time(test::cross_folder()), before);
  EXPECT_FALSE(std::filesystem::exists(scratch));
}

TEST_F(SumoStreets, pass_on_sumos_words_when_it_refuses_its_input) {
  const test::ScratchFile routes(
      "bad.rou.xml", "<routes><trip id='x' depart='0' from='Moon' to='W_out'/></routes>");
  SumoSetup setup = cross();
  setup.routes = {routes.path()};

  auto street = SumoStreet::make(std::move(setup));
  Done done;
  if (street) done = (*street)->advance();

  const std::string text =
      street ? (done ? "no fault" : done.error().text()) : street.error().text();
  EXPECT_THAT(text, testing::HasSubstr("Moon"));
}

TEST_F(SumoStreets, need_a_configuration_for_every_signal) {
  SumoSetup setup = cross();
  setup.intersections.clear();

  const auto street = SumoStreet::make(std::move(setup));

  ASSERT_FALSE(street);
  EXPECT_THAT(street.error().text(), testing::HasSubstr("intersections"));
}

TEST(SumoStreet, says_which_program_and_package_is_missing) {
  SumoSetup setup = setup_of(test::cross_folder() / "cross.sumocfg");
  setup.program = "sumo-that-is-not-there";

  const auto street = SumoStreet::make(std::move(setup));

  ASSERT_FALSE(street);
  EXPECT_EQ(street.error().reason, Reason::cannot_run);
  EXPECT_THAT(street.error().text(), testing::HasSubstr("Debian package sumo"));
}

TEST_F(SumoStreets, repeat_themselves_with_the_same_seed) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";
  const auto file = *shared / "scenarios" / "cologne1" / "cologne1.sumocfg";

  std::vector<std::vector<TripRecord>> runs;
  for (int i = 0; i < 2; ++i) {
    SumoSetup setup = setup_of(file);
    setup.signals = SumoSetup::Signals::scenario;
    auto street = SumoStreet::make(std::move(setup)).value();
    run(*street, 60);
    EXPECT_EQ(street->totals().loaded, 23U);  // departures in [25200, 25260)
    runs.push_back(street->trips());
  }

  ASSERT_EQ(runs[0].size(), 23U);
  ASSERT_EQ(runs[1].size(), 23U);
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    EXPECT_EQ(runs[0][i].id, runs[1][i].id);
    EXPECT_EQ(runs[0][i].time_loss_s, runs[1][i].time_loss_s);
    EXPECT_EQ(runs[0][i].distance_m, runs[1][i].distance_m);
  }
}

}  // namespace
}  // namespace chorraha
