#include "sensors/frame_buffers.hpp"

#include <optional>
#include <thread>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

TEST(FrameBuffers, uses_memory_again_once_the_last_reader_let_go) {
  FrameBuffers buffers;
  auto first = buffers.take(1000);
  const auto* place = first->data();

  const auto meanwhile = buffers.take(1000);
  EXPECT_NE(meanwhile->data(), place);
  first.reset();

  EXPECT_EQ(buffers.take(1000)->data(), place);
}

TEST(FrameBuffers, outlives_its_source_and_its_thread) {
  std::optional<FrameBuffers> buffers(std::in_place);
  auto bytes = buffers->take(10);
  buffers.reset();

  std::jthread other([kept = std::move(bytes)]() mutable {
    kept->at(9) = 1;
    kept.reset();
  });

  other.join();
  SUCCEED();
}

}  // namespace
}  // namespace chorraha
