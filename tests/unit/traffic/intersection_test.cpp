#include "traffic/intersection.hpp"

#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

// Two streets that cross: group A and group B in conflict, 5 s apart, one stage each.
IntersectionParts crossroads() {
  IntersectionParts parts;
  parts.id = IntersectionId{"x"};
  parts.groups.resize(2);
  parts.groups[0].id = GroupId{"A"};
  parts.groups[1].id = GroupId{"B"};
  parts.relations = {{Relation::compatible, Relation::conflict},
                     {Relation::conflict, Relation::compatible}};
  parts.intergreen = {{Ticks{0}, Ticks{50}}, {Ticks{50}, Ticks{0}}};
  parts.start_up.all_red = Ticks{50};
  for (std::size_t i = 0; i < 2; ++i) {
    Stage stage{StageId{std::to_string(i + 1)}, {}};
    stage.green.insert(GroupIndex{i});
    parts.stages.push_back(stage);
  }
  parts.timetables.push_back(
      Timetable{TimetableId{"day"},
                Ticks{600},
                Ticks{0},
                {{StageIndex{std::size_t{0}}, Ticks{250}, Ticks{250}, false},
                 {StageIndex{std::size_t{1}}, Ticks{550}, Ticks{550}, false}}});
  return parts;
}

TEST(IntersectionConfig, accepts_two_streets_that_cross) {
  const Result<IntersectionConfig> config = IntersectionConfig::make(crossroads());

  ASSERT_TRUE(config) << config.error().text();
  EXPECT_TRUE(config->conflicts(GroupIndex{std::size_t{0}}).contains(GroupIndex{std::size_t{1}}));
  EXPECT_EQ(config->intergreen_max(), Ticks{50});
  EXPECT_EQ(config->find_stage(StageId{"2"}), StageIndex{std::size_t{1}});
  EXPECT_FALSE(config->find_group(GroupId{"C"}).valid());
}

struct Wrong {
  const char* what;
  std::function<void(IntersectionParts&)> spoil;
  const char* named;  // must stand in the fault
};

// Group A becomes a walk of 7 s over street B.
void walk(IntersectionParts& parts) {
  SignalGroup& group = parts.groups[0];
  group.type = GroupType::pedestrian;
  group.lenses = lens_red | lens_green;
  group.amber = Ticks{0};
  group.min_green = Ticks{70};
}

class IntersectionFaults : public testing::TestWithParam<Wrong> {};

