#include "apps/process/exit_code.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

// docs/cli.md: callers tell by the code whose turn it is.
TEST(ExitCode, tells_wrong_input_from_a_wrong_call_and_a_wrong_place) {
  EXPECT_EQ(exit_code_of(Reason::bad_input), 3);
  EXPECT_EQ(exit_code_of(Reason::not_possible), 3);
  EXPECT_EQ(exit_code_of(Reason::not_built_yet), 2);
  EXPECT_EQ(exit_code_of(Reason::cannot_run), 4);
  EXPECT_EQ(exit_code_of(Reason::lost), 4);
  EXPECT_EQ(exit_code_of(Reason::refused), 4);
}

TEST(ExitCode, is_128_and_the_signal_that_asked_to_stop) {
  EXPECT_EQ(exit_code_of_signal(SIGINT), 130);
  EXPECT_EQ(exit_code_of_signal(SIGTERM), 143);
}

}  // namespace
}  // namespace chorraha
