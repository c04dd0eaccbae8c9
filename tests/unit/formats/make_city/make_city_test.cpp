#include "apps/make_city/make_city.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/make_city/description.hpp"
#include "tests/support/places.hpp"
#include "traffic/interstage.hpp"

namespace chorraha::make_city {
namespace {

using ::testing::HasSubstr;

StreetDescription street(const std::string& id, LinkClass link_class, const Polyline& points) {
  StreetDescription street;
  street.id = id;
  street.link_class = link_class;
  street.lanes = link_class == LinkClass::arterial ? 3 : 1;
  street.median_m = link_class == LinkClass::minor ? 0 : 3.2;
  street.pocket_m = 100;
  street.points = points;
  street.inflow_veh_per_h = {600, 600};
  street.outflow_weight = {1, 1};
  return street;
}

Description two_streets() {
  Description description;
  description.name = "Two";
  description.languages = {"en"};
  description.zone.offsets = {{}};
  description.streets = {street("main", LinkClass::arterial, {{-400, 0}, {400, 0}}),
                         street("side", LinkClass::collector, {{20, -400}, {0, 400}})};
  description.timetables = {{"all", 110, 1, false}};
  description.day_plan = {{"00:00", "all"}};
  description.profile = {{"00:00", "24:00", 1}};
  return description;
}

TEST(MakeCity, two_streets_make_one_crossroads_with_all_turns) {
  const auto made = make_city(two_streets());

  ASSERT_TRUE(made) << made.error().text();
  const Network& network = made->city.network;
  ASSERT_EQ(network.junctions().size(), 1U);
  EXPECT_EQ(network.crossings().size(), 4U);
  const auto count = [&](Turn turn) {
    return std::ranges::count_if(network.movements(), [&](const Movement& movement) {
      return movement.turn == turn && movement.intersection.valid();
    });
  };
  EXPECT_EQ(count(Turn::left), 4);
  EXPECT_EQ(count(Turn::right), 4);
  EXPECT_EQ(count(Turn::straight), 3 + 3 + 1 + 1);
}

TEST(MakeCity, one_description_gives_one_city) {
  const auto a = make_city(two_streets()).value();
  const auto b = make_city(two_streets()).value();

  EXPECT_EQ(a.city.hashes, b.city.hashes);
  EXPECT_EQ(svg_of(a.city), svg_of(b.city));
}

TEST(MakeCity, an_end_that_reaches_just_over_another_street_makes_a_t) {
  Description description = two_streets();
  description.streets[1].points = {{20, -400}, {0, 40}};
  description.streets[1].inflow_veh_per_h = {300, 0};

  const auto made = make_city(description);

  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->city.network.crossings().size(), 3U);
}

TEST(MakeCity, the_fullest_junction_is_as_full_as_asked) {
  Description description = two_streets();
  description.degree_of_saturation = 0.7;

  const auto made = make_city(description);

  ASSERT_TRUE(made) << made.error().text();
  EXPECT_NEAR(made->loads[0].degree_of_saturation, 0.7, 1e-9);
}

TEST(MakeCity, the_wave_of_two_neighbours_is_their_travel_time) {
  Description description = two_streets();
  description.streets[0].inflow_veh_per_h = {900, 100};  // eastward
  description.streets.push_back(street("next", LinkClass::collector, {{390, -400}, {370, 400}}));
  description.streets[0].points = {{-400, 0}, {800, 0}};

  const auto made = make_city(description);

  ASSERT_TRUE(made) << made.error().text();
  // The moment of green of the main street's straight traffic, in UTC modulo the cycle.
  const auto green_at = [&](std::size_t c) {
    const IntersectionConfig& config = made->city.intersections[c];
    const Timetable& timetable = config.timetables()[0];
    const auto step =
        std::ranges::find(timetable.steps, config.find_stage(StageId{"EW"}), &TimetableStep::stage);
    const auto before = step - 1;  // its left turns
    return before->end_latest + interstage(config, before->stage, step->stage).total -
           timetable.offset;
  };
  const Ticks lag = (green_at(1) - green_at(0) + Ticks{2200}) % Ticks{1100};
  EXPECT_NEAR(to_seconds(lag), 370 / (13.89 * 0.9), 2);
}

TEST(MakeCity, says_where_a_cycle_is_too_short) {
  Description description = two_streets();
  description.timetables[0].cycle_s = 40;

  const auto made = make_city(description);

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::not_possible);
  EXPECT_THAT(made.error().seen, HasSubstr("40"));
}

TEST(MakeCity, says_where_crossroads_are_too_near) {
  Description description = two_streets();
  description.streets.push_back(street("near", LinkClass::collector, {{80, -400}, {60, 400}}));

  const auto made = make_city(description);

  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().thing, HasSubstr("main"));
  EXPECT_THAT(made.error().allowed, HasSubstr("60 m"));
}

TEST(MakeCity, says_which_camera_stands_nowhere) {
  Description description = two_streets();
  CameraDescription camera;
  camera.id = "c";
  camera.street = "main";
  camera.cross_street = "side";
  camera.towards = "N";
  description.cameras = {camera};

  const auto made = make_city(description);

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().thing, "camera c");
}

TEST(MakeCity, an_unknown_key_of_a_description_is_named_with_its_line) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "chorraha_description.toml";
  std::ifstream in(test::source_root() / "config" / "demo_city.toml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("lanes = 3"), 9, "lanez = 3");
  std::ofstream(path) << text;

  const auto description = read_description(path);

  ASSERT_FALSE(description);
  EXPECT_THAT(description.error().thing, HasSubstr("streets[0].lanez"));
  EXPECT_EQ(description.error().seen, "an unknown key");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace chorraha::make_city