TEST_P(IntersectionFaults, are_refused_with_the_thing_named) {
  IntersectionParts parts = crossroads();
  GetParam().spoil(parts);

  const Result<IntersectionConfig> config = IntersectionConfig::make(std::move(parts));

  ASSERT_FALSE(config);
  EXPECT_NE(config.error().text().find(GetParam().named), std::string::npos)
      << config.error().text();
  EXPECT_FALSE(config.error().allowed.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, IntersectionFaults,
    testing::Values(
        Wrong{"short_amber", [](auto& p) { p.groups[0].amber = Ticks{29}; }, "amber_s"},
        Wrong{"short_green", [](auto& p) { p.groups[1].min_green = Ticks{39}; }, "min_green_s"},
        Wrong{"intergreen_below_amber", [](auto& p) { p.intergreen[0][1] = Ticks{29}; },
              "intergreen A -> B"},
        Wrong{"one_sided_conflict", [](auto& p) { p.relations[1][0] = Relation::compatible; },
              "relation"},
        Wrong{"conflict_in_a_stage",
              [](auto& p) { p.stages[0].green.insert(GroupIndex{std::size_t{1}}); }, "stage 1"},
        Wrong{"same_id_twice", [](auto& p) { p.groups[1].id = GroupId{"A"}; }, "group A"},
        Wrong{"ragged_matrix", [](auto& p) { p.relations[1].pop_back(); }, "relations"},
        Wrong{"ends_beyond_the_cycle",
              [](auto& p) { p.timetables[0].steps[1].end_latest = Ticks{601}; }, "timetable day"},
        Wrong{"ends_not_ascending",
              [](auto& p) { p.timetables[0].steps[1].end_earliest = Ticks{250}; }, "timetable day"},
        Wrong{"no_stage", [](auto& p) { p.stages.clear(); }, "stages"},
        Wrong{"start_up_shorter_than_intergreen", [](auto& p) { p.start_up.all_red = Ticks{49}; },
              "start_up"},
        Wrong{"silence", [](auto& p) { p.silence_max = Milliseconds{5000}; }, "silence_max_ms"},
        Wrong{"start_up_without_amber", [](auto& p) { p.start_up.amber = Ticks{0}; },
              "start_up amber_s"},
        Wrong{"start_up_amber_below_three_seconds", [](auto& p) { p.start_up.amber = Ticks{29}; },
              "start_up amber_s"},
        Wrong{"start_up_without_flash", [](auto& p) { p.start_up.flash = Ticks{0}; },
              "start_up flash_s"},
        Wrong{"start_up_flash_below_five_seconds", [](auto& p) { p.start_up.flash = Ticks{49}; },
              "start_up flash_s"},
        Wrong{"green_held_for_a_quarter_of_an_hour",
              [](auto& p) { p.groups[0].max_green = Ticks{3601}; }, "group A max_green_s"},
        Wrong{"minimum_green_beyond_its_range", [](auto& p) { p.groups[0].min_green = Ticks{151}; },
              "group A min_green_s"},
        Wrong{"no_minimum_red", [](auto& p) { p.groups[1].min_red = Ticks{19}; },
              "group B min_red_s"},
        Wrong{"no_red_lens", [](auto& p) { p.groups[0].lenses = lens_amber | lens_green; },
              "group A lenses"},
        Wrong{"no_green_lens", [](auto& p) { p.groups[0].lenses = lens_red | lens_amber; },
              "group A lenses"},
        Wrong{"arrow_without_green_lens",
              [](auto& p) {
                p.groups[0].type = GroupType::arrow;
                p.groups[0].lenses = lens_red | lens_amber;
              },
              "group A lenses"},
        Wrong{"red_far_beyond_amber", [](auto& p) { p.intergreen[0][1] = Ticks{111}; },
              "intergreen A -> B"},
        Wrong{"red_beyond_amber_in_nema",
              [](auto& p) {
                p.profile = Profile::nema;
                p.intergreen[0][1] = Ticks{91};
              },
              "intergreen A -> B"},
        Wrong{"conflict_gone_intergreen_left",
              [](auto& p) { p.relations[0][1] = p.relations[1][0] = Relation::compatible; },
              "intergreen A -> B"},
        Wrong{"intergreen_to_itself", [](auto& p) { p.intergreen[1][1] = Ticks{1}; },
              "intergreen B -> B"},
        Wrong{"intergreen_of_one_stream_that_wraps",
              [](auto& p) {
                p.relations[0][1] = p.relations[1][0] = Relation::same_stream;
                p.intergreen[0][1] = Ticks{36000};
              },
              "intergreen A -> B"},
        Wrong{"walk_that_only_flashes",
              [](auto& p) {
                walk(p);
                p.groups[0].flashing_green = Ticks{70};
              },
              "group A flashing_green_s"},
        Wrong{"walk_steady_for_less_than_four_seconds",
              [](auto& p) {
                walk(p);
                p.groups[0].flashing_green = Ticks{31};
              },
              "group A flashing_green_s"},
        Wrong{"walk_below_seven_seconds",
              [](auto& p) {
                walk(p);
                p.groups[0].min_green = Ticks{69};
              },
              "group A min_green_s"},
        Wrong{"people_given_more_than_a_minute",
              [](auto& p) {
                walk(p);
                p.intergreen[0][1] = Ticks{601};
                p.start_up.all_red = Ticks{601};
              },
              "intergreen A -> B"},
        Wrong{"stage_of_nothing",
              [](auto& p) { p.timetables[0].steps[0].stage = StageIndex{std::size_t{9}}; },
              "timetable day"}),
    [](const auto& each) { return each.param.what; });

TEST(IntersectionConfig, accepts_each_time_at_its_limit) {
  IntersectionParts parts = crossroads();
  parts.start_up = {Ticks{50}, Ticks{30}, Ticks{110}};
  parts.groups[0].min_green = Ticks{150};
  parts.groups[0].max_green = Ticks{3600};
  parts.intergreen[0][1] = Ticks{110};
  EXPECT_TRUE(IntersectionConfig::make(parts));

  parts.start_up.all_red = Ticks{600};
  walk(parts);
  parts.groups[0].flashing_green = Ticks{30};
  parts.intergreen[0][1] = Ticks{600};
  EXPECT_TRUE(IntersectionConfig::make(parts));
}

TEST(IntersectionConfig, a_walk_with_a_button_may_be_four_seconds) {
  IntersectionParts parts = crossroads();
  walk(parts);
  parts.groups[0].min_green = Ticks{40};
  EXPECT_FALSE(IntersectionConfig::make(parts));

  DetectorUse button{DetectorId{"b"}, DetectorUse::Input::driver, DetectorUse::Role::button, {}};
  button.calls.insert(GroupIndex{std::size_t{0}});
  parts.detectors = {button};

  EXPECT_TRUE(IntersectionConfig::make(parts));
}

TEST(IntersectionConfig, minimum_red_goes_by_the_profile) {
  for (const auto& [profile, least] :
       {std::pair{Profile::gost, 20}, std::pair{Profile::nema, 20}, std::pair{Profile::europe, 10},
        std::pair{Profile::research, 0}}) {
    IntersectionParts parts = crossroads();
    parts.profile = profile;
    parts.groups[0].min_red = Ticks{least};
    EXPECT_TRUE(IntersectionConfig::make(parts)) << name_of(profile);

    parts.groups[0].min_red = Ticks{least - 1};
    EXPECT_FALSE(IntersectionConfig::make(parts)) << name_of(profile);
  }
}

TEST(IntersectionConfig, an_arrow_may_do_without_red) {
  IntersectionParts parts = crossroads();
  parts.groups[0].type = GroupType::arrow;
  parts.groups[0].lenses = lens_amber | lens_green;

  EXPECT_TRUE(IntersectionConfig::make(std::move(parts)));
}

TEST(IntersectionConfig, research_allows_shorter_amber_and_green) {
  IntersectionParts parts = crossroads();
  parts.profile = Profile::research;
  parts.groups[0].amber = Ticks{20};
  parts.groups[0].min_green = Ticks{10};

  EXPECT_TRUE(IntersectionConfig::make(std::move(parts)));
}

TEST(DayPlan, before_its_first_entry_the_last_one_of_the_day_goes_on) {
  IntersectionParts parts = crossroads();
  parts.timetables.push_back(parts.timetables[0]);
  parts.timetables[1].id = TimetableId{"night"};
  parts.day_plan = {{6h, 0x7f, TimetableIndex{std::size_t{0}}},
                    {22h, 0x7f, TimetableIndex{std::size_t{1}}}};
  const IntersectionConfig config = IntersectionConfig::make(std::move(parts)).value();

  EXPECT_EQ(config.timetable_at(7h, 0), TimetableIndex{std::size_t{0}});
  EXPECT_EQ(config.timetable_at(23h, 0), TimetableIndex{std::size_t{1}});
  EXPECT_EQ(config.timetable_at(2h, 0), TimetableIndex{std::size_t{1}});
}

}  // namespace
}  // namespace chorraha
