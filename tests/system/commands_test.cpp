// What `chorraha simulate|count|keys|bench` do with signals, disks and values they cannot take.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using test::holds_within;
using test::Program;
using testing::HasSubstr;

struct End {
  int code = -1;
  std::string said;
};

struct Commands : testing::Test {
  [[nodiscard]] End end_of(std::vector<std::string> arguments) const {
    Program program("chorraha", std::move(arguments), scratch.path() / "said.log");
    EXPECT_TRUE(holds_within(60s, [&] { return program.ended().has_value(); }));
    return {program.ended().value_or(-1), program.said()};
  }
  /// A short run of the demo city, with more options.
  [[nodiscard]] std::vector<std::string> simulate(std::vector<std::string> more) const {
    std::vector<std::string> words{"simulate", demo.string(), "--control", "scenario", "--begin",
                                   "27000",    "--end",       "27005",     "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  test::ScratchFolder scratch;
  fs::path demo = test::source_root() / "config" / "demo_city";
};

TEST_F(Commands, simulate_stops_at_a_signal_and_reports_the_seeds_that_are_finished) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const std::string out = scratch.file("out" + std::to_string(code) + ".json");
    const std::string trips = scratch.file("trips_SEED_" + std::to_string(code) + ".csv");
    std::vector<std::string> words =
        simulate({"--trips", trips, "--json", out, "--seeds", "1:1000"});
    words[7] = "27060";
    Program program("chorraha", words, scratch.path() / "said.log");
    const auto first = fs::path(trips).replace_filename("trips_1_" + std::to_string(code) + ".csv");
    ASSERT_TRUE(holds_within(60s, [&] { return fs::exists(first); })) << program.said();

    program.send(signal);

    ASSERT_TRUE(holds_within(20s, [&] { return program.ended().has_value(); }));
    EXPECT_EQ(program.ended(), code) << program.said();
    const json found = json::parse(test::text_of(out));
    EXPECT_GE(found["runs"].size(), 1U);
    EXPECT_LT(found["runs"].size(), 1000U);
    EXPECT_EQ(found["runs"][0]["seed"], 1);
  }
}

TEST_F(Commands, simulate_says_which_option_is_wrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"--yellow", "nan"},    {"--all-red", "nan"},
      {"--min-green", "nan"}, {"--decision-step", "nan"},
      {"--begin", "nan"},     {"--begin", "-100"},
      {"--end", "inf"},       {"--seeds", "1:18446744073709551615"}};
  for (const auto& [option, value] : wrong) {
    const End end = end_of({"simulate", demo.string(), option, value});
    EXPECT_EQ(end.code, 2) << option << " " << value << ": " << end.said;
    EXPECT_THAT(end.said, HasSubstr(option));
    EXPECT_THAT(end.said, HasSubstr(value));
  }
}

TEST_F(Commands, simulate_takes_the_largest_seed_for_one) {
  const std::string out = scratch.file("out.json");

  const End end = end_of(simulate({"--seeds", "18446744073709551615", "--json", out}));

  EXPECT_EQ(end.code, 0) << end.said;
  EXPECT_EQ(json::parse(test::text_of(out))["runs"].size(), 1U);
}

TEST_F(Commands, what_standard_output_does_not_take_is_said) {
  const std::string chorraha = (test::build_root() / "chorraha").string();
  for (const std::string& words :
       {"simulate " + demo.string() + " --control scenario --begin 27000 --end 27005 --quiet",
        "keys make --var " + scratch.file("var")}) {
    std::string line = chorraha;
    line.append(" ").append(words).append(" --json - >/dev/full 2>").append(scratch.file("said"));
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    EXPECT_EQ(WEXITSTATUS(std::system(line.c_str())), 4) << words;
    EXPECT_THAT(test::text_of(scratch.file("said")), HasSubstr("standard output"));
  }
}

TEST_F(Commands, simulate_writes_no_file_twice) {
  const std::string trips = scratch.file("trips.csv");

  const End end = end_of(simulate({"--seeds", "1:2", "--trips", trips}));

  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.said, HasSubstr("--trips"));
  EXPECT_THAT(end.said, HasSubstr("SEED"));
  EXPECT_FALSE(fs::exists(trips));
}

TEST_F(Commands, bench_stops_at_a_signal_and_writes_what_is_measured) {
  const std::string out = scratch.file("bench.json");
  Program program("chorraha", {"bench", "simulation", "--quiet", "--json", out},
                  scratch.path() / "said.log");
  const auto is_watching = [&] {
    const std::string status = test::text_of("/proc/" + std::to_string(program.pid()) + "/status");
    return status.find("SigCgt:\t0000000000004002") != std::string::npos;  // SIGINT and SIGTERM
  };
  ASSERT_TRUE(holds_within(20s, is_watching));

  program.send(SIGINT);

  ASSERT_TRUE(holds_within(20s, [&] { return program.ended().has_value(); }));
  EXPECT_EQ(program.ended(), 130) << program.said();
  EXPECT_TRUE(json::parse(test::text_of(out))["benchmarks"].empty());
}

}  // namespace
}  // namespace chorraha
