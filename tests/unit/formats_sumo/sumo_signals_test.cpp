#include "formats/sumo/sumo_signals.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/sumo/sumo_network.hpp"
#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

Network cross() {
  return sumo::read_sumo_network(test::cross_folder() / "cross.net.xml").value();
}

Result<sumo::SignalImport> import_phases(const std::string& phases,
                                         const sumo::SignalRules& rules = {},
                                         const std::string& attributes = "") {
  const auto programs = sumo::parse_sumo_programs(
      "x.add.xml", "<add><tlLogic id=\"C\" " + attributes + ">" + phases + "</tlLogic></add>");
  if (!programs) return programs.error();
  return sumo::import_signals(cross(), *programs, rules);
}

// Links of the cross: 0-2 from north (right, straight, left), 3-5 from east, 6-8 from south, 9-11
// from west, 12 the walk over the northern arm.
const std::string leading_left =
    "<phase duration=\"33\" state=\"rrrgGgrrrGGgG\"/>"
    "<phase duration=\"5\"  state=\"rrrgGgrrrGGgr\"/>"
    "<phase duration=\"3\"  state=\"rrryygrrryygr\"/>"
    "<phase duration=\"6\"  state=\"rrrrrGrrrrrGr\"/>"
    "<phase duration=\"3\"  state=\"rrrrryrrrrryr\"/>"
    "<phase duration=\"37\" state=\"GGgrrrGGgrrrr\"/>"
    "<phase duration=\"3\"  state=\"yyyrrryyyrrrr\"/>";

Relation relation(const IntersectionConfig& config, const char* a, const char* b) {
  return config.relation(config.find_group(GroupId{a}), config.find_group(GroupId{b}));
}
Ticks intergreen(const IntersectionConfig& config, const char* a, const char* b) {
  return config.intergreen(config.find_group(GroupId{a}), config.find_group(GroupId{b}));
}
const SignalGroup& group(const IntersectionConfig& config, const char* id) {
  return config.group(config.find_group(GroupId{id}));
}
std::string stage_text(const IntersectionConfig& config, const char* id) {
  std::string text;
  for (const GroupIndex g : config.stage(config.find_stage(StageId{id})).green)
    text += config.group(g).id.text() + " ";
  return text;
}

TEST(SumoSignals, links_with_equal_columns_form_a_group_unless_they_are_foes) {
  const IntersectionConfig config = import_phases(leading_left)->intersections[0];

  EXPECT_EQ(config.profile(), Profile::research);
  EXPECT_EQ(group(config, "L0").movements.size(), 4U);  // 0, 1, 6, 7
  EXPECT_EQ(group(config, "L2").movements.size(), 1U);  // 2 and 8 cross each other ...
  EXPECT_EQ(group(config, "L8").movements.size(), 1U);  // ... and are shown the same
  EXPECT_EQ(group(config, "L12").type, GroupType::pedestrian);
  EXPECT_EQ(group(config, "L12").crossings.size(), 1U);
}

TEST(SumoSignals, a_link_shown_both_ways_has_a_protected_and_a_permissive_group) {
  const IntersectionConfig config = import_phases(leading_left)->intersections[0];

  EXPECT_EQ(relation(config, "L5", "L5g"), Relation::same_stream);
  EXPECT_EQ(group(config, "L5").movements, group(config, "L5g").movements);
  EXPECT_EQ(relation(config, "L5g", "L4"), Relation::yields);
  EXPECT_EQ(relation(config, "L5", "L4"), Relation::conflict);
  EXPECT_EQ(relation(config, "L3", "L12"), Relation::yields);  // turns over the walk
  EXPECT_EQ(relation(config, "L0", "L4"), Relation::conflict);
  EXPECT_EQ(relation(config, "L4", "L12"), Relation::compatible);
}

TEST(SumoSignals, stages_are_the_phases_without_yellow) {
  const IntersectionConfig config = import_phases(leading_left)->intersections[0];

  ASSERT_EQ(config.stages().size(), 4U);
  EXPECT_EQ(stage_text(config, "p0"), "L3 L4 L5g L11g L12 ");
  EXPECT_EQ(stage_text(config, "p3"), "L5 L11 ");
  EXPECT_EQ(stage_text(config, "p5"), "L0 L2 L8 ");
}

TEST(SumoSignals, the_timetable_keeps_the_programs_cycle_and_ends_where_they_suffice) {
  const Timetable timetable = import_phases(leading_left)->intersections[0].timetables()[0];

  EXPECT_EQ(timetable.cycle, Ticks{900});
  ASSERT_EQ(timetable.steps.size(), 4U);
  EXPECT_EQ(timetable.steps[0].end_latest, Ticks{330});
  EXPECT_EQ(timetable.steps[1].end_latest, Ticks{380});
  EXPECT_EQ(timetable.steps[2].end_latest, Ticks{470});
  EXPECT_EQ(timetable.steps[3].end_latest, Ticks{870});
  EXPECT_EQ(timetable.steps[3].end_earliest, timetable.steps[3].end_latest);
}

