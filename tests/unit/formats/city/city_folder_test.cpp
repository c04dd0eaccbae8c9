#include "formats/city/city_folder.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/city/city_check.hpp"
#include "formats/city/intersection_file.hpp"
#include "formats/city/network_file.hpp"
#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Network with_camera_line() {
  const Network plain = test::one_junction();
  NetworkParts parts{plain.links(),     plain.lanes(),     plain.movements(),
                     plain.crossings(), plain.detectors(), plain.junctions()};
  parts.detectors.push_back({DetectorId{"N_in_0.cam"},
                             Detector::Kind::crossing,
                             LaneIndex{0},
                             {},
                             297.25,
                             0,
                             true,
                             IntersectionIndex{0}});
  parts.movements[0].foes[0].yields_to = true;
  parts.junctions[0].outline = {{-9, -9}, {9, -9}, {0.1, 9.3}};
  parts.crossings[1].signal_link = 14;
  return Network::make(std::move(parts)).value();
}

City made_city() {
  City city(with_camera_line());
  city.name = "Kichik \"shahar\"";
  city.languages = {"uz-Latn", "en"};
  city.origin = {41.311081, 69.240562};
  city.zone = {
      "Asia/Tashkent",
      {{std::chrono::sys_seconds{0s}, 360min}, {std::chrono::sys_seconds{700000000s}, 300min}}};
  city.date = std::chrono::year_month_day{std::chrono::year{2024}, std::chrono::month{1},
                                          std::chrono::day{1}};
  city.link_classes.assign(city.network.links().size(), LinkClass::collector);
  city.link_classes[2] = LinkClass::arterial;
  city.background = {{MapArea::Kind::river, "Anhor", {{0, 0}, {100.5, 0}, {50, 7}}}};
  IntersectionParts parts = test::one_junction_parts();
  parts.detectors.push_back({DetectorId{"N_in_0.cam"}, DetectorUse::Input::camera,
                             DetectorUse::Role::call_and_extend, GroupSet::first(1)});
  city.intersections.push_back(IntersectionConfig::make(parts).value());
  city.hashes = {hash_of(city.intersections[0])};
  CameraConfig camera;
  camera.id = CameraId{"J/north"};
  camera.intersection = "J";
  camera.width = 640;
  camera.height = 360;
  camera.lines = {{"in", {1, 2}, {3, 4}, PictureDirection::down, DetectorId{"N_in_0.cam"}}};
  city.cameras = {camera};
  city.demand = test::one_junction_demand(city.network, 400, 50);
  city.demand.types[0].imperfection = 0.1 + 0.2;
  city.assets = {{IntersectionId{"J"},
                  7,
                  {{"uz-Latn", "Asosiy koʻcha"}, {"uz-Cyrl", "Асосий кўча"}},
                  {"j", "main"},
                  "demo",
                  "demo",
                  "TP-1",
                  "S-1"}};
  city.groups = {{"g1", Group::Kind::corridor, {{"en", "Main"}}, {IntersectionId{"J"}}},
                 {"sw", Group::Kind::network_switch, {}, {}}};
  city.corrections = {{"turn_lanes", "N_in", {0.1, -300}, 180, "Main street", "left|through"}};
  return city;
}

// Made once: the hand-made junction takes half a second without optimisation.
const City& small_city() {
  static const City city = made_city();
  return city;
}

class CityFolder : public ::testing::Test {
 protected:
  CityFolder()
      : folder_(fs::path(::testing::TempDir()) /
                (std::string("chorraha_city_") +
                 ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
  }
  ~CityFolder() override { fs::remove_all(folder_); }
  CityFolder(const CityFolder&) = delete;
  CityFolder& operator=(const CityFolder&) = delete;
  CityFolder(CityFolder&&) = delete;
  CityFolder& operator=(CityFolder&&) = delete;

  void write() { ASSERT_TRUE(write_city(small_city(), folder_)); }

  [[nodiscard]] std::string text_of(const char* name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void replace(const char* name, const std::string& from, const std::string& to) const {
    std::string text = text_of(name);
    ASSERT_NE(text.find(from), std::string::npos) << name << ": " << from;
    std::ofstream(folder_ / name, std::ios::binary)
        << text.replace(text.find(from), from.size(), to);
  }
  [[nodiscard]] std::map<std::string, std::string> files(const fs::path& folder) const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all[entry.path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(in),
                                                               {}};
    }
    return all;
  }
  [[nodiscard]] Fault fault() const {
    const auto city = read_city(folder_);
    EXPECT_FALSE(city);
    return city ? Fault{} : city.error();
  }

  fs::path folder_;
};

