#include "sim/sumo/sumo_vehicles.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/sumo/sumo_detectors.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "tests/unit/formats_sumo/files.hpp"
#include "tests/unit/sim_sumo/sumo_reports.hpp"

namespace chorraha {
namespace {

constexpr Instant midnight{Milliseconds{1'704'067'200'000}};
constexpr Milliseconds step{1000};

Network cross() {
  NetworkParts parts =
      sumo::read_sumo_network_parts(test::cross_folder() / "cross.net.xml").value();
  EXPECT_TRUE(sumo::add_detectors(parts));
  return Network::make(std::move(parts)).value();
}

/// On the cross, from midnight on, in steps of a second.
class SumoVehicles : public testing::Test {
 protected:
  /// One step, in which those of `entries` enter. True if SUMO was asked about somebody.
  bool make_step(const test::Account& account, std::vector<traci::ObjectValues> places = {},
                 const std::vector<test::Entry>& entries = {}) {
    now_ += step;
    places.push_back(test::object_of(account));
    const auto asked = vehicles_.take_step(now_, places);
    EXPECT_TRUE(asked);
    std::vector<traci::Answer> answers;
    for (const test::Entry& entry : entries) test::add_answers(entry, answers);
    if (!asked->empty()) vehicles_.take_entered(answers);
    vehicles_.finish_step(now_, detections_);
    return !asked->empty();
  }
  /// "v" enters on a lane from the east, on its way to the west.
  void enter(const char* lane, double position_m, double speed_mps = 0) {
    make_step({.departed = {"v"}}, {},
              {{test::place_of("v", lane, position_m, {}, speed_mps), {"E_in", "W_out"}}});
  }

  test::ScratchFile demand_{"d.rou.xml",
                            "<routes><vehicle id='a' depart='0'/><vehicle id='b' depart='1.5'/>"
                            "<vehicle id='c' depart='2'/></routes>"};
  Network network_ = cross();
  sumo::SumoVehicles vehicles_{network_, sumo::Departures({demand_.path()}), midnight, step};
  Instant now_ = midnight;
  std::vector<Detection> detections_;
};

TEST_F(SumoVehicles, count_as_loaded_from_their_schedule_on) {
  vehicles_.take_loaded({test::object_of({.loaded = {"a", "b"}})});
  make_step({.loaded = {"c"}});
  const Totals early = vehicles_.totals(now_);
  make_step({});
  const Totals late = vehicles_.totals(now_);

  EXPECT_EQ(early.loaded, 1U);
  EXPECT_EQ(late.loaded, 2U);  // scheduled in [0, 2)
  EXPECT_EQ(late.waiting_to_enter, 2U);
  EXPECT_EQ(late.entered, 0U);
}

TEST_F(SumoVehicles, of_flows_are_due_when_they_first_wish_to_enter) {
  make_step({.loaded = {"f.0", "f.1"}});
  EXPECT_EQ(vehicles_.totals(now_).loaded, 0U);

  make_step({.pending = {"f.0"}});
  make_step({.pending = {"f.0"}});

  EXPECT_EQ(vehicles_.totals(now_).loaded, 1U);
  const std::vector<TripRecord> trips = vehicles_.trips(now_, {});
  ASSERT_EQ(trips.size(), 1U);
  EXPECT_EQ(trips[0].depart_scheduled, midnight + Milliseconds{1000});  // begin of that step
  EXPECT_DOUBLE_EQ(trips[0].depart_delay_s, 2);
}

TEST_F(SumoVehicles, are_asked_about_once_when_they_enter) {
  EXPECT_FALSE(make_step({}));
  EXPECT_TRUE(make_step({.departed = {"v"}}, {}, {{test::place_of("v", "E_in_0", 5), {"E_in"}}}));
  EXPECT_FALSE(make_step({.departed = {"v"}}));

  EXPECT_EQ(vehicles_.totals(now_).entered, 1U);
}

TEST_F(SumoVehicles, that_come_and_go_within_a_step_are_counted_but_not_asked_about) {
  EXPECT_FALSE(make_step({.departed = {"v"}, .arrived = {"v"}}));

  const Totals totals = vehicles_.totals(now_);
  EXPECT_EQ(totals.loaded, 1U);
  EXPECT_EQ(totals.entered, 1U);
  EXPECT_EQ(totals.finished, 1U);
  EXPECT_EQ(totals.in_network, 0U);
}

TEST_F(SumoVehicles, take_the_answers_in_the_order_of_the_questions) {
  make_step({.departed = {"v", "w"}}, {},
            {{test::place_of("v", "E_in_0", 5), {"E_in"}, "bus", 12},
             {test::place_of("w", "E_in_1", 7), {"E_in"}, "truck", 9}});

  const std::vector<VehicleView> views = vehicles_.views();
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].vehicle_class, VehicleClass::bus);
  EXPECT_EQ(views[0].lane, network_.find(LaneId{"E_in_0"}));
  EXPECT_EQ(views[1].vehicle_class, VehicleClass::truck);
  EXPECT_EQ(views[1].lane, network_.find(LaneId{"E_in_1"}));
}

TEST_F(SumoVehicles, are_on_the_road_from_entry_to_arrival) {
  enter("E_in_0", 5);
  make_step({}, {test::place_of("v", "E_in_0", 18), test::place_of("unknown", "E_in_0", 1)});
  const Totals under_way = vehicles_.totals(now_);
  make_step({.arrived = {"v", "v"}});
  const Totals over = vehicles_.totals(now_);

  EXPECT_EQ(under_way.in_network, 1U);
  EXPECT_EQ(under_way.vehicle_steps, 2U);
  EXPECT_EQ(over.in_network, 0U);
  EXPECT_EQ(over.finished, 1U);
  EXPECT_EQ(over.vehicle_steps, 2U);
  EXPECT_TRUE(vehicles_.views().empty());
  for (const Totals& each : {under_way, over})
    EXPECT_EQ(each.loaded, each.finished + each.in_network + each.waiting_to_enter);
}