TEST(SumoSignals, greens_under_the_minimum_are_lengthened_and_reported_with_the_cycle) {
  const auto import = import_phases(
      "<phase duration=\"20\" state=\"GGgrrrGGgrrrr\"/><phase duration=\"4\" "
      "state=\"yyyrrryyyrrrr\"/>"
      "<phase duration=\"3\" state=\"rrrGGrrrrGGrr\"/><phase duration=\"4\" "
      "state=\"rrryyrrrryyrr\"/>"
      "<phase duration=\"6\" state=\"rrrrrGrrrrrGr\"/><phase duration=\"4\" "
      "state=\"rrrrryrrrrryr\"/>");

  ASSERT_TRUE(import) << import.error().text();
  EXPECT_EQ(import->intersections[0].timetables()[0].cycle, Ticks{430});
  EXPECT_THAT(import->notes,
              Contains("C: stage p2 ends 2.0 s later: change 4.0 s, minimum green 5.0 s"));
  EXPECT_THAT(import->notes, Contains("C: cycle 43.0 s instead of 41.0 s"));
}

TEST(SumoSignals, amber_is_the_longest_yellow_and_all_red_the_smallest_gap_behind_it) {
  const std::string phases =
      "<phase duration=\"20\" state=\"GGgrrrGGgrrrr\"/><phase duration=\"4\" "
      "state=\"yyyrrryyyrrrr\"/>"
      "<phase duration=\"2\" state=\"rrrrrrrrrrrrr\"/><phase duration=\"20\" "
      "state=\"rrrGGgrrrGGgr\"/>"
      "<phase duration=\"1\" state=\"rrryyyrrryyyr\"/><phase duration=\"3\" "
      "state=\"rrrrrrrrrrrrr\"/>";

  const auto import = import_phases(phases);

  ASSERT_TRUE(import) << import.error().text();
  const IntersectionConfig& config = import->intersections[0];
  EXPECT_EQ(group(config, "L0").amber, Ticks{40});
  EXPECT_EQ(group(config, "L3").amber, Ticks{20});
  EXPECT_THAT(import->notes, Contains("C: L3 amber: 1.0 s raised to 2.0 s"));
  EXPECT_EQ(intergreen(config, "L0", "L3"), Ticks{60});  // 4 + 2; the other way 3 s are left
  EXPECT_EQ(intergreen(config, "L3", "L0"), Ticks{40});
}

TEST(SumoSignals, the_callers_yellow_all_red_and_minimum_green_go_first) {
  sumo::SignalRules rules;
  rules.yellow = Ticks{35};
  rules.all_red = Ticks{15};
  rules.min_green = Ticks{70};

  const IntersectionConfig config = import_phases(leading_left, rules)->intersections[0];

  EXPECT_EQ(group(config, "L4").amber, Ticks{35});
  EXPECT_EQ(intergreen(config, "L4", "L0"), Ticks{50});
  EXPECT_EQ(group(config, "L4").min_green, Ticks{70});
  EXPECT_EQ(config.stages().size(), 4U);  // the protected left of 6 s is no change
}

TEST(SumoSignals, pedestrians_clear_the_crossing_at_walking_speed) {
  const IntersectionConfig config = import_phases(leading_left)->intersections[0];

  EXPECT_EQ(intergreen(config, "L12", "L0"), Ticks{54});  // 6.4 m at 1.2 m/s
}

TEST(SumoSignals, right_turns_shown_s_may_turn_on_red) {
  const IntersectionConfig config = import_phases(
                                        "<phase duration=\"20\" state=\"GGgsrrGGgsrrr\"/>"
                                        "<phase duration=\"3\" state=\"yyysrryyysrrr\"/>"
                                        "<phase duration=\"20\" state=\"srrGGgsrrGGgr\"/>"
                                        "<phase duration=\"3\" state=\"srryyysrryyyr\"/>")
                                        ->intersections[0];

  EXPECT_TRUE(group(config, "L3").turn_on_red);
  EXPECT_FALSE(group(config, "L4").turn_on_red);
}

