// Real children of /bin/sh; pauses of milliseconds.
#include "apps/chorraha/supervisor.hpp"

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr auto deadline = 60s;  // of each wait: far beyond what it takes

struct SupervisorTest : testing::Test {
  test::ScratchFolder folder;
  boost::asio::io_context io;
  std::vector<std::string> said;
  std::vector<std::pair<int, std::string>> fatal;
  Supervisor::Patience patience{.first_pause = 1ms, .longest_pause = 4ms};

  [[nodiscard]] Supervisor supervisor() {
    return {io, folder.path() / "log",
            Supervisor::Notices{
                [this](const std::string& line) { said.push_back(line); },
                [this](int code, const std::string& why) { fatal.emplace_back(code, why); }},
            patience};
  }
  [[nodiscard]] static ChildProgram shell(const std::string& name, const std::string& script) {
    return {name, "/bin/sh", {"-c", script}};
  }
  void until(const std::function<bool()>& met) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!met() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(20ms);
    }
    ASSERT_TRUE(met());
  }
  void stop(Supervisor& running) {
    bool stopped = false;
    running.stop([&] { stopped = true; });
    until([&] { return stopped; });
  }
  [[nodiscard]] std::string log(const std::string& name) const {
    std::ifstream in(folder.path() / "log" / (name + ".log"));
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(SupervisorTest, a_child_that_dies_is_started_again_after_pauses_that_double) {
  Supervisor running = supervisor();

  running.start(shell("mayfly", "echo alive; exit 1"));
  until([&] { return said.size() >= 8; });

  EXPECT_THAT(std::vector<std::string>(said.begin(), said.begin() + 8),
              ElementsAre("mayfly ended with 1; again in 0.001 s", "mayfly started again",
                          "mayfly ended with 1; again in 0.002 s", "mayfly started again",
                          "mayfly ended with 1; again in 0.004 s", "mayfly started again",
                          "mayfly ended with 1; again in 0.004 s", "mayfly started again"));
  EXPECT_TRUE(log("mayfly").starts_with("alive\nalive\nalive\n")) << log("mayfly");
  EXPECT_TRUE(fatal.empty());
  stop(running);
}

TEST_F(SupervisorTest, the_pauses_of_a_street_are_one_to_thirty_seconds) {
  const Supervisor::Patience in_service;

  EXPECT_EQ(in_service.first_pause, 1s);
  EXPECT_EQ(in_service.longest_pause, 30s);
  EXPECT_EQ(in_service.life_that_forgives, 60s);
}

TEST_F(SupervisorTest, a_long_life_forgives_the_deaths_before) {
  patience.life_that_forgives = 0ms;
  Supervisor running = supervisor();

  running.start(shell("phoenix", "exit 1"));
  until([&] { return said.size() >= 3; });

  EXPECT_EQ(said[0], said[2]);
  stop(running);
}

TEST_F(SupervisorTest, a_child_that_was_killed_is_started_again_and_it_is_said) {
  Supervisor running = supervisor();

  running.start(shell("victim", "kill -9 $$"));
  until([&] { return said.size() >= 2; });

  EXPECT_EQ(said[0], "victim killed by signal 9; again in 0.001 s");
  stop(running);
}

TEST_F(SupervisorTest, a_child_that_cannot_run_at_all_is_fatal_once_with_its_last_line) {
  Supervisor running = supervisor();

  running.start(shell("broken", "echo first; echo port 8080 is taken; exit 3"));
  running.start(shell("broken_too", "exit 4"));
  until([&] { return !fatal.empty(); });
  stop(running);

  ASSERT_EQ(fatal.size(), 1U);
  EXPECT_TRUE(fatal[0].first == 3 || fatal[0].first == 4);
  if (fatal[0].first == 3) {
    EXPECT_EQ(fatal[0].second, "port 8080 is taken");
  }
}

TEST_F(SupervisorTest, who_has_lived_may_end_with_any_code) {
  patience.life_that_counts = 0ms;
  Supervisor running = supervisor();

  running.start(shell("old", "exit 3"));
  until([&] { return said.size() >= 2; });

  EXPECT_TRUE(fatal.empty());
  EXPECT_EQ(said[1], "old started again");
  stop(running);
}

TEST_F(SupervisorTest, a_program_that_does_not_exist_is_fatal) {
  Supervisor running = supervisor();

  running.start({"ghost", folder.path() / "no-such-program", {}});
  until([&] { return !fatal.empty(); });

  EXPECT_EQ(fatal[0].first, 4);
  EXPECT_NE(fatal[0].second.find("no-such-program"), std::string::npos);
  stop(running);
}

TEST_F(SupervisorTest, stop_ends_all_and_says_so_once) {
  Supervisor running = supervisor();
  running.start(shell("one", "exec sleep 60"));
  running.start(shell("two", "exec sleep 60"));
  int stopped = 0;

  running.stop([&] { ++stopped; });
  running.stop([&] { ++stopped; });
  until([&] { return stopped > 0; });

  EXPECT_EQ(stopped, 1);
  EXPECT_TRUE(said.empty());
}

TEST_F(SupervisorTest, who_will_not_stop_is_killed) {
  patience.at_stop = 5ms;
  Supervisor running = supervisor();
  running.start(shell("deaf", "trap '' TERM; echo ready; while :; do sleep 0.01; done"));
  until([&] { return log("deaf") == "ready\n"; });

  stop(running);

  EXPECT_TRUE(said.empty());
}

TEST_F(SupervisorTest, last_line_is_the_last_that_says_something) {
  std::ofstream(folder.file("a.log")) << "one\ntwo\n\n";

  EXPECT_EQ(last_line(folder.file("a.log")), "two");
  EXPECT_EQ(last_line(folder.file("none.log")), "");
}

}  // namespace
}  // namespace chorraha
