#include "apps/camera/capture.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "apps/camera/latest.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha::camera {
namespace {

using namespace std::chrono_literals;

TEST(Latest, keeps_the_newest_only) {
  Latest<int> slot;
  slot.put(1);
  slot.put(2);

  EXPECT_EQ(slot.take(), 2);
  EXPECT_EQ(slot.take(), std::nullopt);
}

TEST(Latest, wakes_who_waits_for_a_value_or_for_the_end) {
  Latest<int> slot;
  Latest<int> seen;
  std::optional<int> ended = 7;
  std::jthread waiting([&](const std::stop_token& stop) {
    seen.put(slot.wait(stop).value_or(0));
    ended = slot.wait(stop);
  });

  slot.put(5);
  EXPECT_EQ(seen.wait({}), 5);
  waiting.request_stop();
  waiting.join();

  EXPECT_EQ(ended, std::nullopt);
}

TEST(BackOff, doubles_up_to_half_a_minute_and_begins_anew) {
  BackOff back_off;
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) EXPECT_EQ(back_off.next(), wait);

  back_off.begin_anew();

  EXPECT_EQ(back_off.next(), 1s);
}

TEST(Capture, plays_a_recording_again_when_it_ends) {
  const test::ScratchFolder folder;
  cv::imwrite(folder.file("a.png"), cv::Mat(24, 32, CV_8UC3, cv::Scalar::all(100)));
  Latest<Shot> newest;
  StreamState state;
  test::QuietLog log;
  const std::jthread capturing([&](const std::stop_token& stop) {
    capture(stop, {folder.path().string(), {}}, newest, state, log);
  });

  std::uint64_t opening = 0;
  while (opening < 3) {
    const auto shot = newest.wait({});
    if (shot) opening = shot->opening;
  }

  EXPECT_TRUE(state.get().streaming);
  EXPECT_FALSE(log.has("no pictures"));
}

TEST(Capture, says_what_is_wrong_while_there_are_no_pictures) {
  Latest<Shot> newest;
  StreamState state;
  test::QuietLog log;
  const std::jthread capturing([&](const std::stop_token& stop) {
    capture(stop, {"/no/such/street.mp4", {}}, newest, state, log);
  });

  while (!log.has("trying again in 1 s")) std::this_thread::yield();

  EXPECT_FALSE(state.get().streaming);
  EXPECT_NE(state.get().trouble.find("/no/such/street.mp4"), std::string::npos);
}

}  // namespace
}  // namespace chorraha::camera
