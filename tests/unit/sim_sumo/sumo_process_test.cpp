#include "sim/sumo/sumo_process.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/sumo/scratch_folder.hpp"

namespace chorraha {
namespace {

TEST(SumoProcess, that_is_not_installed_is_named_with_its_package) {
  const auto program = sumo::found_on_path("sumo-that-is-not-there");

  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().reason, Reason::cannot_run);
  EXPECT_THAT(program.error().text(), testing::AllOf(testing::HasSubstr("sumo-that-is-not-there"),
                                                     testing::HasSubstr("Debian package sumo")));
}

TEST(SumoProcess, that_does_not_end_is_killed) {
  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();
  auto process = sumo::SumoProcess::start("/bin/sleep", {"1000"}, scratch.path() / "log");

  ASSERT_TRUE(process) << process.error().text();
  EXPECT_TRUE(process->running());
  EXPECT_FALSE(process->wait_for_end(std::chrono::milliseconds{0}));
  EXPECT_FALSE(process->running());
}

TEST(SumoProcess, that_ends_by_itself_has_written_its_log) {
  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();
  auto process = sumo::SumoProcess::start("/bin/echo", {"a word"}, scratch.path() / "log");

  ASSERT_TRUE(process) << process.error().text();
  EXPECT_TRUE(process->wait_for_end(std::chrono::milliseconds{20'000}));
  std::string line;
  std::ifstream file(scratch.path() / "log");
  std::getline(file, line);
  EXPECT_EQ(line, "a word");
}

}  // namespace
}  // namespace chorraha
