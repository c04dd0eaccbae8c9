#include "formats/city/intersection_file.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"
#include "tests/support/places.hpp"

namespace chorraha {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* small = R"(id = "A1"
profile = "gost"
silence_max_ms = 1000
conflicts = [["1", "2"]]
yields = [["1", "w"]]

[start_up]
flash_s = 5.0
amber_s = 3.0
all_red_s = 8

[intergreen_s]
"1" = { "2" = 5.0, w = 6.5 }
"2" = { "1" = 5.5 }
w = { "1" = 8.0 }

[[groups]]
id = "1"
type = "vehicle"
red_amber_s = 1.0
amber_s = 3.0
min_green_s = 7.0
movements = ["a>b"]

[[groups]]
id = "2"
type = "vehicle"
amber_s = 3.0
min_green_s = 5.0

[[groups]]
id = "w"
type = "pedestrian"
amber_s = 0
flashing_green_s = 3.0
min_green_s = 10.0
crossings = ["c"]

[[stages]]
id = "a"
green = ["1", "w"]

[[stages]]
id = "b"
green = ["2"]

[[timetables]]
id = "day"
cycle_s = 60
offset_s = 12.5
steps = [
  { stage = "a", end_earliest_s = 25, end_latest_s = 30 },
  { stage = "b", end_earliest_s = 55, end_latest_s = 55, skippable = true },
]

[[day_plan]]
from = "06:30"
weekdays = ["mon", "sun"]
timetable = "day"

[[detectors]]
id = "d1"
input = "camera"
role = "call_and_extend"
calls = ["1"]
)";

std::string with(const std::string& from, const std::string& to) {
  std::string text = small;
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

Fault fault_of(const std::string& text) {
  const auto config = read_intersection_text(text, "A1.toml");
  EXPECT_FALSE(config) << text;
  return config ? Fault{} : config.error();
}

int line_of(const std::string& text, const std::string& piece) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(text.find(piece));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

TEST(IntersectionFile, reads_what_people_write) {
  const auto config = read_intersection_text(small, "A1.toml");

  ASSERT_TRUE(config) << config.error().text();
  const GroupIndex one{0}, two{1}, walk{2};
  EXPECT_EQ(config->id(), IntersectionId{"A1"});
  EXPECT_EQ(config->group(one).red_amber, Ticks{10});
  EXPECT_EQ(config->group(one).movements, (std::vector<MovementId>{MovementId{"a>b"}}));
  EXPECT_EQ(config->group(walk).lenses, lens_red | lens_green);
  EXPECT_EQ(config->relation(one, two), Relation::conflict);
  EXPECT_EQ(config->relation(one, walk), Relation::yields);
  EXPECT_EQ(config->relation(walk, one), Relation::yielded_to);
  EXPECT_EQ(config->relation(two, walk), Relation::compatible);
  EXPECT_EQ(config->intergreen(one, walk), Ticks{65});
  EXPECT_EQ(config->stage(StageIndex{0}).green.size(), 2U);
  const Timetable& day = config->timetables()[0];
  EXPECT_EQ(day.offset, Ticks{125});
  EXPECT_EQ(day.steps[0].end_earliest, Ticks{250});
  EXPECT_TRUE(day.steps[1].skippable);
  EXPECT_EQ(config->day_plan()[0].from, std::chrono::seconds{23400});
  EXPECT_EQ(config->day_plan()[0].weekdays, 0x41);
  EXPECT_EQ(config->detectors()[0].input, DetectorUse::Input::camera);
  EXPECT_TRUE(config->detectors()[0].calls.contains(one));
}

TEST(IntersectionFile, the_commented_example_is_valid_and_shows_every_key) {
  const auto config =
      read_intersection(test::source_root() / "config" / "intersection.example.toml");

  ASSERT_TRUE(config) << config.error().text();
  std::ifstream in(test::source_root() / "config" / "intersection.example.toml");
  const std::string example{std::istreambuf_iterator<char>(in), {}};
  const std::string written = intersection_text(*config);
  for (std::size_t at = 0; (at = written.find(" = ", at)) != std::string::npos; ++at) {
    const std::size_t begin = written.find_last_of("\n,{", at) + 1;
    const std::string key = written.substr(begin, at - begin);
    if (key.find('"') != std::string::npos) continue;
    EXPECT_THAT(example, HasSubstr(key + " = "));
  }
}

TEST(IntersectionFile, writes_what_it_reads_back) {
  IntersectionParts parts = test::one_junction_parts();
  parts.id = IntersectionId{"J \"1\"\\\n/x"};
  parts.groups[0].turn_on_red = true;
  parts.day_plan[0].from = std::chrono::seconds{3601};
  parts.day_plan[0].weekdays = 0x1f;
  const auto config = IntersectionConfig::make(parts).value();

  const auto again = read_intersection_text(intersection_text(config), "J.toml");

  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->parts(), config.parts());
}

