#include "apps/scenario/scenario_city.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

fs::path cross() {
  return test::source_root() / "tests" / "data" / "sumo" / "cross" / "cross.sumocfg";
}

TEST(ScenarioCity, has_the_signals_of_the_scenario_with_their_detectors_in_use) {
  const auto scenario = read_scenario_city(cross());
  ASSERT_TRUE(scenario) << scenario.error().text();
  const City& city = scenario->city;

  ASSERT_EQ(city.intersections.size(), city.network.junctions().size());
  EXPECT_EQ(city.name, "cross");
  EXPECT_EQ(city.intersections[0].profile(), Profile::research);
  EXPECT_FALSE(city.intersections[0].detectors().empty());
  EXPECT_EQ(city.intersections[0].detectors().size(), city.network.detectors().size());
  for (const DetectorUse& use : city.intersections[0].detectors())
    EXPECT_EQ(use.input, DetectorUse::Input::driver) << use.id.text();
  EXPECT_TRUE(city.cameras.empty());
}

TEST(ScenarioCity, is_a_city_folder_that_reads_back_with_the_same_hashes) {
  const test::ScratchFolder scratch;
  const auto scenario = read_scenario_city(cross());
  ASSERT_TRUE(scenario) << scenario.error().text();

  ASSERT_TRUE(write_city(scenario->city, scratch.path()));
  const auto back = read_city(scratch.path());

  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->hashes, scenario->city.hashes);
  EXPECT_EQ(back->network.detectors().size(), scenario->city.network.detectors().size());
  EXPECT_EQ(midnight_of(*back), Instant{Milliseconds{1'704'067'200'000}});  // 2024-01-01
}

TEST(ScenarioCity, is_named_after_its_folder_and_file) {
  EXPECT_EQ(scenario_name("/some/cologne8/cologne8.sumocfg"), "cologne8");
  EXPECT_EQ(scenario_name("/some/bologna/run.sumocfg"), "bologna-run");
  EXPECT_EQ(scenario_name("/some/old town/../new town/a b.sumocfg"), "new%20town-a%20b");
}

TEST(ScenarioCity, what_is_no_sumocfg_is_not_built_yet) {
  for (const char* file : {"config.json", "net.net.xml", "."}) {
    const auto scenario = read_scenario_city(file);
    ASSERT_FALSE(scenario) << file;
    EXPECT_EQ(scenario.error().reason, Reason::not_built_yet) << file;
    EXPECT_THAT(scenario.error().text(), HasSubstr(file));
  }
}

TEST(ScenarioCity, a_file_that_is_not_there_or_not_right_is_bad_input_that_names_it) {
  const test::ScratchFolder scratch;
  const fs::path torn = scratch.path() / "torn.sumocfg";
  std::ofstream(torn) << "<configuration><input><net-file value=";

  const auto missing = read_scenario_city(scratch.path() / "missing.sumocfg");
  const auto broken = read_scenario_city(torn);

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::bad_input);
  EXPECT_THAT(missing.error().text(), HasSubstr("missing.sumocfg"));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().reason, Reason::bad_input);
  EXPECT_THAT(broken.error().text(), HasSubstr("torn.sumocfg"));
}

TEST(ScenarioCity, a_network_without_signals_is_bad_input) {
  const test::ScratchFolder scratch;
  std::ofstream(scratch.path() / "plain.net.xml") << R"(<net>
    <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="10" length="50" shape="0,0 50,0"/></edge>
    <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape="0,0"/>
    <junction id="B" type="dead_end" x="50" y="0" incLanes="a_0" intLanes="" shape="50,0"/></net>)";
  std::ofstream(scratch.path() / "plain.sumocfg")
      << R"(<configuration><input><net-file value="plain.net.xml"/></input></configuration>)";

  const auto scenario = read_scenario_city(scratch.path() / "plain.sumocfg");

  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().reason, Reason::bad_input);
  EXPECT_THAT(scenario.error().text(), HasSubstr("no signal"));
}

TEST(ScenarioCity, the_public_scenarios_import_whole) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";
  for (const char* file :
       {"cologne1/cologne1.sumocfg", "cologne8/cologne8.sumocfg", "ingolstadt7/ingolstadt7.sumocfg",
        "grid4x4/grid4x4.sumocfg", "bologna_acosta/run.sumocfg"}) {
    const test::ScratchFolder scratch;
    const auto scenario = read_scenario_city(*shared / "scenarios" / file);
    ASSERT_TRUE(scenario) << scenario.error().text();
    ASSERT_TRUE(write_city(scenario->city, scratch.path())) << file;
    const auto back = read_city(scratch.path());
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->hashes, scenario->city.hashes) << file;
    for (const IntersectionConfig& config : back->intersections)
      EXPECT_FALSE(config.detectors().empty()) << file << " " << config.id().text();
  }
}

}  // namespace
}  // namespace chorraha