TEST(SumoSignals, a_short_phase_that_only_clears_is_no_stage) {
  const auto import = import_phases(
      "<phase duration=\"20\" state=\"GGgrrrGGgrrrr\"/>"
      "<phase duration=\"3\" state=\"yGgrrrGGgrrrr\"/>"
      "<phase duration=\"2\" state=\"rGgrrrGGgrrrr\"/>"
      "<phase duration=\"3\" state=\"ryyrrryyyrrrr\"/>"
      "<phase duration=\"20\" state=\"rrrGGgrrrGGgr\"/>"
      "<phase duration=\"3\" state=\"rrryyyrrryyyr\"/>");

  ASSERT_TRUE(import) << import.error().text();
  EXPECT_EQ(import->intersections[0].stages().size(), 2U);
  EXPECT_THAT(import->notes,
              Contains("C: phase 2 of 2.0 s belongs to the change between its neighbours"));
}

TEST(SumoSignals, equal_phases_over_the_end_of_the_cycle_are_one_stage) {
  const auto import = import_phases(
      "<phase duration=\"10\" state=\"GGgrrrGGgrrrr\"/>"
      "<phase duration=\"3\" state=\"yyyrrryyyrrrr\"/>"
      "<phase duration=\"20\" state=\"rrrGGgrrrGGgr\"/>"
      "<phase duration=\"3\" state=\"rrryyyrrryyyr\"/>"
      "<phase duration=\"15\" state=\"GGgrrrGGgrrrr\"/>");

  ASSERT_TRUE(import) << import.error().text();
  const IntersectionConfig& config = import->intersections[0];
  EXPECT_EQ(config.stages().size(), 2U);
  EXPECT_EQ(config.timetables()[0].cycle, Ticks{510});
  EXPECT_EQ(config.timetables()[0].steps[0].end_latest, Ticks{100});
  EXPECT_EQ(config.timetables()[0].steps[1].end_latest, Ticks{330});
}

TEST(SumoSignals, cycle_zero_is_the_programs_offset_after_the_scenarios_midnight) {
  using namespace std::chrono_literals;
  sumo::SignalRules rules;
  rules.midnight = Instant{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1} - 5h};

  const Timetable timetable =
      import_phases(leading_left, rules, "offset=\"10\"")->intersections[0].timetables()[0];

  const Ticks at_offset{(rules.midnight + 10s).time_since_epoch().count() / 100};
  EXPECT_EQ((at_offset + timetable.offset) % timetable.cycle, Ticks{0});
  EXPECT_GE(timetable.offset, Ticks{0});
  EXPECT_LT(timetable.offset, timetable.cycle);
}

TEST(SumoSignals, foes_lit_together_where_neither_gives_way_are_refused_with_ids) {
  // Two streams that cross, without response bits.
  const std::string text = R"(<net>
    <edge id="a" from="A" to="J"><lane id="a_0" speed="10" length="50" shape="0,0 50,0"/></edge>
    <edge id="b" from="B" to="J"><lane id="b_0" speed="10" length="50" shape="52,-52 52,-2"/></edge>
    <edge id="c" from="J" to="C"><lane id="c_0" speed="8" length="50" shape="54,0 104,0"/></edge>
    <junction id="J" x="52" y="0" incLanes="a_0 b_0" intLanes="">
      <request index="0" response="00" foes="10"/><request index="1" response="00" foes="01"/>
    </junction>
    <connection from="a" to="c" fromLane="0" toLane="0" dir="s" tl="J" linkIndex="0"/>
    <connection from="b" to="c" fromLane="0" toLane="0" dir="r" tl="J" linkIndex="1"/>
    <tlLogic id="J"><phase duration="9" state="GG"/><phase duration="3" state="yy"/></tlLogic>
  </net>)";
  const Network network =
      Network::make(sumo::parse_sumo_network("bare.net.xml", text).value()).value();

  const auto import =
      sumo::import_signals(network, sumo::parse_sumo_programs("bare.net.xml", text).value(), {});

  ASSERT_FALSE(import);
  EXPECT_EQ(import.error().reason, Reason::not_possible);
  EXPECT_THAT(import.error().text(),
              testing::AllOf(HasSubstr("L0 and L1"), HasSubstr("bare.net.xml")));
}

TEST(SumoSignals, states_too_short_for_the_network_are_refused) {
  const auto import = import_phases("<phase duration=\"9\" state=\"GGG\"/>");

  ASSERT_FALSE(import);
  EXPECT_THAT(import.error().text(), testing::AllOf(HasSubstr("3 letters"), HasSubstr("link 3")));
}

TEST(SumoSignals, an_intersection_without_program_is_refused_by_name) {
  const auto import = sumo::import_signals(cross(), {}, {});

  ASSERT_FALSE(import);
  EXPECT_THAT(import.error().text(), HasSubstr("intersection C"));
}

TEST(SumoSignals, a_program_without_green_is_refused) {
  const auto import = import_phases("<phase duration=\"9\" state=\"rrrrrrrrrrrrr\"/>");

  ASSERT_FALSE(import);
  EXPECT_THAT(import.error().text(), HasSubstr("no green"));
}

}  // namespace
}  // namespace chorraha
