#include "formats/sumo/sumo_network.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

using ::testing::HasSubstr;

Network cross() {
  return sumo::read_sumo_network(test::cross_folder() / "cross.net.xml").value();
}

const Movement& movement(const Network& network, const char* id) {
  return network.movement(network.find(MovementId{id}));
}

// Nothing if `a` and `b` do not touch, else whether `a` gives way.
std::optional<bool> yields(const Network& network, const char* a, const char* b) {
  const MovementIndex other = network.find(MovementId{b});
  for (const Movement::Foe& foe : movement(network, a).foes) {
    if (foe.movement == other) return foe.yields_to;
  }
  return std::nullopt;
}

TEST(SumoNetwork, has_the_edges_lanes_and_connections_but_nothing_internal) {
  const Network network = cross();

  EXPECT_EQ(network.links().size(), 8U);
  EXPECT_EQ(network.lanes().size(), 14U);
  EXPECT_EQ(network.movements().size(), 12U);
  const Lane& lane = network.lane(network.find(LaneId{"E_in_1"}));
  EXPECT_EQ(lane.number, 1);
  EXPECT_DOUBLE_EQ(lane.length_m, 192.8);
  EXPECT_DOUBLE_EQ(lane.speed_limit_mps, 13.9);
  EXPECT_EQ(lane.shape, (Polyline{{400, 201.6}, {207.2, 201.6}}));
  EXPECT_TRUE(lane.vehicles_allowed);
  EXPECT_FALSE(network.lane(network.find(LaneId{"N_in_0"})).vehicles_allowed);
  EXPECT_EQ(network.link(lane.link).street, "Long Street");
}

TEST(SumoNetwork, follows_a_movement_over_its_internal_junction) {
  const Network network = cross();

  const Movement& left = movement(network, "E_in_1>S_out_1");

  EXPECT_EQ(left.turn, Turn::left);
  EXPECT_NEAR(left.length_m, 5.95 + 9.22, 1e-9);
  EXPECT_DOUBLE_EQ(left.speed_limit_mps, 8.26);
  EXPECT_EQ(left.shape.front(), (Point{207.2, 201.6}));
  EXPECT_EQ(left.shape.back(), (Point{198.4, 191.6}));
  EXPECT_EQ(std::ranges::count(left.shape, Point{201.66, 199.82}), 1);  // once where they join
}

TEST(SumoNetwork, knows_the_signal_of_each_movement_and_the_ends_of_links) {
  const Network network = cross();
  const IntersectionIndex c = network.find(IntersectionId{"C"});

  ASSERT_TRUE(c.valid());
  EXPECT_EQ(movement(network, "E_in_1>S_out_1").signal_link, 5);
  EXPECT_EQ(movement(network, "E_in_1>S_out_1").intersection, c);
  EXPECT_EQ(network.junction(c).movements.size(), 12U);
  EXPECT_EQ(network.junction(c).name, "Long Street / Cross Lane");
  EXPECT_NEAR(network.junction(c).centre.x_m, 200, 1e-9);
  EXPECT_EQ(network.link(network.find(LinkId{"N_in"})).downstream, c);
  EXPECT_FALSE(network.link(network.find(LinkId{"N_in"})).upstream.valid());
  EXPECT_EQ(network.link(network.find(LinkId{"N_out"})).upstream, c);
}

TEST(SumoNetwork, reads_from_request_bits_who_gives_way_to_whom) {
  const Network network = cross();

  EXPECT_EQ(yields(network, "E_in_1>S_out_1", "W_in_0>E_out_0"), true);
  EXPECT_EQ(yields(network, "W_in_0>E_out_0", "E_in_1>S_out_1"), false);
  EXPECT_EQ(yields(network, "N_in_1>S_out_1", "S_in_1>N_out_1"), std::nullopt);
}