TEST(IntersectionFile, canonical_json_reads_back_and_hashes_alike) {
  const IntersectionConfig config = test::one_junction_config();

  const auto again = read_canonical_text(canonical_json(config), "J.json");

  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->parts(), config.parts());
  EXPECT_EQ(hash_of(*again), hash_of(config));
}

TEST(IntersectionFile, canonical_json_has_sorted_keys_and_integers_in_tenths) {
  const auto config = read_intersection_text(small, "A1.toml").value();

  const std::string json = canonical_json(config);

  EXPECT_THAT(json, StartsWith(R"({"conflicts":[["1","2"]],"day_plan":[{"from":"06:30",)"));
  EXPECT_THAT(json, HasSubstr(R"("intergreen_ticks":{"1":{"2":50,"w":65},)"));
  EXPECT_THAT(json, HasSubstr(R"("red_amber_ticks":10,)"));
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

// The reference value was made with Python's json (sort_keys) and hashlib.blake2b.
TEST(IntersectionFile, the_hash_is_blake2b_256_of_the_canonical_json) {
  const auto config = read_intersection_text(small, "A1.toml").value();

  EXPECT_EQ(hash_of(config).hex(),
            "bc10ae72555ffaf1cebcec0fb27ae6273e0660730c8cf46113940099dec71066");
}

TEST(IntersectionFile, the_hash_ignores_comments_and_order_but_no_value) {
  const ConfigHash hash = hash_of(read_intersection_text(small, "A1.toml").value());

  const auto commented = read_intersection_text(std::string("# a comment\n") + small, "x").value();
  const auto swapped =
      read_intersection_text(with(R"([["1", "2"]])", R"([["2", "1"]])"), "x").value();
  const auto longer = read_intersection_text(with("w = 6.5", "w = 6.6"), "x").value();

  EXPECT_EQ(hash_of(commented), hash);
  EXPECT_EQ(hash_of(swapped), hash);
  EXPECT_NE(hash_of(longer), hash);
}

TEST(IntersectionFile, an_unknown_key_is_named_with_its_line) {
  const std::string text = with("red_amber_s = 1.0", "red_ambre_s = 1.0");

  const Fault fault = fault_of(text);

  EXPECT_EQ(fault.thing,
            "A1.toml:" + std::to_string(line_of(text, "red_ambre_s")) + " groups[0].red_ambre_s");
  EXPECT_EQ(fault.seen, "an unknown key");
  EXPECT_THAT(fault.allowed, HasSubstr("red_amber_s"));
}

struct Wrong {
  std::string from, to, thing, allowed;
};

TEST(IntersectionFile, each_wrong_value_is_named_with_line_and_what_is_allowed) {
  const std::vector<Wrong> wrongs{
      {"profile = \"gost\"", "profile = \"gots\"", "profile", "gost, europe, nema, research"},
      {"silence_max_ms = 1000", "silence_max_ms = 50", "silence_max_ms", "100 to 2000"},
      {"amber_s = 3.0\nmin_green_s = 7.0", "amber_s = 3.05\nmin_green_s = 7.0", "groups[0].amber_s",
       "in steps of 0.1"},
      {"amber_s = 3.0\nmin_green_s = 7.0", "amber_s = \"3\"\nmin_green_s = 7.0",
       "groups[0].amber_s", "s in steps"},
      {"type = \"pedestrian\"", "type = \"walker\"", "groups[2].type", "pedestrian"},
      {R"([["1", "2"]])", R"([["1", "9"]])", "conflicts", "a group of this intersection"},
      {R"([["1", "2"]])", R"([["1", "2"], ["2", "1"]])", "conflicts", "once"},
      {R"([["1", "2"]])", R"([["1"]])", "conflicts", "a pair"},
      {R"({ "1" = 5.5 })", R"({ "7" = 5.5 })", "intergreen_s.2.7", "a group of this intersection"},
      {R"({ "1" = 5.5 })", R"({ "1" = -1 })", "intergreen_s.2.1", "0 to 3600 s"},
      {"green = [\"2\"]", "green = [\"3\"]", "stages[1].green", "groups of this intersection"},
      {"stage = \"b\"", "stage = \"c\"", "timetables[0].steps[1].stage", "a stage of"},
      {"from = \"06:30\"", "from = \"6:30\"", "day_plan[0].from", "hh:mm"},
      {"\"sun\"", "\"sunday\"", "day_plan[0].weekdays", "mon, tue"},
      {"timetable = \"day\"", "timetable = \"night\"", "day_plan[0].timetable", "a timetable of"},
      {"input = \"camera\"", "input = \"radar\"", "detectors[0].input", "driver, camera"},
      {"calls = [\"1\"]", "calls = \"1\"", "detectors[0].calls", "a list of texts"},
  };
  for (const Wrong& wrong : wrongs) {
    const std::string text = with(wrong.from, wrong.to);

    const Fault fault = fault_of(text);

    EXPECT_THAT(fault.thing, StartsWith("A1.toml:")) << wrong.to;
    EXPECT_THAT(fault.thing, HasSubstr(" " + wrong.thing)) << wrong.to;
    EXPECT_THAT(fault.allowed, HasSubstr(wrong.allowed)) << wrong.to;
    EXPECT_FALSE(fault.seen.empty()) << wrong.to;
  }
}

TEST(IntersectionFile, what_the_safety_rules_forbid_is_named_with_its_line) {
  const std::vector<std::pair<std::string, std::string>> forbidden{
      {"amber_s = 3.0\nmin_green_s = 7.0", "amber_s = 2.5\nmin_green_s = 7.0"},
      {"min_green_s = 5.0", "min_green_s = 3.0"},
      {R"("2" = { "1" = 5.5 })", R"("2" = { "1" = 2.5 })"},
      {"all_red_s = 8", "all_red_s = 7"},
      {"green = [\"2\"]", "green = [\"2\", \"1\"]"},
      {"cycle_s = 60", "cycle_s = 50"},
  };
  for (const auto& [from, to] : forbidden) {
    const std::string text = with(from, to);
    const int first = line_of(text, to);

    const Fault fault = fault_of(text);

    const int line = std::stoi(fault.thing.substr(fault.thing.find(':') + 1));
    EXPECT_NEAR(line, first, 2) << to << " " << fault.text();
    EXPECT_GT(line, 1) << to;
  }
}

TEST(IntersectionFile, broken_toml_is_named_with_its_line) {
  EXPECT_THAT(fault_of("id = \"A1\"\nprofile = \n").thing, StartsWith("A1.toml:2"));
  EXPECT_THAT(fault_of("id = \"A1\"\nid = \"A2\"\n").thing, StartsWith("A1.toml:2"));
  EXPECT_EQ(fault_of("").seen, "nothing");
}

TEST(IntersectionFile, more_groups_than_a_set_holds_are_refused) {
  std::string text = small;
  for (int i = 0; i < 64; ++i) {
    text += "[[groups]]\nid = \"x" + std::to_string(i) +
            "\"\ntype = \"vehicle\"\namber_s = 3\nmin_green_s = 5\n";
  }

  EXPECT_THAT(fault_of(text).allowed, HasSubstr("at most 64"));
}

TEST(IntersectionFile, reads_from_a_file_and_says_which_is_not_there) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "chorraha_A1_test.toml";
  std::ofstream(path) << small;

  EXPECT_TRUE(read_intersection(path));
  std::filesystem::remove(path);
  EXPECT_EQ(read_intersection(path).error().thing, path.string());
}

}  // namespace
}  // namespace chorraha
