#include "sim/sumo/sumo_vehicle.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/sumo/sumo_network.hpp"
#include "tests/unit/formats_sumo/files.hpp"
#include "tests/unit/sim_sumo/sumo_reports.hpp"

namespace chorraha {
namespace {

/// On the cross, from the east.
class SumoVehicle : public testing::Test {
 protected:
  [[nodiscard]] LaneIndex lane(const char* id) const { return network_.find(LaneId{id}); }
  void take(const traci::ObjectValues& seen) { sumo::take_place(vehicle_, seen, network_, ways_); }
  void take_body(const test::Entry& entry) {
    std::vector<traci::Answer> answers;
    test::add_answers(entry, answers);
    sumo::take_body(vehicle_, answers, network_);
  }
  // How far along its way over the junction it is with its front there.
  double along_m(Point front) {
    take(test::place_of("v", ":C_4_0", 0, front));
    return vehicle_.position_m;
  }

  Network network_ = sumo::read_sumo_network(test::cross_folder() / "cross.net.xml").value();
  sumo::WayAhead ways_{network_};
  sumo::SumoVehicle vehicle_;
};

TEST_F(SumoVehicle, has_the_body_and_the_route_that_sumo_tells) {
  take_body({{}, {"E_in", "W_out", "elsewhere"}, "coach", 12, 2.5});

  EXPECT_EQ(vehicle_.vehicle_class, VehicleClass::bus);
  EXPECT_DOUBLE_EQ(vehicle_.length_m, 12);
  EXPECT_DOUBLE_EQ(vehicle_.width_m, 2.5);
  EXPECT_THAT(vehicle_.route,
              testing::ElementsAre(network_.find(LinkId{"E_in"}), network_.find(LinkId{"W_out"}),
                                   LinkIndex::none()));
}

TEST_F(SumoVehicle, is_of_the_class_that_its_permissions_name) {
  const std::vector<std::pair<std::string, VehicleClass>> classes{
      {"passenger", VehicleClass::car},    {"taxi", VehicleClass::car},
      {"bus", VehicleClass::bus},          {"tram", VehicleClass::bus},
      {"truck", VehicleClass::truck},      {"delivery", VehicleClass::truck},
      {"moped", VehicleClass::motorcycle}, {"bicycle", VehicleClass::bicycle},
      {"pedestrian", VehicleClass::person}};
  for (const auto& [name, expected] : classes) {
    take_body({{}, {}, name});
    EXPECT_EQ(vehicle_.vehicle_class, expected) << name;
  }
}

TEST_F(SumoVehicle, keeps_what_sumo_refuses_to_tell) {
  const std::vector<traci::Answer> refused(sumo::answers_on_entry, {0, "not known", {}, {}});

  sumo::take_body(vehicle_, refused, network_);

  EXPECT_EQ(sumo::place_on_entry(refused), nullptr);
  EXPECT_DOUBLE_EQ(vehicle_.length_m, 5);
  EXPECT_TRUE(vehicle_.route.empty());
}

TEST_F(SumoVehicle, asks_on_entry_as_many_questions_as_it_takes_answers) {
  traci::Request request;

  sumo::ask_on_entry(request, "v");

  EXPECT_EQ(request.commands().size(), sumo::answers_on_entry);
  EXPECT_EQ(request.commands().front(), traci::subscribe_vehicle);
}

TEST_F(SumoVehicle, is_on_its_lane_and_heads_anticlockwise_from_east) {
  take(test::place_of("v", "E_in_0", 100, {300, 204.8}, 13.9, 1));

  EXPECT_EQ(vehicle_.lane, lane("E_in_0"));
  EXPECT_FALSE(vehicle_.on_junction);
  EXPECT_DOUBLE_EQ(vehicle_.position_m, 100);
  EXPECT_DOUBLE_EQ(vehicle_.speed_mps, 13.9);
  EXPECT_EQ(vehicle_.front, (Point{300, 204.8}));
  EXPECT_EQ(vehicle_.route_at, 1U);
  EXPECT_NEAR(std::cos(vehicle_.heading_rad - std::numbers::pi), 1, 1e-12);  // SUMO: 270, west
}

TEST_F(SumoVehicle, that_sumo_has_nowhere_is_never_slower_than_standing) {
  // What SUMO 1.15 tells of one it has taken off the road for a while.
  constexpr double invalid = -1073741824.0;
  take(test::place_of("v", "", invalid, {}, invalid, -1073741824));

  EXPECT_FALSE(vehicle_.lane.valid());
  EXPECT_DOUBLE_EQ(vehicle_.speed_mps, 0);
  EXPECT_EQ(vehicle_.route_at, 0U);
}

TEST_F(SumoVehicle, stays_where_it_was_without_a_lane_in_the_report) {
  take(test::place_of("v", "E_in_0", 100));
  take({traci::vehicle_values, "v", {{traci::speed, 3.0}}});

  EXPECT_EQ(vehicle_.lane, lane("E_in_0"));
  EXPECT_DOUBLE_EQ(vehicle_.position_m, 100);
  EXPECT_DOUBLE_EQ(vehicle_.speed_mps, 3);
}

TEST_F(SumoVehicle, is_on_the_way_to_its_next_link_while_inside_a_junction) {
  take_body({{}, {"E_in", "W_out"}});
  take(test::place_of("v", "E_in_0", 190));
  take(test::place_of("v", ":C_4_0", 1, {202.54, 204.30}));

  ASSERT_TRUE(vehicle_.on_junction);
  ASSERT_TRUE(vehicle_.movement.valid());
  EXPECT_EQ(network_.movement(vehicle_.movement).id.text(), "E_in_0>W_out_0");
  EXPECT_EQ(vehicle_.lane, lane("E_in_0"));

  take(test::place_of("v", "W_out_0", 1, {}, 0, 1));
  EXPECT_FALSE(vehicle_.on_junction);
  EXPECT_FALSE(vehicle_.movement.valid());
}

TEST_F(SumoVehicle, is_at_the_nearest_point_of_its_way) {
  take_body({{}, {"E_in", "W_out"}});
  take(test::place_of("v", "E_in_0", 190));
  const double first_piece_m = std::hypot(207.20 - 202.54, 204.80 - 204.30);

  EXPECT_NEAR(along_m({207.20, 204.80}), 0, 1e-9);
  EXPECT_NEAR(along_m({220, 205}), 0, 1e-9);  // before its begin
  EXPECT_NEAR(along_m({(207.20 + 202.54) / 2, (204.80 + 204.30) / 2}), first_piece_m / 2, 1e-9);
  EXPECT_NEAR(along_m({202.54, 204.30}), first_piece_m, 1e-9);
  const Polyline& shape = network_.movement(vehicle_.movement).shape;
  EXPECT_NEAR(along_m({180, 201}), length_m(shape), 1e-9);  // past its end
}

TEST_F(SumoVehicle, is_on_no_way_where_its_route_ends_or_leads_elsewhere) {
  take_body({{}, {"E_in"}});
  take(test::place_of("v", "E_in_0", 190));
  take(test::place_of("v", ":C_4_0", 1, {202.54, 204.30}));

  EXPECT_TRUE(vehicle_.on_junction);
  EXPECT_FALSE(vehicle_.movement.valid());
}

}  // namespace
}  // namespace chorraha