TEST(SumoNetwork, has_the_crossing_its_signal_and_who_drives_over_it) {
  const Network network = cross();

  ASSERT_EQ(network.crossings().size(), 1U);
  const Crossing& crossing = network.crossings()[0];
  EXPECT_EQ(crossing.id.text(), ":C_c0");
  EXPECT_EQ(crossing.signal_link, 12);
  EXPECT_EQ(crossing.intersection, network.find(IntersectionId{"C"}));
  EXPECT_EQ(movement(network, "E_in_0>N_out_1").crossings.size(), 1U);
  EXPECT_TRUE(movement(network, "E_in_0>W_out_0").crossings.empty());
}

std::string cross_text() {
  std::ifstream file(test::cross_folder() / "cross.net.xml");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string fault_after(const std::string& from, const std::string& to) {
  std::string text = cross_text();
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "nothing to replace";
  text.replace(at, from.size(), to);
  const auto parts = sumo::parse_sumo_network("x.net.xml", text);
  return parts ? "no fault" : parts.error().text();
}

TEST(SumoNetwork, names_line_value_and_what_is_allowed) {
  EXPECT_THAT(fault_after("speed=\"6.82\" length=\"10.02\"", "speed=\"fast\" length=\"10.02\""),
              testing::AllOf(HasSubstr("x.net.xml:5"), HasSubstr("speed"), HasSubstr("fast"),
                             HasSubstr("a number")));
  EXPECT_THAT(fault_after("to=\"N_out\" fromLane=\"0\"", "to=\"N_out\" fromLane=\"7\""),
              testing::AllOf(HasSubstr("fromLane"), HasSubstr("7"), HasSubstr("0 to 1")));
  EXPECT_THAT(fault_after("to=\"N_out\" fromLane", "to=\"Moon\" fromLane"), HasSubstr("Moon"));
  EXPECT_THAT(fault_after("via=\":C_3_0\"", "via=\":C_99_0\""), HasSubstr(":C_99_0"));
  EXPECT_THAT(fault_after("shape=\"400.00,204.80 207.20,204.80\"", "shape=\"400.00,204.80\""),
              HasSubstr("at least 2 points"));
  EXPECT_THAT(fault_after("length=\"192.80\"", "length=\"-1\""), HasSubstr("more than 0"));
  EXPECT_THAT(fault_after("linkIndex=\"3\"", "linkIndex=\"-3\""), HasSubstr("0 or more"));
}

TEST(SumoNetwork, reads_a_net_without_internal_lanes_by_the_order_of_its_connections) {
  const std::string text = R"(<net>
    <edge id="a" from="A" to="J"><lane id="a_0" speed="10" length="50" shape="0,0 50,0"/></edge>
    <edge id="b" from="B" to="J"><lane id="b_0" speed="10" length="50" shape="52,-52 52,-2"/></edge>
    <edge id="c" from="J" to="C"><lane id="c_0" speed="8" length="50" shape="54,0 104,0"/></edge>
    <junction id="J" x="52" y="0" incLanes="a_0 b_0" intLanes="">
      <request index="0" response="00" foes="10"/><request index="1" response="01" foes="01"/>
    </junction>
    <connection from="a" to="c" fromLane="0" toLane="0" dir="s"/>
    <connection from="b" to="c" fromLane="0" toLane="0" dir="r"/>
  </net>)";

  const auto network = Network::make(sumo::parse_sumo_network("bare.net.xml", text).value());

  ASSERT_TRUE(network) << network.error().text();
  EXPECT_EQ(yields(*network, "b_0>c_0", "a_0>c_0"), true);
  EXPECT_EQ(yields(*network, "a_0>c_0", "b_0>c_0"), false);
  EXPECT_NEAR(movement(*network, "a_0>c_0").length_m, 4, 1e-9);
  EXPECT_DOUBLE_EQ(movement(*network, "a_0>c_0").speed_limit_mps, 8);
}

}  // namespace
}  // namespace chorraha