TEST_F(SumoVehicles, are_seen_from_the_stop_line_they_come_to) {
  enter("E_in_0", 100, 10);

  EXPECT_TRUE(vehicles_.sightings(now_, 92).empty());
  const std::vector<Sighting> seen = vehicles_.sightings(now_, 93);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].at, now_);
  EXPECT_NEAR(seen[0].distance_m, 92.8, 1e-9);
  EXPECT_DOUBLE_EQ(seen[0].speed_mps, 10);
  EXPECT_EQ(network_.movement(seen[0].movement).id.text(), "E_in_0>W_out_0");
}

TEST_F(SumoVehicles, are_not_seen_where_they_have_left_their_route_or_the_last_stop_line) {
  enter("S_in_0", 100);
  EXPECT_TRUE(vehicles_.sightings(now_, 200).empty());

  make_step({}, {test::place_of("v", "E_in_0", 190)});
  make_step({}, {test::place_of("v", ":C_4_0", 1, {202.54, 204.30})});
  EXPECT_TRUE(vehicles_.sightings(now_, 200).empty());
  ASSERT_EQ(vehicles_.views().size(), 1U);
  EXPECT_FALSE(vehicles_.views()[0].lane.valid());
  EXPECT_TRUE(vehicles_.views()[0].movement.valid());
}

TEST_F(SumoVehicles, cover_the_detectors_they_stand_on_until_they_are_taken_off_the_road) {
  enter("E_in_0", 190);  // over the loop 5 m before the stop line
  const std::vector<Detection> first = detections_;
  make_step({}, {test::place_of("v", "E_in_0", 190)});
  const std::vector<Detection> standing = detections_;
  make_step({}, {test::place_of("v", "", 0)});

  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].detector, DetectorId{"E_in_0.5m"});
  EXPECT_EQ(first[0].kind, Detection::Kind::on);
  EXPECT_TRUE(standing.empty());
  ASSERT_EQ(detections_.size(), 1U);
  EXPECT_EQ(detections_[0].kind, Detection::Kind::off);
  EXPECT_EQ(detections_[0].at, now_);
}

TEST_F(SumoVehicles, leave_the_detectors_when_they_arrive) {
  enter("E_in_0", 190);
  make_step({.arrived = {"v"}});

  ASSERT_EQ(detections_.size(), 1U);
  EXPECT_EQ(detections_[0].kind, Detection::Kind::off);
}

TEST_F(SumoVehicles, are_locked_when_nobody_has_moved_for_five_minutes) {
  enter("E_in_0", 190);
  for (int second = 1; second < 299; ++second) make_step({});
  make_step({}, {test::place_of("v", "E_in_0", 190.2, {}, 0.2)});
  for (int second = 0; second < 299; ++second)
    make_step({}, {test::place_of("v", "E_in_0", 190.2, {}, 0.1)});
  EXPECT_FALSE(vehicles_.totals(now_).locked);

  make_step({});
  EXPECT_TRUE(vehicles_.totals(now_).locked);
  make_step({}, {test::place_of("v", "E_in_0", 192, {}, 2)});
  EXPECT_TRUE(vehicles_.totals(now_).locked);  // it is about the whole run
}

TEST_F(SumoVehicles, without_an_account_of_the_step_are_lost) {
  const auto asked = vehicles_.take_step(now_ + step, {test::place_of("v", "E_in_0", 1)});

  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().reason, Reason::lost);
  EXPECT_THAT(asked.error().text(), testing::HasSubstr("without its account"));
}

TEST_F(SumoVehicles, trips_are_sumos_own_figures_where_it_has_some) {
  vehicles_.take_loaded({test::object_of({.loaded = {"a", "b", "c"}})});
  make_step({.departed = {"a"}}, {}, {{test::place_of("a", "E_in_0", 5), {"E_in"}, "bus"}});
  make_step({.arrived = {"a"}});
  const std::unordered_map<std::string, sumo::TripInfo> infos{
      {"a", {"a", 0.25, 1.75, 0.25, 1.5, 0.5, 0.125, 1, 20}}};

  const std::vector<TripRecord> trips = vehicles_.trips(now_, infos);

  ASSERT_EQ(trips.size(), 2U);  // c is due at 2 s, not before
  EXPECT_EQ(trips[0].id, "a");
  EXPECT_EQ(trips[0].vehicle_class, VehicleClass::bus);
  EXPECT_EQ(trips[0].depart_scheduled, midnight);
  EXPECT_EQ(trips[0].depart, midnight + Milliseconds{250});
  EXPECT_EQ(trips[0].arrival, midnight + Milliseconds{1750});
  EXPECT_DOUBLE_EQ(trips[0].depart_delay_s, 0.25);
  EXPECT_DOUBLE_EQ(trips[0].duration_s, 1.5);
  EXPECT_DOUBLE_EQ(trips[0].time_loss_s, 0.5);
  EXPECT_DOUBLE_EQ(trips[0].waiting_s, 0.125);
  EXPECT_EQ(trips[0].stops, 1);
  EXPECT_DOUBLE_EQ(trips[0].distance_m, 20);
  EXPECT_EQ(trips[1].number, 1U);  // b never entered
  EXPECT_FALSE(trips[1].depart.has_value());
  EXPECT_EQ(trips[1].depart_scheduled, midnight + Milliseconds{1500});
  EXPECT_DOUBLE_EQ(trips[1].depart_delay_s, 0.5);
}

}  // namespace
}  // namespace chorraha
