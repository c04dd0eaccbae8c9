#include "sim/sumo/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/formats_sumo/files.hpp"

namespace chorraha {
namespace {

// The number of a process that has ended.
pid_t ended_process() {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  waitpid(pid, nullptr, 0);
  return pid;
}

/// Something in the system's temporary folder that goes with the test at the latest.
class Leftover {
 public:
  explicit Leftover(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / name) {
    std::filesystem::create_directory(path_);
    std::ofstream(path_ / "sumo.log") << "of an earlier run";
  }
  ~Leftover() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Leftover(const Leftover&) = delete;
  Leftover& operator=(const Leftover&) = delete;
  Leftover(Leftover&&) = delete;
  Leftover& operator=(Leftover&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] bool stands() const { return std::filesystem::exists(path_ / "sumo.log"); }

 private:
  std::filesystem::path path_;
};

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

TEST(ScratchFolder, is_named_after_its_process) {
  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  EXPECT_THAT(scratch.path().filename().string(),
              testing::StartsWith(fmt::format("chorraha-sumo-{}-", getpid())));
}

TEST(ScratchFolder, removes_what_a_killed_process_has_left) {
  const Leftover dead(fmt::format("chorraha-sumo-{}-aB3dE6", ended_process()));

  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  EXPECT_FALSE(std::filesystem::exists(dead.path()));
}

TEST(ScratchFolder, leaves_folders_of_running_processes_alone) {
  const Leftover mine(fmt::format("chorraha-sumo-{}-aB3dE6", getpid()));
  const Leftover of_the_first_process(fmt::format("chorraha-sumo-1-{}", getpid()));
  const sumo::ScratchFolder before = sumo::ScratchFolder::make().value();

  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  EXPECT_TRUE(mine.stands());
  EXPECT_TRUE(of_the_first_process.stands());
  EXPECT_TRUE(std::filesystem::is_directory(before.path()));
}

TEST(ScratchFolder, leaves_alone_what_is_not_named_like_one) {
  const pid_t dead = ended_process();
  const std::vector<std::string> names{fmt::format("chorraha-sumo-{}", dead),
                                       fmt::format("chorraha-sumo-{}x-aB3dE6", dead),
                                       fmt::format("chorraha-sumo--{}-aB3dE6", dead),
                                       fmt::format("chorraha-sumo-{}0000000000-aB3dE6", dead),
                                       fmt::format("chorraha-sumos-{}-aB3dE6", dead),
                                       fmt::format("chorraha-sumo-aB3dE6{}", dead),
                                       fmt::format("chorraha-sumo--aB3dE6{}", dead)};
  for (const std::string& name : names) {
    const Leftover other(name);

    const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

    EXPECT_TRUE(other.stands()) << name;
  }
}

TEST(ScratchFolder, follows_no_link_that_is_named_like_one) {
  const Leftover kept(fmt::format("chorraha-test-kept-{}", getpid()));
  const std::filesystem::path link = std::filesystem::temp_directory_path() /
                                     fmt::format("chorraha-sumo-{}-aB3dE6", ended_process());
  std::filesystem::create_directory_symlink(kept.path(), link);

  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  EXPECT_TRUE(kept.stands());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  std::filesystem::remove(link);
}

TEST(ScratchFolder, leaves_other_users_folders_alone) {
  const Leftover theirs(fmt::format("chorraha-sumo-{}-aB3dE6", ended_process()));
  constexpr uid_t somebody_else = 65534;
  if (chown(theirs.path().c_str(), somebody_else, static_cast<gid_t>(-1)) != 0)
    GTEST_SKIP() << "skipped: only root gives folders away";

  const sumo::ScratchFolder scratch = sumo::ScratchFolder::make().value();

  EXPECT_TRUE(theirs.stands());
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
