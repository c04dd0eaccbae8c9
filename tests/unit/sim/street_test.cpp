#include "sim/street.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/sim/street_run.hpp"

namespace chorraha {
namespace {

using test::listed_demand;
using test::only_green;
using test::StreetRun;

// What happened, vehicle by vehicle, as text: two equal texts are two equal runs.
std::string trace(std::uint64_t seed, Milliseconds step) {
  StreetRun run({.flow_veh_per_h = 400, .seed = seed, .step_length = step});
  std::string text;
  while (run.second() < 400) {
    run.step();
    for (const VehicleView& v : run.street->vehicles()) {
      text += std::to_string(v.number) + "," + std::to_string(v.front.x_m) + "," +
              std::to_string(v.front.y_m) + "," + std::to_string(v.speed_mps) + ";";
    }
    for (const Detection& d : run.street->detections())
      text += d.detector.text() + std::to_string(d.at.time_since_epoch().count()) + ";";
  }
  return text;
}

double mean_duration_s(const Street& street) {
  double sum_s = 0;
  double count = 0;
  for (const TripRecord& trip : street.trips()) {
    if (!trip.arrival) continue;
    sum_s += trip.duration_s;
    ++count;
  }
  return sum_s / count;
}

TEST(Street, same_seed_gives_the_same_traces) {
  EXPECT_EQ(trace(7, Milliseconds{1000}), trace(7, Milliseconds{1000}));
  EXPECT_NE(trace(7, Milliseconds{1000}), trace(8, Milliseconds{1000}));
}

TEST(Street, nobody_strands_under_a_fixed_timetable) {
  StreetRun run({.flow_veh_per_h = 350});

  run.run_until(2600);

  const Totals totals = run.street->totals();
  EXPECT_GT(totals.loaded, 500U);
  EXPECT_EQ(totals.finished, totals.loaded);
  EXPECT_FALSE(totals.locked);
}

TEST(Street, too_much_demand_is_late_but_never_stuck) {
  StreetRun run({.flow_veh_per_h = 900});

  run.run_until(9000);

  const Totals totals = run.street->totals();
  EXPECT_EQ(totals.finished, totals.loaded);
  EXPECT_FALSE(totals.locked);
}

TEST(Street, long_vehicles_that_turn_and_people_who_walk_never_wait_for_each_other) {
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Demand demand = test::one_junction_demand(test::one_junction(), 150, 2500);
    for (VehicleType& type : demand.types) type.length_m = 12;
    StreetRun run({.seed = seed}, std::move(demand));

    run.run_until(3000);

    const Totals totals = run.street->totals();
    EXPECT_EQ(totals.finished, totals.loaded);
    EXPECT_FALSE(totals.locked);
  }
}

TEST(Street, half_second_steps_give_similar_trips) {
  StreetRun whole({.flow_veh_per_h = 250});
  StreetRun half({.flow_veh_per_h = 250, .step_length = Milliseconds{500}});

  whole.run_until(2600);
  half.run_until(2600);

  EXPECT_EQ(whole.street->totals().loaded, half.street->totals().loaded);
  EXPECT_NEAR(mean_duration_s(*whole.street), mean_duration_s(*half.street),
              0.1 * mean_duration_s(*whole.street));
}

TEST(Street, a_queue_discharges_at_a_saturation_flow_that_streets_have) {
  constexpr int queued = 30;
  std::vector<test::Listed> cars;
  cars.reserve(queued);
  for (int i = 0; i < queued; ++i) cars.push_back({4.0 * i, "N_in", "S_out"});
  Demand demand = listed_demand(test::one_junction(), cars);
  demand.types[0].imperfection = 0.5;
  StreetRun run({.flow_persons_per_h = 0}, demand);
  const auto red = only_green(run.config, {});
  while (run.second() < 200) run.step(red, SignalMode::normal);

  const auto green = only_green(run.config, {"NS"});
  std::vector<double> left_s;  // when the n-th car had left the stop line loop
  while (left_s.size() < 25 && run.second() < 400) {
    run.step(green, SignalMode::normal);
    for (const Detection& d : run.street->detections()) {
      if (d.detector.text() == "N_in_0.5m" && d.kind == Detection::Kind::off)
        left_s.push_back(to_seconds(d.at - Instant{}));
    }
  }

  ASSERT_GE(left_s.size(), 20U);
  const double headway_s = (left_s[18] - left_s[3]) / 15;
  EXPECT_GE(3600 / headway_s, 1500);
  EXPECT_LE(3600 / headway_s, 2100);
}

// The lanes whose lamp says stop.
std::set<LaneIndex> closed_lanes(const StreetRun& run) {
  constexpr std::array<std::array<const char*, 2>, 8> lanes{{{"N_in_0", "NS"},
                                                             {"N_in_1", "NS_L"},
                                                             {"S_in_0", "NS"},
                                                             {"S_in_1", "NS_L"},
                                                             {"E_in_0", "EW"},
                                                             {"E_in_1", "EW_L"},
                                                             {"W_in_0", "EW"},
                                                             {"W_in_1", "EW_L"}}};
  std::set<LaneIndex> closed;
  for (const auto& [lane, group] : lanes) {
    const Aspect shown = run.shown(group);
    if (shown == Aspect::red || shown == Aspect::red_amber)
      closed.insert(run.network.find(LaneId{lane}));
  }
  return closed;
}

TEST(Street, nobody_passes_a_red_light) {
  StreetRun run({.flow_veh_per_h = 600});
  std::map<std::uint64_t, LaneIndex> was;

  while (run.second() < 1800) {
    const std::set<LaneIndex> closed = closed_lanes(run);
    run.step();
    std::map<std::uint64_t, LaneIndex> is;
    for (const VehicleView& v : run.street->vehicles()) {
      const auto before = was.find(v.number);
      const bool passes = !v.lane.valid() && before != was.end() && before->second.valid();
      EXPECT_FALSE(passes && closed.contains(before->second))
          << "vehicle " << v.number << " at " << run.second();
      is[v.number] = v.lane;
    }
    was = std::move(is);
  }
}

// One car arrives while amber begins at `amber_s`; says whether it crossed on amber.
bool crosses_on_amber(double amber_s) {
  const Network network = test::one_junction();
  StreetRun run({.flow_persons_per_h = 0}, listed_demand(network, {{0, "N_in", "S_out"}}));
  auto lamps = only_green(run.config, {"NS"});
  while (run.second() < amber_s) run.step(lamps, SignalMode::normal);
  lamps[0] = Aspect::amber;
  for (int i = 0; i < 3; ++i) run.step(lamps, SignalMode::normal);
  lamps[0] = Aspect::red;
  for (int i = 0; i < 20; ++i) run.step(lamps, SignalMode::normal);
  for (const VehicleView& v : run.street->vehicles()) {
    if (v.lane == network.find(LaneId{"N_in_0"})) {
      EXPECT_LT(v.speed_mps, 0.1);
      return false;
    }
  }
  return true;
}

TEST(Street, amber_stops_who_can_stop_and_lets_go_who_cannot) {
  // At 13.9 m/s the car reaches the stop line, 295 m on, in about 23.9 s.
  EXPECT_FALSE(crosses_on_amber(18));
  EXPECT_TRUE(crosses_on_amber(23));
}

TEST(Street, a_yielding_left_turn_lets_the_oncoming_stream_pass) {
  const Network network = test::one_junction();
  std::vector<test::Listed> cars{{4, "W_in", "N_out"}};
  for (int i = 0; i < 8; ++i) cars.push_back({2.0 * i, "E_in", "W_out"});
  StreetRun run({.flow_persons_per_h = 0}, listed_demand(network, cars));
  const auto green = only_green(run.config, {"EW", "EW_L"});

  while (run.second() < 120) run.step(green, SignalMode::normal);

  std::map<std::string, double> loss_s;
  for (const TripRecord& trip : run.street->trips()) {
    ASSERT_TRUE(trip.arrival) << trip.id;
    loss_s[trip.id] = trip.time_loss_s;
  }
  for (const char* oncoming : {"d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"})
    EXPECT_LT(loss_s[oncoming], 6) << oncoming << " had to brake for a left turn";
  EXPECT_GT(loss_s["d0"], 8);
}

// Somebody walks where a vehicle moves.
bool is_met_walking(const Street& street, const VehicleView& vehicle) {
  return std::ranges::any_of(street.pedestrians(), [&vehicle](const PersonView& person) {
    return person.walking &&
           std::hypot(person.at.x_m - vehicle.front.x_m, person.at.y_m - vehicle.front.y_m) < 1.0;
  });
}

TEST(Street, turning_vehicles_let_people_walk) {
  Demand demand = listed_demand(test::one_junction(), {{0, "E_in", "N_out"}});
  demand.pedestrians.push_back(
      {CrossingIndex{0}, {{std::chrono::seconds{0}, std::chrono::seconds{60}, 3600}}});
  StreetRun run({.flow_persons_per_h = 0}, demand);
  const auto green = only_green(run.config, {"EW", "P_N"});
  bool met = false;

  while (run.second() < 120) {
    run.step(green, SignalMode::normal);
    for (const VehicleView& v : run.street->vehicles()) {
      if (!v.lane.valid() && v.speed_mps >= 0.1) met = met || is_met_walking(*run.street, v);
    }
  }

  EXPECT_FALSE(met);
  EXPECT_EQ(run.street->totals().finished, 1U);
}

TEST(Street, unsignalled_minor_road_gives_way) {
  const Network network = test::one_junction();
  std::vector<test::Listed> cars{{0, "N_in", "S_out"}};
  for (int i = 0; i < 6; ++i) cars.push_back({1.0 + 3.5 * i, "W_in", "E_out"});
  StreetRun run({.flow_persons_per_h = 0}, listed_demand(network, cars));
  const std::vector<Aspect> dark(run.config.groups().size(), Aspect::dark);

  while (run.second() < 120) run.step(dark, SignalMode::flash);

  for (const TripRecord& trip : run.street->trips()) {
    ASSERT_TRUE(trip.arrival) << trip.id;
    if (trip.id == "d0") continue;
    EXPECT_EQ(trip.stops, 0) << trip.id;
  }
}

TEST(Street, detectors_speak_in_turn_and_inside_the_step) {
  StreetRun run({.flow_veh_per_h = 500});
  std::map<std::string, Detection::Kind> last;
  std::size_t seen = 0;

  while (run.second() < 600) {
    const Instant began = run.street->now();
    run.step();
    Instant before = began;
    for (const Detection& d : run.street->detections()) {
      EXPECT_GE(d.at, before);
      EXPECT_LE(d.at, run.street->now());
      before = d.at;
      const auto said = last.emplace(d.detector.text(), Detection::Kind::off).first;
      EXPECT_NE(said->second, d.kind) << d.detector;
      said->second = d.kind;
      ++seen;
    }
  }
  EXPECT_GT(seen, 500U);
}

TEST(Street, sightings_tell_distance_and_turn) {
  const Network network = test::one_junction();
  StreetRun run({.flow_persons_per_h = 0}, listed_demand(network, {{0, "N_in", "E_out"}}));
  const auto red = only_green(run.config, {});
  while (run.second() < 40) run.step(red, SignalMode::normal);

  const std::vector<Sighting> seen = run.street->sightings(200);

  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NEAR(seen[0].distance_m, 1.0, 0.2);
  EXPECT_EQ(seen[0].movement, network.find(MovementId{"N_in_1>E_out_1"}));
  EXPECT_EQ(seen[0].approach, network.find(LaneId{"N_in_1"}));
}

TEST(Street, refuses_a_route_that_no_movement_joins) {
  const Network network = test::one_junction();
  StreetSetup setup{
      network, {test::one_junction_config()}, listed_demand(network, {{0, "N_in", "N_out"}})};

  const auto made = make_street(std::move(setup));

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().seen, "N_in then N_out");
}

TEST(Street, refuses_a_step_out_of_range) {
  const Network network = test::one_junction();
  StreetSetup setup{network, {test::one_junction_config()}, {}};
  setup.step_length = Milliseconds{50};

  const auto made = make_street(std::move(setup));

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().thing, "step_length_ms");
}

}  // namespace
}  // namespace chorraha
