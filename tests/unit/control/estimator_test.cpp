#include "control/estimator.hpp"

#include <gtest/gtest.h>

#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

using test::noon_utc;

class Estimator : public testing::Test {
 protected:
  Sighting vehicle(std::uint64_t number, const char* lane, double distance_m, double speed_mps) {
    Sighting sighting;
    sighting.intersection = IntersectionIndex{0};
    sighting.at = noon_utc;
    sighting.vehicle = number;
    sighting.lane = network.find(LaneId{lane});
    sighting.approach = sighting.lane;
    sighting.distance_m = distance_m;
    sighting.position_m = network.lane(sighting.lane).length_m - distance_m;
    sighting.speed_mps = speed_mps;
    sighting.length_m = 5;
    return sighting;
  }
  MovementIndex straight_from(const char* lane) const {
    return junction.turns()[junction.lanes()[place(lane)].main_turn].movement;
  }
  std::size_t place(const char* lane) const { return junction.lane_of(network.find(LaneId{lane})); }
  StateReport report(StageIndex stage, double after_s = 0) const {
    StateReport signals = test::settled(junction.config(), stage, Ticks{300});
    const auto passed = Ticks{static_cast<std::int64_t>(after_s * 10)};
    signals.now += passed;
    signals.instant += std::chrono::duration_cast<Milliseconds>(passed);
    return signals;
  }

  static constexpr StageIndex ew{2};
  const Network& network = test::street();
  const JunctionModel& junction = test::model();
  SceneEstimator estimator{network, junction};
};

TEST_F(Estimator, counts_who_stands_from_the_stop_line_on_as_the_queue) {
  const std::vector<Sighting> seen{vehicle(1, "N_in_0", 1, 0), vehicle(2, "N_in_0", 8.5, 0),
                                   vehicle(3, "N_in_0", 100, 12)};

  const Scene scene = estimator.from_sightings(seen, report(ew));

  const LaneScene& lane = scene.lanes[place("N_in_0")];
  EXPECT_DOUBLE_EQ(lane.queue_veh, 2.0);
  ASSERT_EQ(lane.arrivals.size(), 3U);
  EXPECT_LE(lane.arrivals[0].at_s, 0.0);
  EXPECT_NEAR(lane.arrivals[2].at_s, 100 / 13.9, 0.3);
}

TEST_F(Estimator, remembers_how_long_somebody_stands) {
  const std::vector<Sighting> seen{vehicle(1, "N_in_0", 1, 0)};

  (void)estimator.from_sightings(seen, report(ew));
  const Scene scene = estimator.from_sightings(seen, report(ew, 40));

  EXPECT_NEAR(scene.lanes[place("N_in_0")].arrivals[0].at_s, -40.0, 1e-6);
}

TEST_F(Estimator, gives_a_standing_vehicle_far_back_its_way_under_green) {
  const std::vector<Sighting> seen{vehicle(1, "E_in_0", 13, 0)};

  const Scene scene = estimator.from_sightings(seen, report(ew));

  EXPECT_NEAR(scene.lanes[place("E_in_0")].arrivals[0].at_s, 3.16, 0.05);  // sqrt(2 x 13 / 2.6)
}

TEST_F(Estimator, leaves_out_lanes_and_intersections_of_others) {
  Sighting other = vehicle(1, "N_in_0", 10, 5);
  other.intersection = IntersectionIndex{5};
  const std::vector<Sighting> seen{other, vehicle(2, "N_out_0", 10, 5)};

  const Scene scene = estimator.from_sightings(seen, report(ew));

  for (const LaneScene& lane : scene.lanes) EXPECT_TRUE(lane.arrivals.empty());
}

TEST_F(Estimator, sees_a_full_exit) {
  Sighting first = vehicle(1, "N_in_0", 1, 0);
  first.movement = straight_from("N_in_0");
  const LaneIndex exit = network.movement(first.movement).to;
  Sighting blocker = vehicle(2, "N_in_0", 0, 0);
  blocker.intersection = IntersectionIndex{9};
  blocker.lane = exit;
  blocker.position_m = 6;
  const std::vector<Sighting> seen{first, blocker};

  const Scene scene = estimator.from_sightings(seen, report(ew));

  EXPECT_DOUBLE_EQ(scene.lanes[place("N_in_0")].exit_space_veh, 0.0);
}

TEST_F(Estimator, gives_up_a_first_vehicle_that_does_not_go_under_green) {
  Sighting head = vehicle(1, "E_in_0", 1, 0);
  head.movement = straight_from("E_in_0");
  const std::vector<Sighting> seen{head};

  const Scene before = estimator.from_sightings(seen, report(ew));
  const Scene after = estimator.from_sightings(seen, report(ew, 20));

  EXPECT_GT(before.lanes[place("E_in_0")].exit_space_veh, 100.0);
  EXPECT_LT(after.lanes[place("E_in_0")].exit_space_veh, 0.0);
}

TEST_F(Estimator, learns_the_flow_of_a_movement_from_who_crosses) {
  double now_s = 0;
  for (std::uint64_t number = 1; number <= 100; ++number, now_s += 6) {
    Sighting near = vehicle(number, "E_in_0", 5, 10);
    near.movement = straight_from("E_in_0");
    (void)estimator.from_sightings(std::vector<Sighting>{near}, report(ew, now_s));
  }

  const std::vector<MovementFlow> flows =
      estimator.flows(noon_utc + Milliseconds{static_cast<std::int64_t>(now_s * 1000)});

  const std::size_t turn = junction.turn_of(straight_from("E_in_0"));
  EXPECT_NEAR(flows[turn].flow_veh_per_h, 600.0, 30.0);
  EXPECT_GT(flows[turn].variance_veh2_per_h2, 0.0);
}

TEST_F(Estimator, makes_a_queue_from_detections) {
  std::vector<Detection> seen;
  for (int i = 0; i < 3; ++i) {
    const Detection on{DetectorId{"N_in_0.80m"},
                       noon_utc + Milliseconds{1000 + 2000 * i},
                       Detection::Kind::on,
                       VehicleClass::unknown,
                       {},
                       1.0};
    Detection off = on;
    off.at += Milliseconds{400};
    off.kind = Detection::Kind::off;
    seen.push_back(on);
    seen.push_back(off);
  }
  seen.push_back({DetectorId{"N_in_0.5m"},  // the first one stands there
                  noon_utc + Milliseconds{7500},
                  Detection::Kind::on,
                  VehicleClass::unknown,
                  {},
                  1.0});
  (void)estimator.from_detections({}, report(ew));

  const Scene scene = estimator.from_detections(seen, report(ew, 15));

  EXPECT_DOUBLE_EQ(scene.lanes[place("N_in_0")].queue_veh, 3.0);
}

}  // namespace
}  // namespace chorraha
