#include "sim/sumo/way_ahead.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "formats/sumo/sumo_network.hpp"
#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

class WayAhead : public testing::Test {
 protected:
  [[nodiscard]] LaneIndex lane(const char* id) const { return network_.find(LaneId{id}); }
  [[nodiscard]] LinkIndex link(const char* id) const { return network_.find(LinkId{id}); }
  [[nodiscard]] std::vector<sumo::StopLineAhead> look(const char* lane_id, double position_m,
                                                      const std::vector<LinkIndex>& route) const {
    std::vector<sumo::StopLineAhead> found;
    ways_.look(lane(lane_id), position_m, route, 200, found);
    return found;
  }

  Network network_ = sumo::read_sumo_network(test::cross_folder() / "cross.net.xml").value();
  sumo::WayAhead ways_{network_};
};

TEST_F(WayAhead, finds_the_stop_line_and_the_turn) {
  const auto found = look("E_in_1", 100, {link("E_in"), link("S_out")});

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(network_.movement(found[0].movement).id.text(), "E_in_1>S_out_1");
  EXPECT_EQ(found[0].approach, lane("E_in_1"));
  EXPECT_NEAR(found[0].distance_m, 92.8, 1e-9);
}

TEST_F(WayAhead, takes_the_lane_that_leads_there_where_this_one_does_not) {
  const auto found = look("E_in_0", 100, {link("E_in"), link("S_out")});

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].approach, lane("E_in_1"));
}

TEST_F(WayAhead, ends_with_the_route_and_the_range) {
  EXPECT_TRUE(look("E_in_0", 100, {link("E_in")}).empty());
  EXPECT_TRUE(look("E_in_0", 100, {link("E_in"), link("W_in")}).empty());  // no way
  EXPECT_TRUE(look("E_in_0", 100, {link("E_in"), LinkIndex::none()}).empty());
  EXPECT_TRUE(look("E_in_0", -10, {link("E_in"), link("W_out")}).empty());  // 202.8 m
}

}  // namespace
}  // namespace chorraha