TEST_F(CityFolder, reads_back_what_was_written) {
  write();

  const auto city = read_city(folder_);

  ASSERT_TRUE(city) << city.error().text();
  const City& before = small_city();
  EXPECT_EQ(city->name, before.name);
  EXPECT_EQ(city->languages, before.languages);
  EXPECT_EQ(city->origin, before.origin);
  EXPECT_EQ(city->zone, before.zone);
  EXPECT_EQ(city->date, before.date);
  EXPECT_EQ(city->link_classes, before.link_classes);
  EXPECT_EQ(city->background, before.background);
  EXPECT_EQ(city->assets, before.assets);
  EXPECT_EQ(city->groups, before.groups);
  EXPECT_EQ(city->corrections, before.corrections);
  ASSERT_EQ(city->intersections.size(), 1U);
  EXPECT_EQ(city->intersections[0].parts(), before.intersections[0].parts());
  EXPECT_EQ(city->hashes, before.hashes);
  ASSERT_EQ(city->cameras.size(), 1U);
  EXPECT_EQ(city->cameras[0].id, CameraId{"J/north"});
}

TEST_F(CityFolder, reads_back_the_network_and_the_demand_exactly) {
  write();

  const auto city = read_city(folder_);

  ASSERT_TRUE(city) << city.error().text();
  const City& before = small_city();
  const Network& seen = city->network;
  ASSERT_EQ(seen.lanes().size(), before.network.lanes().size());
  ASSERT_EQ(seen.movements().size(), before.network.movements().size());
  for (std::size_t i = 0; i < seen.lanes().size(); ++i) {
    const Lane& a = seen.lanes()[i];
    const Lane& b = before.network.lanes()[i];
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.link, b.link);
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.length_m, b.length_m);
    EXPECT_EQ(a.outgoing, b.outgoing);
  }
  for (std::size_t i = 0; i < seen.movements().size(); ++i) {
    const Movement& a = seen.movements()[i];
    const Movement& b = before.network.movements()[i];
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.length_m, b.length_m);
    EXPECT_EQ(a.crossings, b.crossings);
    ASSERT_EQ(a.foes.size(), b.foes.size());
    for (std::size_t f = 0; f < a.foes.size(); ++f) {
      EXPECT_EQ(a.foes[f].movement, b.foes[f].movement);
      EXPECT_EQ(a.foes[f].yields_to, b.foes[f].yields_to);
    }
  }
  EXPECT_EQ(seen.crossings()[1].signal_link, 14);
  EXPECT_EQ(seen.junctions()[0].outline, before.network.junctions()[0].outline);
  EXPECT_EQ(seen.detectors().back().position_m, 297.25);
  EXPECT_TRUE(seen.detectors().back().camera);
  ASSERT_EQ(city->demand.routes.size(), before.demand.routes.size());
  EXPECT_EQ(city->demand.routes[5].route, before.demand.routes[5].route);
  EXPECT_EQ(city->demand.routes[5].intervals[0].end, 24h);
  EXPECT_EQ(city->demand.types[0].imperfection, 0.1 + 0.2);
  EXPECT_EQ(city->demand.pedestrians[3].crossing, CrossingIndex{3});
}

TEST_F(CityFolder, what_was_read_is_written_as_the_same_bytes) {
  write();
  const fs::path again = folder_.string() + "_again";

  ASSERT_TRUE(write_city(read_city(folder_).value(), again));

  EXPECT_EQ(files(again), files(folder_));
  fs::remove_all(again);
}

TEST_F(CityFolder, an_intersection_that_is_gone_takes_its_file_along) {
  write();
  std::ofstream(folder_ / "intersections" / "old.toml") << "id = \"old\"\n";
  EXPECT_THAT(fault().thing, HasSubstr("old.toml"));

  write();

  EXPECT_TRUE(read_city(folder_));
}

TEST_F(CityFolder, files_of_people_may_be_absent) {
  write();
  for (const char* name : {"assets.toml", "groups.toml", "corrections.toml"})
    fs::remove(folder_ / name);

  const auto city = read_city(folder_);

  ASSERT_TRUE(city) << city.error().text();
  EXPECT_TRUE(city->assets.empty());
  EXPECT_TRUE(city->groups.empty());
}

TEST_F(CityFolder, corrections_outlive_a_new_import) {
  write();
  City imported = small_city();
  imported.corrections.clear();

  ASSERT_TRUE(write_city(imported, folder_));

  EXPECT_EQ(read_city(folder_).value().corrections, small_city().corrections);
}

TEST_F(CityFolder, other_files_must_be_there) {
  for (const char* name : {"city.toml", "network.json", "demand.json", "intersections/J.toml"}) {
    write();
    fs::remove(folder_ / name);

    EXPECT_EQ(fault().thing, (folder_ / name).string());
  }
}

