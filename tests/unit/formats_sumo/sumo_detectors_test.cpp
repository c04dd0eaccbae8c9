#include "formats/sumo/sumo_detectors.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/sumo/sumo_config.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

using testing::HasSubstr;

/// Lanes in a row, made by hand; "J" signals what leaves its approaches.
class Streets {
 public:
  Streets() {
    parts.junctions.push_back({IntersectionId{"J"}, "J", {}, {}, {}, {}, {}, {}});
    lane("out", 100);
  }
  void lane(const std::string& id, double length_m) {
    Link link;
    link.id = LinkId{"link of " + id};
    link.lanes = {LaneIndex{parts.lanes.size()}};
    Lane lane;
    lane.id = LaneId{id};
    lane.link = LinkIndex{parts.links.size()};
    lane.shape = {{0, 0}, {length_m, 0}};
    lane.length_m = length_m;
    lane.speed_limit_mps = 13.9;
    parts.links.push_back(std::move(link));
    parts.lanes.push_back(std::move(lane));
  }
  void approach(const std::string& id, double length_m) {
    lane(id, length_m);
    way(id, "out", 10, IntersectionIndex{0});
  }
  void way(const std::string& from, const std::string& to, double length_m,
           IntersectionIndex at = IntersectionIndex::none()) {
    Movement movement;
    movement.id = MovementId{from + ">" + to};
    movement.from = place(from);
    movement.to = place(to);
    movement.shape = {{0, 0}, {length_m, 0}};
    movement.length_m = length_m;
    movement.speed_limit_mps = 10;
    movement.intersection = at;
    parts.movements.push_back(std::move(movement));
  }
  [[nodiscard]] LaneIndex place(const std::string& id) const {
    const auto found = std::ranges::find(parts.lanes, LaneId{id}, &Lane::id);
    return LaneIndex{static_cast<std::size_t>(found - parts.lanes.begin())};
  }
  /// "LANE at POSITION", as it was placed; nothing if there is no such detector.
  [[nodiscard]] std::optional<std::pair<std::string, double>> at(const std::string& id) const {
    const auto found = std::ranges::find(parts.detectors, DetectorId{id}, &Detector::id);
    if (found == parts.detectors.end()) return std::nullopt;
    return std::pair{parts.lanes[found->lane.value()].id.text(), found->position_m};
  }

  NetworkParts parts;
};

using Place = std::pair<std::string, double>;

TEST(SumoDetectors, stand_5_and_80_m_before_the_stop_line) {
  Streets streets;
  streets.approach("long", 200);

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("long.5m"), Place("long", 195));
  EXPECT_EQ(streets.at("long.80m"), Place("long", 120));
  EXPECT_EQ(streets.parts.detectors.size(), 2U);
  EXPECT_DOUBLE_EQ(streets.parts.detectors[0].length_m, 2);
  EXPECT_TRUE(Network::make(streets.parts));
}

TEST(SumoDetectors, move_back_over_the_way_that_feeds_a_short_lane) {
  Streets streets;
  streets.approach("short", 40);
  streets.lane("before", 60);
  streets.way("before", "short", 10);

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("short.5m"), Place("short", 35));
  EXPECT_EQ(streets.at("short.80m.before"), Place("before", 30));  // 30 + 10 + 40
  EXPECT_EQ(streets.parts.detectors.size(), 2U);
}

TEST(SumoDetectors, move_back_along_all_lanes_that_feed_it_one_in_each) {
  Streets streets;
  streets.approach("short", 20);
  streets.lane("left", 100);
  streets.lane("right", 20);
  streets.lane("far", 90);
  streets.way("left", "short", 5);
  streets.way("right", "short", 5);
  streets.way("far", "right", 5);
  streets.way("far", "left", 5);  // two ways into what feeds it

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("short.80m.left"), Place("left", 45));
  EXPECT_EQ(streets.at("short.80m.far"), Place("far", 60));  // 30 + 5 + 20 + 5 + 20
  EXPECT_FALSE(streets.at("short.80m.right"));
  EXPECT_EQ(streets.parts.detectors.size(), 3U);
}

