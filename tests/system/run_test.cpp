// `chorraha run` on the demo city: everything that it starts is killed in turn, and the streets
// stay safe. One running system serves all promises but the last ones; each waits until it is
// whole.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/live_page.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_system.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::system_clock;
using test::holds_within;
using test::RunningSystem;
using test::stamp;
using testing::HasSubstr;

constexpr auto start_patience = 120s;    // the street runs 600 s ahead, then start-up
constexpr auto return_patience = 90s;    // a restart and start-up
constexpr auto silence_max = 1000ms;     // config/demo_city: silence_max_ms
constexpr auto machine_margin = 1000ms;  // frames of 100 ms, and a machine with other work
constexpr auto plan_silence = 10s;       // SAFETY.md D

bool any_has(const std::vector<std::string>& lines, std::string_view words) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

struct Run : testing::Test {
  static std::unique_ptr<test::ScratchFolder> scratch;
  static std::unique_ptr<RunningSystem> system;

  static fs::path var() { return scratch->path() / "var"; }
  static void SetUpTestSuite() { scratch = std::make_unique<test::ScratchFolder>(); }
  static void TearDownTestSuite() {
    system.reset();
    scratch.reset();
  }
  void SetUp() override {
    if (system && !system->run().ended()) {
      ASSERT_TRUE(holds_within(return_patience, whole)) << system->story();
      return;
    }
    system = std::make_unique<RunningSystem>(var());
    ASSERT_TRUE(holds_within(start_patience, whole)) << system->story();
  }

  static bool whole() {
    const auto now = system->status();
    return now && now->missing.empty() && now->signals > 0 && now->follow == now->signals;
  }
  /// The wall clock's instant on the city's clock, as a stamp: events.log is written by that.
  static std::string city_stamp(system_clock::time_point at) {
    const std::string offset = system->argument("centre", "--clock-offset-ms");
    return stamp(at + std::chrono::milliseconds{std::stoll(offset)});
  }
  static std::vector<std::string> events_between(const std::string& from, const std::string& to) {
    auto lines = test::lines_since(test::text_of(var() / "centre" / "events.log"), from);
    std::erase_if(lines, [&](const std::string& line) { return line.substr(0, to.size()) > to; });
    return lines;
  }
  static int epoch() {
    int epoch = 0;
    std::ifstream(var() / "centre" / "epoch") >> epoch;
    return epoch;
  }
  /// Kills a child and waits until `run` has started another.
  static void kill_and_await(std::string_view name) {
    const auto before = system->child(name);
    ASSERT_TRUE(before) << name << "\n" << system->story();
    ASSERT_TRUE(system->send(name, SIGKILL));
    ASSERT_TRUE(holds_within(40s, [&] {
      const auto now = system->child(name);
      return now && now != before;
    })) << system->story();
  }
  /// How many lamps began to flash by themselves from `from` to `to`, by the street's own log.
  static int flashing_between(const std::string& from, const std::string& to) {
    int flashing = 0;
    for (const std::string& line : system->log("street", from))
      if (line.find("lamps flash by themselves") != std::string::npos &&
          line.substr(0, to.size()) <= to)
        ++flashing;
    return flashing;
  }
  void expect_lamps_flash_and_return(const std::string& name) {
    const int signals = system->status()->signals;
    const auto killed = system_clock::now();
    kill_and_await(name);
    const std::string from = stamp(killed);
    const std::string to = stamp(killed + silence_max + machine_margin);
    ASSERT_TRUE(holds_within(20s, [] { return !system->all_follow(); })) << system->story();

    ASSERT_TRUE(holds_within(return_patience, [] { return system->all_follow(); }))
        << system->story();

    EXPECT_EQ(flashing_between(from, to), signals) << from << " to " << to << "\n"
                                                   << joined(system->log("street", from));
    EXPECT_THAT(joined(system->log("controller", from)), HasSubstr(": start_up"));
    EXPECT_THAT(joined(system->log("controller", from)), HasSubstr(": normal"));
    EXPECT_THAT(joined(system->log("street", from)), HasSubstr(": lamps are lit as told"));
    EXPECT_THAT(system->run().said(), HasSubstr(name + " killed by signal 9; again in"));
    EXPECT_THAT(system->run().said(), HasSubstr(name + " started again"));
  }
  static nlohmann::json camera() {
    const auto text = test::overview(system->port(), 3000ms);
    if (!text) return nlohmann::json::object();
    const auto overview = nlohmann::json::parse(*text, nullptr, false);
    if (!overview.is_object() || overview.value("cameras", nlohmann::json::array()).empty())
      return nlohmann::json::object();
    return overview["cameras"][0];
  }
};
std::unique_ptr<test::ScratchFolder> Run::scratch;
std::unique_ptr<RunningSystem> Run::system;

TEST_F(Run, closes_the_chain_from_a_count_to_lamps_and_all_signals_follow_their_plan) {
  const auto now = system->status();

  ASSERT_TRUE(now);
  EXPECT_EQ(now->missing, "");
  EXPECT_EQ(now->follow, now->signals);
  EXPECT_GT(now->signals, 0);
  const auto saw = [] { return system->run().said().find("  saw: ") != std::string::npos; };
  EXPECT_TRUE(holds_within(5s, saw)) << system->run().said();
  EXPECT_TRUE(any_has(system->log("centre", ""), " counted a ")) << system->story();
}