struct Wrong {
  const char* file;
  std::string from, to, thing, allowed;
};

TEST_F(CityFolder, each_wrong_value_is_named_with_file_and_what_is_allowed) {
  const std::vector<Wrong> wrongs{
      {"city.toml", "name = ", "nmae = ", "nmae", "name"},
      {"city.toml", "2024-01-01\n", "\"2024-13-01\"\n", "date", "a date"},
      {"city.toml", "utc_offset_min = 360", "utc_offset_min = 3600", "utc_offset_min",
       "-960 to 960"},
      {"city.toml", "latitude_deg = 41", "latitude_deg = 141", "origin.latitude_deg", "-90 to 90"},
      {"network.json", "\"link\":\"N_in\"", "\"link\":\"N\"", "lanes[0].link",
       "a link of this file"},
      {"network.json", "\"class\":\"arterial\"", "\"class\":\"big\"", "links[2].class",
       "arterial,"},
      {"network.json", "\"length_m\":300,", "\"length_m\":-300,", "lanes[0].length_m", "0 to"},
      {"network.json", "\"length_m\":300,", "\"length_m\":0,", "lane N_in_0", "more than 0"},
      {"network.json", "\"turn\":\"left\"", "\"turn\":\"links\"", "movements[0].turn", "straight"},
      {"network.json", "\"kind\":\"presence\"", "\"kind\":\"loop\"", "detectors[0].kind",
       "presence"},
      {"network.json", "\"id\":\"N_in_0.80m\"", "\"id\":\"N_in_0.5m\"", "detector", "each id once"},
      {"network.json", "\"kind\":\"river\"", "\"kind\":\"sea\"", "background[0].kind",
       "river, park"},
      {"demand.json", "\"N_in\",\"E_out\"", "\"N_in\",\"E_in\"", "routes[0].links",
       "a movement joins"},
      {"demand.json", "\"N_in\",\"E_out\"", "\"N_in\",\"X\"", "routes[0].links",
       "links of the network"},
      {"demand.json", "\"end_s\":86400", "\"end_s\":0", "routes[0].intervals[0].begin_s",
       "ending later"},
      {"demand.json", "\"flow_veh_per_h\":80", "\"flow_veh_per_h\":-1", "flow_veh_per_h", "0 to"},
      {"demand.json", "\"N_walk\"", "\"walk\"", "pedestrians[0].crossing", "a crossing of"},
      {"assets.toml", "intersection = \"J\"", "intersection = \"K\"", "assets[0].intersection",
       "network.json"},
      {"assets.toml", "crew = ", "crews = ", "assets[0].crews", "crew"},
      {"groups.toml", "kind = \"corridor\"", "kind = \"road\"", "groups[0].kind", "corridor"},
      {"groups.toml", "[\"J\"]", "[\"K\"]", "groups[0].intersections", "network.json"},
      {"corrections.toml", "at_m = [0.1, -300.0]", "at_m = 3", "corrections[0].at_m", "[x, y]"},
      {"intersections/J.toml", "id = \"J\"", "id = \"K\"", "J.toml id", "\"J\""},
      {"intersections/J.toml", "\"N_walk\"", "\"X_walk\"", "group P_N crossings",
       "of this intersection"},
      {"intersections/J.toml", "\"N_in_0.5m\"", "\"N_in_9.5m\"", "detectors",
       "of this intersection"},
      {"intersections/J.toml", "input = \"camera\"", "input = \"driver\"", "detectors input",
       "camera"},
      {"intersections/J.toml", "role = \"button\"", "role = \"count_only\"", "detectors role",
       "button"},
      {"cameras/J%2Fnorth.json", "\"intersection\": \"J\"", "\"intersection\": \"K\"",
       "intersection", "network.json"},
      {"cameras/J%2Fnorth.json", "\"N_in_0.cam\"", "\"N_in_0.5m\"", "lines detector", "a camera's"},
      {"cameras/J%2Fnorth.json", "\"J/north\"", "\"J/south\"", "id", "the name of its file"},
  };
  for (const Wrong& wrong : wrongs) {
    SCOPED_TRACE(wrong.to);
    write();
    replace(wrong.file, wrong.from, wrong.to);

    const Fault seen = fault();

    EXPECT_EQ(seen.reason, Reason::bad_input);
    EXPECT_THAT(seen.thing, StartsWith((folder_ / wrong.file).string()));
    EXPECT_THAT(seen.thing, HasSubstr(wrong.thing));
    EXPECT_THAT(seen.allowed, HasSubstr(wrong.allowed));
    EXPECT_FALSE(seen.seen.empty());
  }
}

