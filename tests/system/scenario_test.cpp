// `chorraha run --scenario`: the same programs, and SUMO as the street.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/sumo/sumo_street.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_system.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::holds_within;
using test::RunningSystem;
using testing::HasSubstr;

constexpr auto start_patience = 90s;
constexpr auto return_patience = 90s;   // a restart and start-up
constexpr auto change_patience = 180s;  // the longest green is 120 s

struct Scenario : testing::Test {
  void SetUp() override {
    if (const Done can = SumoStreet::can_run(); !can)
      GTEST_SKIP() << "skipped: " << can.error().text();
  }
  static bool alive(pid_t pid) { return ::kill(pid, 0) == 0; }

  test::ScratchFolder scratch;
  fs::path var = scratch.path() / "var";
};

TEST_F(Scenario, closes_the_chain_from_loops_over_sumos_vehicles_to_its_lamps) {
  const fs::path cross = test::source_root() / "tests" / "data" / "sumo" / "cross";
  RunningSystem system(var, {"--scenario", (cross / "cross.sumocfg").string(), "--headless-check"},
                       var / "scenario" / "cross");

  ASSERT_TRUE(holds_within(200s, [&] { return system.run().ended().has_value(); }));

  EXPECT_EQ(system.run().ended(), 0) << system.story();
  EXPECT_THAT(system.run().said(), HasSubstr("saw: "));
  EXPECT_THAT(system.run().said(), HasSubstr("lamps stage"));
  EXPECT_TRUE(holds_within(5s, [&] { return test::programs_of(var).empty(); }));
  EXPECT_FALSE(fs::exists(cross / "tripinfo.xml"));  // nothing is written beside the input
}

TEST_F(Scenario, moves_lamps_by_its_detections_and_comes_back_when_street_or_sumo_is_killed) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";
  const fs::path scenario = *shared / "scenarios" / "cologne1" / "cologne1.sumocfg";
  const fs::path state = var / "scenario" / "cologne1";
  RunningSystem system(var, {"--scenario", scenario.string()}, state);
  const auto whole = [&] {
    const auto now = system.status();
    return now && now->signals == 1 && now->follow == 1 && now->missing.empty();
  };
  ASSERT_TRUE(holds_within(start_patience, whole)) << system.story();

  std::set<std::string> lamps;
  EXPECT_TRUE(holds_within(change_patience, [&] {
    if (const auto now = system.status()) lamps.insert(now->lamps);
    return lamps.size() > 1;
  })) << system.story();
  const int counts = system.status()->counts;
  EXPECT_TRUE(holds_within(30s, [&] {
    const auto now = system.status();
    return now && now->counts > counts;
  })) << counts;

  const auto first = system.sumo();
  ASSERT_TRUE(first) << system.story();
  ASSERT_TRUE(system.send("street", SIGKILL));
  EXPECT_TRUE(holds_within(10s, [&] { return !alive(*first); }));  // it died with its street
  EXPECT_TRUE(holds_within(20s, [&] { return !system.all_follow(); })) << system.story();
  EXPECT_TRUE(holds_within(return_patience, whole)) << system.story();

  const auto second = system.sumo();
  ASSERT_TRUE(second) << system.story();
  ASSERT_EQ(::kill(*second, SIGKILL), 0);
  EXPECT_TRUE(holds_within(20s, [&] { return !system.all_follow(); })) << system.story();
  EXPECT_TRUE(holds_within(return_patience, whole)) << system.story();
  EXPECT_THAT(system.run().said(), HasSubstr("street ended with 4; again in"));
  EXPECT_THAT(test::text_of(state / "log" / "street.log"), HasSubstr("SUMO"));
  EXPECT_EQ(test::text_of(state / "log" / "monitor.log").find("tripped"), std::string::npos)
      << system.story();

  const auto third = system.sumo();
  ASSERT_TRUE(third);
  system.run().send(SIGTERM);
  EXPECT_TRUE(holds_within(15s, [&] { return system.run().ended().has_value(); }));
  EXPECT_EQ(system.run().ended(), 143);
  EXPECT_TRUE(holds_within(5s, [&] { return !alive(*third); }));
}

}  // namespace
}  // namespace chorraha
