#include "traffic/intersection.hpp"

#include <functional>
#include <string>

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
        Wrong{"stage_of_nothing",
              [](auto& p) { p.timetables[0].steps[0].stage = StageIndex{std::size_t{9}}; },
              "timetable day"}),
    [](const auto& each) { return each.param.what; });

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
