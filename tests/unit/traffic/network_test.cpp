#include "traffic/network.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

// Two lanes of two links, joined by one movement at one junction.
NetworkParts two_links() {
  NetworkParts parts;
  parts.junctions.push_back({.id = IntersectionId{"J"}});
  parts.links.push_back({.id = LinkId{"in"}, .lanes = {LaneIndex{std::size_t{0}}}});
  parts.links.push_back({.id = LinkId{"out"}, .lanes = {LaneIndex{std::size_t{1}}}});
  parts.lanes.push_back({.id = LaneId{"in_0"},
                         .link = LinkIndex{std::size_t{0}},
                         .shape = {{0, 0}, {100, 0}},
                         .length_m = 100,
                         .speed_limit_mps = 14});
  parts.lanes.push_back({.id = LaneId{"out_0"},
                         .link = LinkIndex{std::size_t{1}},
                         .shape = {{120, 0}, {220, 0}},
                         .length_m = 100,
                         .speed_limit_mps = 14});
  parts.movements.push_back({.id = MovementId{"in_0>out_0"},
                             .from = LaneIndex{std::size_t{0}},
                             .to = LaneIndex{std::size_t{1}},
                             .shape = {{100, 0}, {120, 0}},
                             .length_m = 20,
                             .speed_limit_mps = 14,
                             .intersection = IntersectionIndex{std::size_t{0}}});
  return parts;
}

TEST(Network, knows_the_approaches_of_a_junction_and_the_ways_of_a_lane) {
  const Network network = Network::make(two_links()).value();

  const Junction& junction = network.junction(network.find(IntersectionId{"J"}));
  EXPECT_EQ(junction.approaches, std::vector{network.find(LaneId{"in_0"})});
  EXPECT_EQ(network.lane(network.find(LaneId{"in_0"})).outgoing,
            std::vector{network.find(MovementId{"in_0>out_0"})});
  EXPECT_FALSE(network.find(LaneId{"nowhere"}).valid());
}

TEST(Network, refuses_what_points_nowhere) {
  NetworkParts parts = two_links();
  parts.movements[0].to = LaneIndex{std::size_t{7}};

  const Result<Network> network = Network::make(std::move(parts));

  ASSERT_FALSE(network);
  EXPECT_NE(network.error().text().find("in_0>out_0"), std::string::npos);
}

TEST(Network, refuses_an_id_twice) {
  NetworkParts parts = two_links();
  parts.lanes[1].id = LaneId{"in_0"};

  EXPECT_FALSE(Network::make(std::move(parts)));
}

TEST(Network, refuses_a_detector_beyond_its_lane) {
  NetworkParts parts = two_links();
  parts.detectors.push_back(
      {.id = DetectorId{"d"}, .lane = LaneIndex{std::size_t{0}}, .position_m = 101, .length_m = 2});

  const Result<Network> network = Network::make(std::move(parts));

  ASSERT_FALSE(network);
  EXPECT_NE(network.error().text().find("101"), std::string::npos);
}

TEST(Network, refuses_a_length_that_is_no_number) {
  NetworkParts parts = two_links();
  parts.lanes[0].length_m = std::nan("");

  EXPECT_FALSE(Network::make(std::move(parts)));
}

TEST(Polyline, is_walked_by_its_length) {
  const Polyline corner{{0, 0}, {10, 0}, {10, 10}};

  const Pose pose = pose_at(corner, 15);

  EXPECT_DOUBLE_EQ(length_m(corner), 20);
  EXPECT_DOUBLE_EQ(pose.at.x_m, 10);
  EXPECT_DOUBLE_EQ(pose.at.y_m, 5);
  EXPECT_DOUBLE_EQ(pose.heading_rad, std::numbers::pi / 2);
}

}  // namespace
}  // namespace chorraha
