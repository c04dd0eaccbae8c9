#include "console/network_document.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "small_city.hpp"

namespace chorraha::console {
namespace {

using Json = nlohmann::json;

TEST(NetworkDocument, names_things_by_their_ids) {
  const Json document = Json::parse(network_document(*test::small_city()));

  EXPECT_EQ(document["city"]["name"], "Kichik");
  EXPECT_EQ(document["links"].size(), 4U);
  EXPECT_EQ(document["links"][0]["street"], "Furqat ko‘chasi");
  EXPECT_EQ(document["links"][0]["downstream"], "J1");
  EXPECT_EQ(document["links"][0]["upstream"], nullptr);
  EXPECT_EQ(document["movements"][0]["from"], "Furqat_in_0");
  EXPECT_EQ(document["detectors"][0]["lane"], "Furqat_in_0");
  EXPECT_EQ(document["cameras"][0]["at"], nullptr);
  const Json& junction = document["junctions"][0];
  EXPECT_EQ(junction["groups"][2]["crossings"], Json::array({"W"}));
  EXPECT_EQ(junction["stages"][1]["groups"], Json::array({"east", "walk"}));
  EXPECT_EQ(junction["timetables"][0]["cycle_s"], 60.0);
}

TEST(NetworkDocument, takes_the_class_of_a_street_from_the_city_else_from_its_lanes) {
  City told = *test::small_city();
  told.street_classes.assign(4, StreetClass::arterial);
  told.aliases = {{"Навоий / Фурқат"}};

  EXPECT_EQ(Json::parse(network_document(*test::small_city()))["links"][0]["class"], "minor");
  const Json document = Json::parse(network_document(told));
  EXPECT_EQ(document["links"][0]["class"], "arterial");
  EXPECT_EQ(document["junctions"][0]["aliases"], Json::array({"Навоий / Фурқат"}));
}

TEST(NetworkDocument, numbers_signals_and_lists_corridors_as_the_city_does) {
  City told = *test::small_city();
  told.numbers = {31};
  told.corridors = {{"navoiy", {"проспект Навои", "Navoiy ko‘chasi"}, {IntersectionIndex{0}}}};

  const Json document = Json::parse(network_document(told));
  EXPECT_EQ(document["junctions"][0]["number"], 31);
  EXPECT_EQ(document["corridors"][0]["names"], Json::array({"проспект Навои", "Navoiy ko‘chasi"}));
  EXPECT_EQ(document["corridors"][0]["junctions"], Json::array({"J1"}));
  const Json untold = Json::parse(network_document(*test::small_city()));
  EXPECT_EQ(untold["junctions"][0]["number"], nullptr);
  EXPECT_EQ(untold["corridors"], Json::array());
}

TEST(NetworkDocument, bounds_hold_every_lane) {
  const Json document = Json::parse(network_document(*test::small_city()));

  EXPECT_EQ(document["bounds"], Json::array({-200.0, -200.0, 200.0, 200.0}));
}

TEST(NetworkDocument, the_same_city_gives_the_same_bytes) {
  EXPECT_EQ(network_document(*test::small_city()), network_document(*test::small_city()));
}

}  // namespace
}  // namespace chorraha::console
