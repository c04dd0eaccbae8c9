#include "apps/centre/epoch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

struct EpochTest : testing::Test {
  test::ScratchFolder var;
  std::filesystem::path file = var.path() / "centre" / "epoch";

  void write(const std::string& text) const {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
};

TEST_F(EpochTest, begins_at_one_and_rises_at_each_start) {
  EXPECT_EQ(raise_epoch(file).value(), 1U);
  EXPECT_EQ(raise_epoch(file).value(), 2U);
  EXPECT_EQ(raise_epoch(file).value(), 3U);
}

TEST_F(EpochTest, is_on_disk_before_it_is_used) {
  const std::uint64_t epoch = raise_epoch(file).value();

  std::ifstream in(file);
  std::uint64_t kept = 0;
  in >> kept;

  EXPECT_EQ(kept, epoch);
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".new"));
}

TEST_F(EpochTest, what_a_crash_left_beside_it_does_no_harm) {
  write("41\n");
  std::ofstream(file.string() + ".new") << "half";

  EXPECT_EQ(raise_epoch(file).value(), 42U);
}

TEST_F(EpochTest, a_file_that_holds_no_number_is_a_fault_and_stays) {
  for (const char* text : {"", "many\n", "-1\n", "7 and more\n", "99999999999999999999999\n"}) {
    write(text);

    const Result<std::uint64_t> epoch = raise_epoch(file);

    ASSERT_FALSE(epoch) << text;
    EXPECT_EQ(epoch.error().reason, Reason::bad_input);
  }
}

TEST_F(EpochTest, a_folder_that_cannot_be_written_is_a_fault) {
  std::ofstream(var.path() / "centre") << "a file where the folder should be";

  const Result<std::uint64_t> epoch = raise_epoch(file);

  ASSERT_FALSE(epoch);
  EXPECT_EQ(epoch.error().reason, Reason::cannot_run);
}

}  // namespace
}  // namespace chorraha
