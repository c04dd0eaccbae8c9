#include "sim/sumo/vehicle_loops.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace chorraha {
namespace {

constexpr Instant begin{Milliseconds{1'000'000}};

/// "before" (100 m), "stub" (4 m), two lanes "main_0" and "main_1" (100 m), joined by ways of 6 m;
/// loops of 2 m: "b" ends 95 m into "before", "s" 3 m into "stub", "m" 50 m into "main_0", "n" 50 m
/// into "main_1".
Network streets() {
  NetworkParts parts;
  const auto add_link = [&](const std::string& id, int lanes, double length_m) {
    Link link;
    link.id = LinkId{id};
    for (int n = 0; n < lanes; ++n) {
      Lane lane;
      lane.id = LaneId{lanes == 1 ? id : fmt::format("{}_{}", id, n)};
      lane.link = LinkIndex{parts.links.size()};
      lane.number = n;
      lane.shape = {{0, 0}, {length_m, 0}};
      lane.length_m = length_m;
      lane.speed_limit_mps = 20;
      link.lanes.emplace_back(parts.lanes.size());
      parts.lanes.push_back(std::move(lane));
    }
    parts.links.push_back(std::move(link));
  };
  const auto way = [&](std::size_t from, std::size_t to) {
    Movement movement;
    movement.id = MovementId{fmt::format("{}>{}", from, to)};
    movement.from = LaneIndex{from};
    movement.to = LaneIndex{to};
    movement.shape = {{0, 0}, {6, 0}};
    movement.length_m = 6;
    movement.speed_limit_mps = 20;
    parts.movements.push_back(std::move(movement));
  };
  const auto loop = [&](const std::string& id, std::size_t lane, double position_m) {
    Detector detector;
    detector.id = DetectorId{id};
    detector.lane = LaneIndex{lane};
    detector.position_m = position_m;
    detector.length_m = 2;
    parts.detectors.push_back(std::move(detector));
  };
  add_link("before", 1, 100);
  add_link("stub", 1, 4);
  add_link("main", 2, 100);
  way(0, 1);
  way(1, 2);
  loop("b", 0, 95);
  loop("s", 1, 3);
  loop("m", 2, 50);
  loop("n", 3, 50);
  return Network::make(std::move(parts)).value();
}

struct VehicleLoops : testing::Test {
  Network network = streets();
  sumo::VehicleLoops loops{network};
  Instant now = begin;
  double length_m = 5;
  std::vector<std::string> story;

  /// Where vehicle 1 is after the next second; an empty lane: inside a junction.
  void second(const std::string& lane, double position_m, double speed_mps) {
    const LaneIndex index = lane.empty() ? LaneIndex::none() : network.find(LaneId{lane});
    loops.seen({1, index, position_m, speed_mps, length_m, VehicleClass::car}, 1.0);
    finish();
  }
  void gone() {
    loops.gone(1);
    finish();
  }
  void finish() {
    std::vector<Detection> seen;
    loops.finish(now, 1.0, seen);
    now += Milliseconds{1000};
    for (const Detection& one : seen) {
      story.push_back(fmt::format("{} {} at {:.2f}", one.detector.text(),
                                  one.kind == Detection::Kind::on ? "on" : "off",
                                  to_seconds(one.at - begin)));
    }
  }
};

using Story = std::vector<std::string>;

TEST_F(VehicleLoops, stamp_on_and_off_inside_the_step) {
  second("main_0", 10, 0);
  second("main_0", 30, 20);  // t = 2
  second("main_0", 50, 20);  // over 48 after 0.9 s
  second("main_0", 70, 20);  // its back over 50 after 0.25 s

  EXPECT_EQ(story, (Story{"m on at 2.90", "m off at 3.25"}));
}

TEST_F(VehicleLoops, see_who_passes_within_one_step) {
  second("main_0", 40, 0);
  second("main_0", 60, 20);

  EXPECT_EQ(story, (Story{"m on at 1.40", "m off at 1.75"}));
}

TEST_F(VehicleLoops, stay_on_while_somebody_stands_on_them) {
  second("main_0", 40, 0);
  second("main_0", 51, 11);
  second("main_0", 51, 0);
  second("main_0", 51, 0);

  EXPECT_EQ(story, (Story{"m on at 1.73"}));
}

TEST_F(VehicleLoops, are_covered_by_a_tail_whose_front_is_inside_the_junction) {
  length_m = 12;
  second("before", 90, 0);
  second("before", 99, 9);
  second("", 0, 1);  // its back at 88 m
  second("", 0, 6);  // 94 m
  second("", 0, 6);  // 100 m

  EXPECT_EQ(story, (Story{"b on at 1.33", "b off at 4.17"}));
}

TEST_F(VehicleLoops, go_off_while_the_front_drives_into_the_junction) {
  second("before", 96, 0);  // put on the road over the loop
  second("", 0, 5);

  EXPECT_EQ(story, (Story{"b on at 1.00", "b off at 1.80"}));
}

TEST_F(VehicleLoops, see_who_drives_over_a_whole_lane_between_two_looks) {
  second("before", 98, 0);
  second("main_0", 2, 20);  // 2 m, a way of 6 m, the stub of 4 m, a way of 6 m, 2 m

  EXPECT_EQ(story, (Story{"b on at 1.00", "b off at 1.10", "s on at 1.45", "s off at 1.80"}));
}

TEST_F(VehicleLoops, follow_a_change_of_lane) {
  second("main_0", 45, 0);
  second("main_0", 49, 4);
  second("main_1", 51, 2);  // sideways off one loop and onto the other
  second("main_1", 71, 20);

  EXPECT_EQ(story, (Story{"m on at 1.75", "m off at 3.00", "n on at 3.00", "n off at 3.20"}));
}

TEST_F(VehicleLoops, go_off_when_a_vehicle_is_taken_away) {
  second("main_0", 49, 0);  // put on the road over the loop
  gone();

  EXPECT_EQ(story, (Story{"m on at 1.00", "m off at 2.00"}));
}

TEST_F(VehicleLoops, take_a_vehicle_that_was_moved_off_its_way_as_another_one) {
  second("main_0", 51, 0);
  second("before", 50, 10);  // no way leads back
  second("before", 100, 50);

  EXPECT_EQ(story, (Story{"m on at 1.00", "m off at 2.00", "b on at 2.86", "b off at 3.00"}));
}

TEST_F(VehicleLoops, count_two_vehicles_as_one_while_both_are_on) {
  const LaneIndex lane = network.find(LaneId{"main_0"});
  loops.seen({1, lane, 49, 0, 5, VehicleClass::car}, 1.0);
  loops.seen({2, lane, 51, 0, 5, VehicleClass::car}, 1.0);
  finish();
  loops.gone(1);
  finish();
  loops.gone(2);
  finish();

  EXPECT_EQ(story, (Story{"m on at 1.00", "m off at 3.00"}));
}

}  // namespace
}  // namespace chorraha
