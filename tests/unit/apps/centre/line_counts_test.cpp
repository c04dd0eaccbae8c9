#include "apps/centre/line_counts.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{1'704'067'200'000ms};

struct LineCountsTest : testing::Test {
  LineCounts counts;
  Instant now = begin;
  std::uint64_t vehicles = 100;

  /// Four pictures a second; one vehicle each `every`.
  void watch(Milliseconds time, Milliseconds every) {
    for (const Instant end = now + time; now < end; now += 250ms) {
      if ((now - begin) % every == 0ms) ++vehicles;
      counts.told(vehicles, now);
    }
  }
};

TEST_F(LineCountsTest, say_nothing_before_the_first_picture) {
  EXPECT_EQ(counts.total(), std::nullopt);
  EXPECT_EQ(counts.last_minute(), std::nullopt);
  EXPECT_EQ(counts.counted(), std::nullopt);
}

TEST_F(LineCountsTest, tell_the_last_minute_once_it_was_watched_through) {
  watch(59s, 2s);
  EXPECT_EQ(counts.last_minute(), std::nullopt);

  watch(120s, 2s);
  EXPECT_GE(counts.last_minute().value_or(0), 30U);
  EXPECT_LE(counts.last_minute().value_or(0), 31U);  // one entry a second
  EXPECT_EQ(counts.total(), vehicles);
}

TEST_F(LineCountsTest, do_not_take_a_time_without_pictures_for_a_minute) {
  watch(90s, 2s);
  now += 4s;
  watch(30s, 2s);

  EXPECT_EQ(counts.last_minute(), std::nullopt);
  EXPECT_EQ(counts.total(), vehicles);
}

TEST_F(LineCountsTest, begin_anew_with_the_camera) {
  watch(90s, 2s);
  vehicles = 3;
  watch(10s, 2s);

  EXPECT_EQ(counts.total(), vehicles);
  EXPECT_EQ(counts.last_minute(), std::nullopt);
}

TEST_F(LineCountsTest, know_when_the_last_one_crossed) {
  counts.told(7, begin);
  EXPECT_EQ(counts.counted(), std::nullopt);
  counts.told(8, begin + 250ms);
  counts.told(8, begin + 500ms);

  EXPECT_EQ(counts.counted(), begin + 250ms);
}

}  // namespace
}  // namespace chorraha