TEST(SumoDetectors, stand_at_the_end_of_the_lane_before_where_80_m_lie_inside_the_junction) {
  Streets streets;
  streets.approach("short", 75);
  streets.lane("before", 60);
  streets.way("before", "short", 10);

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("short.80m.before"), Place("before", 60));
}

TEST(SumoDetectors, stand_at_the_middle_of_a_lane_of_less_than_5_m) {
  Streets streets;
  streets.approach("stub", 3);

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("stub.5m"), Place("stub", 1.5));
  EXPECT_DOUBLE_EQ(streets.parts.detectors[0].length_m, 1.5);  // as there is room
  EXPECT_TRUE(Network::make(streets.parts));
}

TEST(SumoDetectors, stand_at_the_begin_where_nothing_feeds_the_lane) {
  Streets streets;
  streets.approach("edge", 50);
  streets.approach("stub", 10);  // its begin is its stop line

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.at("edge.80m"), Place("edge", 2));
  EXPECT_FALSE(streets.at("stub.80m"));
}

TEST(SumoDetectors, watch_no_footway_and_no_lane_twice) {
  Streets streets;
  streets.approach("road", 100);
  streets.way("road", "out", 12, IntersectionIndex{0});  // a second turn of the same lane
  streets.parts.movements.back().id = MovementId{"road>>out"};
  streets.approach("footway", 100);
  streets.parts.lanes[streets.place("footway").value()].vehicles_allowed = false;

  ASSERT_TRUE(sumo::add_detectors(streets.parts));

  EXPECT_EQ(streets.parts.detectors.size(), 2U);
  EXPECT_FALSE(streets.at("footway.5m"));
}

TEST(SumoDetectors, refuse_an_id_that_no_frame_holds) {
  Streets streets;
  streets.approach(std::string(300, 'x'), 100);

  const Done done = sumo::add_detectors(streets.parts);

  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text(), HasSubstr("303 bytes, allowed 255"));
}

TEST(SumoDetectors, call_the_groups_of_their_lane_or_count) {
  NetworkParts parts =
      sumo::read_sumo_network_parts(test::cross_folder() / "cross.net.xml").value();
  ASSERT_TRUE(sumo::add_detectors(parts));
  const Network network = Network::make(std::move(parts)).value();
  const auto programs =
      sumo::read_sumo_programs(test::cross_folder() / "cross.net.xml", {}).value();
  const IntersectionConfig config =
      sumo::import_signals(network, programs, {}).value().intersections[0];

  const auto uses = sumo::detector_uses(network, IntersectionIndex{0}, config);

  EXPECT_EQ(uses.size(), network.junctions()[0].detectors.size());
  const auto stop = std::ranges::find(uses, DetectorId{"E_in_1.5m"}, &DetectorUse::id);
  const auto upstream = std::ranges::find(uses, DetectorId{"E_in_1.80m"}, &DetectorUse::id);
  ASSERT_NE(stop, uses.end());
  ASSERT_NE(upstream, uses.end());
  EXPECT_EQ(stop->role, DetectorUse::Role::call_and_extend);
  GroupSet served;
  for (const MovementIndex way : network.lane(network.find(LaneId{"E_in_1"})).outgoing) {
    const MovementId& id = network.movement(way).id;
    for (std::size_t g = 0; g < config.groups().size(); ++g)
      if (std::ranges::count(config.groups()[g].movements, id) > 0) served.insert(GroupIndex{g});
  }
  EXPECT_EQ(stop->calls, served);
  EXPECT_FALSE(stop->calls.empty());
  EXPECT_EQ(upstream->role, DetectorUse::Role::count_only);
  EXPECT_TRUE(upstream->calls.empty());
}

}  // namespace
}  // namespace chorraha