TEST_F(Run, a_silent_and_killed_centre_leaves_the_lamps_to_timetables_until_it_is_back) {
  const int before = epoch();
  const int signals = system->status()->signals;
  const auto silent = system_clock::now();
  const std::string from = city_stamp(silent);
  const std::string by_then = city_stamp(silent + plan_silence + machine_margin + 2s);
  ASSERT_TRUE(system->send("centre", SIGSTOP));
  ASSERT_TRUE(holds_within(30s, [&] { return system_clock::now() > silent + 25s; }));

  kill_and_await("centre");
  const std::string back = city_stamp(system_clock::now());
  ASSERT_TRUE(holds_within(return_patience, whole)) << system->story();
  const auto by_horizon_again = [&] {
    return any_has(events_between(back, "9"), " plan_source horizon");
  };
  ASSERT_TRUE(holds_within(30s, by_horizon_again)) << joined(events_between(from, "9"));

  const auto meanwhile = events_between(from, back);
  const auto of_timetables =
      std::ranges::count_if(events_between(from, by_then), [](const std::string& line) {
        return line.find(" plan_source timetable") != std::string::npos;
      });
  EXPECT_EQ(of_timetables, signals) << joined(meanwhile);
  EXPECT_TRUE(any_has(events_between(by_then, back), " stage_begun ")) << "lamps keep changing";
  EXPECT_FALSE(any_has(meanwhile, " mode ")) << "no lamp left its normal mode";
  EXPECT_EQ(flashing_between(stamp(silent), "9"), 0);
  EXPECT_EQ(epoch(), before + 1);
  EXPECT_THAT(system->status()->plan, testing::StartsWith(fmt::format("{}/", before + 1)));
  EXPECT_THAT(system->run().said(), HasSubstr("centre killed by signal 9; again in 1 s"));
}

TEST_F(Run, a_killed_controller_leaves_lamps_that_flash_and_returns_by_start_up) {
  expect_lamps_flash_and_return("controller");
}

TEST_F(Run, a_killed_monitor_leaves_lamps_that_flash_and_service_returns) {
  expect_lamps_flash_and_return("monitor");
}

TEST_F(Run, a_killed_camera_is_said_on_the_page_and_counts_on) {
  ASSERT_TRUE(camera().value("streaming", false)) << camera().dump();
  kill_and_await("camera");
  kill_and_await("camera");
  const auto before = system->child("camera");

  ASSERT_TRUE(system->send("camera", SIGKILL));  // the third time: away for 4 s

  const auto said = [] {
    const auto seen = camera();
    return !seen.value("streaming", true) &&
           seen.value("trouble", "").find("not heard for") != std::string::npos;
  };
  EXPECT_TRUE(holds_within(20s, said)) << camera().dump() << system->story();
  ASSERT_TRUE(holds_within(40s, [&] {
    const auto now = system->child("camera");
    return now && now != before;
  })) << system->story();
  const std::string back = stamp(system_clock::now());
  EXPECT_TRUE(holds_within(30s, [] { return camera().value("streaming", false); }))
      << camera().dump();
  const auto counts = [&] { return any_has(system->log("centre", back), " counted a "); };
  // Its arm may be red for as long as the longest green of the others, 120 s.
  EXPECT_TRUE(holds_within(180s, counts)) << system->story();
  EXPECT_TRUE(system->all_follow()) << "a city without its camera is run on";
}

TEST_F(Run, a_killed_street_takes_its_lamps_along_and_all_returns) {
  const auto killed = system_clock::now();
  kill_and_await("street");

  const auto nobody_follows = [] {
    const auto now = system->status();
    return now && now->follow == 0;
  };
  EXPECT_TRUE(holds_within(20s, nobody_follows)) << system->story();
  EXPECT_TRUE(holds_within(20s, [] { return !camera().value("streaming", true); }))
      << camera().dump();
  ASSERT_TRUE(holds_within(return_patience, whole)) << system->story();

  const std::string back = stamp(system_clock::now());
  EXPECT_THAT(joined(system->log("monitor", stamp(killed))), HasSubstr(": permit withdrawn"));
  EXPECT_THAT(joined(system->log("controller", stamp(killed))), HasSubstr(": start_up"));
  const auto counts = [&] { return any_has(system->log("centre", back), " counted a "); };
  EXPECT_TRUE(holds_within(90s, counts)) << system->story();
}

TEST_F(Run, killed_as_a_whole_leaves_no_orphan_and_starts_again_upon_what_it_left) {
  const int before = epoch();
  ASSERT_GE(test::programs_of(var()).size(), 6U);

  system->run().send(SIGKILL);

  EXPECT_TRUE(holds_within(10s, [] { return test::programs_of(var()).empty(); }))
      << joined(test::programs_of(var()));
  EXPECT_TRUE(holds_within(5s, [] { return system->run().ended().has_value(); }));
  system = std::make_unique<RunningSystem>(var());
  ASSERT_TRUE(holds_within(start_patience, whole)) << system->story();
  EXPECT_EQ(epoch(), before + 1);
}

TEST_F(Run, an_interrupt_ends_it_with_130_and_all_children) {
  system->run().send(SIGINT);

  EXPECT_TRUE(holds_within(15s, [] { return system->run().ended().has_value(); }));
  EXPECT_EQ(system->run().ended(), 130) << system->story();
  EXPECT_EQ(joined(test::programs_of(var())), "");
}

/// Here nobody needs to be in service.
TEST(RunStops, asked_to_end_it_does_with_143_and_all_children) {
  const test::ScratchFolder scratch;
  RunningSystem system(scratch.path() / "var");
  ASSERT_TRUE(holds_within(60s, [&] { return system.status().has_value(); })) << system.story();

  system.run().send(SIGTERM);

  EXPECT_TRUE(holds_within(15s, [&] { return system.run().ended().has_value(); }));
  EXPECT_EQ(system.run().ended(), 143) << system.story();
  EXPECT_EQ(joined(test::programs_of(system.var())), "");
}

}  // namespace
}  // namespace chorraha