// The walk over the northern arm is 12 m long: 10 s at 1.2 m/s.
TEST_F(CityFolder, a_walk_has_time_to_clear_before_vehicles_start) {
  for (const auto& [seconds, is_read] : {std::pair{"9.9", false}, std::pair{"10.0", true}}) {
    write();
    replace("intersections/J.toml", R"("P_N" = { "NS" = 10.0)",
            std::string(R"("P_N" = { "NS" = )") + seconds);

    const auto city = read_city(folder_);

    ASSERT_EQ(city.has_value(), is_read) << seconds;
    if (is_read) continue;
    EXPECT_THAT(city.error().thing,
                StartsWith((folder_ / "intersections/J.toml").string() + " intersection J"));
    EXPECT_THAT(city.error().thing, HasSubstr("intergreen P_N -> NS"));
    EXPECT_EQ(city.error().seen, "9.9 s");
    EXPECT_THAT(city.error().allowed, HasSubstr("at least 10.0 s: 12.0 m at 1.2 m/s"));
  }
}

TEST_F(CityFolder, vehicles_over_a_walk_are_no_compatible_pair) {
  City city = small_city();
  IntersectionParts parts = city.intersections[0].parts();
  const std::size_t ns = city.intersections[0].find_group(GroupId{"NS"}).value();
  const std::size_t walk = city.intersections[0].find_group(GroupId{"P_N"}).value();
  parts.relations[ns][walk] = parts.relations[walk][ns] = Relation::compatible;
  parts.intergreen[ns][walk] = parts.intergreen[walk][ns] = Ticks{0};
  city.intersections[0] = IntersectionConfig::make(std::move(parts)).value();
  ASSERT_TRUE(write_city(city, folder_));

  const Fault seen = fault();

  EXPECT_THAT(seen.thing, HasSubstr("intersection J relation P_N -> NS"));
  EXPECT_EQ(seen.seen, "compatible");
  EXPECT_THAT(seen.allowed, HasSubstr("conflict or yields"));
}

TEST_F(CityFolder, ways_that_cross_are_no_compatible_pair) {
  City city = small_city();
  IntersectionParts parts = city.intersections[0].parts();
  const std::size_t ns = city.intersections[0].find_group(GroupId{"NS"}).value();
  const std::size_t ew = city.intersections[0].find_group(GroupId{"EW"}).value();
  parts.relations[ns][ew] = parts.relations[ew][ns] = Relation::compatible;
  parts.intergreen[ns][ew] = parts.intergreen[ew][ns] = Ticks{0};
  city.intersections[0] = IntersectionConfig::make(std::move(parts)).value();
  ASSERT_TRUE(write_city(city, folder_));

  const Fault seen = fault();

  EXPECT_THAT(seen.thing, HasSubstr("intersection J relation NS -> EW"));
  EXPECT_EQ(seen.seen, "compatible");
  EXPECT_THAT(seen.allowed, HasSubstr("their ways cross"));
}

TEST(Warnings, name_red_under_a_second_in_profile_nema) {
  IntersectionParts parts = test::one_junction_parts();
  parts.intergreen[0][1] = Ticks{39};  // NS -> EW, amber 3 s
  EXPECT_TRUE(city::warnings_of(IntersectionConfig::make(parts).value()).empty());

  parts.profile = Profile::nema;
  const auto warnings = city::warnings_of(IntersectionConfig::make(parts).value());
  parts.intergreen[0][1] = Ticks{40};
  const auto none = city::warnings_of(IntersectionConfig::make(parts).value());

  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("intersection J intergreen NS -> EW: 0.9 s"));
  EXPECT_TRUE(none.empty());
}

TEST_F(CityFolder, a_disk_that_refuses_is_said) {
  write();

  const Done done = write_city(small_city(), folder_ / "city.toml");

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, Reason::cannot_run);
}

TEST(Zone, local_time_is_a_table_of_offsets) {
  const Zone zone = small_city().zone;

  EXPECT_EQ(offset_at(zone, Instant{}), 360min);
  EXPECT_EQ(offset_at(zone, Instant{700000000s}), 300min);
  EXPECT_EQ(offset_at(Zone{}, Instant{}), 0min);
}

TEST(FileStem, is_safe_and_tells_ids_apart) {
  EXPECT_EQ(file_stem("A-1_b.c"), "A-1_b.c");
  EXPECT_EQ(file_stem("../x"), "%2E.%2Fx");
  EXPECT_EQ(file_stem("ko\xCA\xBB"), "ko%CA%BB");
  EXPECT_NE(file_stem("%41"), file_stem("A"));
}

}  // namespace
}  // namespace chorraha
