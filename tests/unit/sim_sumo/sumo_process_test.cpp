#include "sim/sumo/sumo_process.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/formats_sumo/files.hpp"

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

TEST(ScratchFolder, goes_with_its_object) {
  std::filesystem::path path;
  {
    sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();
    const sumo::ScratchFolder moved = std::move(scratch);
    path = moved.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ScratchFolder, links_to_inputs_but_never_to_what_would_be_written) {
  const test::ScratchFile input("in.add.xml",
                                "<additional><e1Detector file='out.xml'/><edgeData file='e.xml'/>"
                                "<rerouter file='r.xml'/></additional>");
  std::ofstream(input.path().parent_path() / "out.xml") << "of an earlier run";
  std::ofstream(input.path().parent_path() / "r.xml") << "<an input/>";
  sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  const std::vector<std::string> written = sumo::outputs_named_in(input.path());
  const auto place = scratch.mirror(input.path(), written);

  ASSERT_TRUE(place) << place.error().text();
  EXPECT_THAT(written, testing::UnorderedElementsAre("out.xml", "e.xml"));
  EXPECT_TRUE(std::filesystem::exists(*place));
  EXPECT_TRUE(std::filesystem::exists(place->parent_path() / "r.xml"));
  EXPECT_FALSE(std::filesystem::exists(place->parent_path() / "out.xml"));
  EXPECT_EQ(scratch.mirror(input.path(), written).value(), *place);
}

}  // namespace
}  // namespace chorraha
