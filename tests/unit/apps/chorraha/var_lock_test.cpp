#include "apps/chorraha/var_lock.hpp"

#include <fstream>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

TEST(VarLock, is_had_by_one_at_a_time_and_names_the_folder) {
  const test::ScratchFolder scratch;
  const std::filesystem::path var = scratch.path() / "new" / "var";
  {
    auto first = VarLock::take(var);
    ASSERT_TRUE(first) << first.error().text();
    const VarLock moved = *std::move(first);

    const auto second = VarLock::take(var);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().reason, Reason::cannot_run);
    EXPECT_THAT(second.error().text(),
                testing::StartsWith(var.string() + ": saw another run that has it"));
    EXPECT_TRUE(VarLock::take(scratch.path() / "other"));
  }

  EXPECT_TRUE(VarLock::take(var)) << "let go of";
}

TEST(VarLock, names_a_folder_that_cannot_be_made) {
  const test::ScratchFolder scratch;
  const std::filesystem::path var = scratch.path() / "var";
  std::ofstream(var) << "a file";

  const auto lock = VarLock::take(var);

  ASSERT_FALSE(lock);
  EXPECT_THAT(lock.error().text(), testing::StartsWith(var.string() + ": saw "));
}

}  // namespace
}  // namespace chorraha
