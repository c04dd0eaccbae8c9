#include "apps/monitor/monitor_files.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/city/intersection_file.hpp"
#include "tests/support/one_junction.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

struct FirstAccept : testing::Test {
  test::ScratchFolder var;
  MonitorFiles files{var.path()};
  IntersectionConfig config = test::one_junction_config();
  fs::path folder = var.path() / "monitor";

  void put(const fs::path& path) const {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "{";
  }
};

TEST_F(FirstAccept, is_due_where_there_is_nothing_or_only_what_a_killed_one_left) {
  EXPECT_TRUE(files.untouched());
  fs::create_directory(folder);
  EXPECT_TRUE(files.untouched()) << "an empty folder";
  put(folder / "one.json.new");
  EXPECT_TRUE(files.untouched()) << "a file that was begun";
  put(folder / "one.latch");
  EXPECT_FALSE(files.untouched()) << "a latch is nobody's leftover";
}

TEST_F(FirstAccept, is_whole_upon_what_a_killed_one_left) {
  put(folder / "one.json.new");
  put(var.path() / "monitor.new" / "stranger.json");

  ASSERT_TRUE(files.accept({config}));

  EXPECT_TRUE(files.check(config.id(), hash_of(config), "city"));
  EXPECT_EQ(files.read_all().value().size(), 1U);
  EXPECT_FALSE(fs::exists(var.path() / "monitor.new"));
  EXPECT_FALSE(fs::exists(folder / "one.json.new"));
}

/// The kernel kills with SIGXFSZ whoever writes more than it may: here in the midst of a file.
TEST_F(FirstAccept, killed_in_the_midst_leaves_nothing_accepted) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit little{100, 100};
    ::setrlimit(RLIMIT_FSIZE, &little);
    static_cast<void>(files.accept({config}));
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) << status;

  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(files.untouched());
  ASSERT_TRUE(files.accept({config}));
  EXPECT_TRUE(files.check(config.id(), hash_of(config), "city"));
}

TEST_F(FirstAccept, is_the_only_one_that_makes_the_folder_anew_and_latches_stay) {
  ASSERT_TRUE(files.accept({config}));
  ASSERT_TRUE(files.latch(config, {}));
  put(folder / "stranger.json");

  ASSERT_TRUE(files.accept({config}));

  EXPECT_TRUE(files.is_latched(config.id()));
  EXPECT_FALSE(fs::exists(folder / "stranger.json"));
}

}  // namespace
}  // namespace chorraha
