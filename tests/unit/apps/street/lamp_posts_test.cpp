#include "apps/street/lamp_posts.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/one_junction.hpp"

namespace chorraha {
namespace {

constexpr BootId street_boot{1};
constexpr BootId controller_boot{2};
constexpr BootId monitor_boot{3};
const std::string controller = "/run/controller";
const std::string monitor = "/run/monitor";
const Milliseconds frame_every{100};

struct LampPostsTest : testing::Test {
  Network network = test::one_junction();
  IntersectionConfig config = test::one_junction_config();
  LampPosts posts{network, {config}, street_boot};
  std::uint64_t number = 0;

  [[nodiscard]] std::vector<Aspect> red() const {
    return std::vector<Aspect>(config.groups().size(), Aspect::red);
  }
  void send_aspects(const std::vector<Aspect>& aspects, std::uint64_t numbered,
                    BootId boot = controller_boot) {
    posts.receive(AspectFrame{boot, {{config.id(), numbered, aspects}}}, controller);
  }
  void send_permit(bool permit, std::uint64_t numbered) {
    posts.receive(PermitFrame{monitor_boot, {{config.id(), numbered, permit}}}, monitor);
  }
  /// A frame and a permit, then 100 ms.
  void both(const std::vector<Aspect>& aspects) {
    ++number;
    send_aspects(aspects, number);
    send_permit(true, number);
    posts.step(frame_every);
  }
  /// From the flash of the begin to all red.
  void light() {
    both(flash_pattern(config));
    both(red());
    ASSERT_EQ(posts.shown()[0].aspects, red());
  }
  [[nodiscard]] SignalMode mode() const { return posts.shown()[0].mode; }
  [[nodiscard]] bool loop_is_on(const std::string& id) {
    const auto frame = std::get<BackFrame>(posts.back_frames().at(0).frame);
    const auto& loops = frame.entries.at(0).loops;
    const auto found = std::ranges::find_if(
        loops, [&](const BackFrame::Loop& loop) { return loop.detector == DetectorId{id}; });
    return found != loops.end() && found->occupied;
  }
};

TEST_F(LampPostsTest, flash_until_controller_and_monitor_are_heard) {
  posts.step(frame_every);
  EXPECT_EQ(mode(), SignalMode::flash);
  EXPECT_EQ(posts.shown()[0].aspects, flash_pattern(config));

  light();

  EXPECT_EQ(mode(), SignalMode::normal);
}

TEST_F(LampPostsTest, flash_without_a_permit) {
  for (std::uint64_t n = 1; n < 5; ++n) {
    send_aspects(red(), n);
    posts.step(frame_every);
  }
  EXPECT_EQ(mode(), SignalMode::flash);
}

TEST_F(LampPostsTest, flash_when_the_controller_falls_silent) {
  light();
  for (int i = 0; i < 10; ++i) {
    send_permit(true, ++number);
    posts.step(frame_every);
  }
  EXPECT_EQ(mode(), SignalMode::flash);
}

TEST_F(LampPostsTest, flash_when_the_monitor_takes_its_permit_back) {
  light();
  ++number;
  send_aspects(red(), number);
  send_permit(false, number);
  posts.step(frame_every);
  EXPECT_EQ(mode(), SignalMode::flash);
}

TEST_F(LampPostsTest, a_repeated_number_counts_as_silence) {
  light();
  for (int i = 0; i < 10; ++i) {
    send_aspects(red(), number);  // a controller that hangs and repeats itself
    send_permit(true, number + 1 + static_cast<std::uint64_t>(i));
    posts.step(frame_every);
  }
  EXPECT_EQ(mode(), SignalMode::flash);
}

TEST_F(LampPostsTest, a_controller_that_starts_again_may_begin_its_numbers_anew) {
  number = 1000;
  light();
  std::vector<Aspect> other = red();
  other[0] = Aspect::red_amber;

  send_aspects(other, 1, BootId{99});
  send_permit(true, ++number);
  posts.step(frame_every);

  EXPECT_EQ(posts.shown()[0].aspects, other);
}

TEST_F(LampPostsTest, frames_of_unknown_intersections_and_of_the_wrong_size_are_passed_over) {
  light();
  posts.receive(AspectFrame{controller_boot, {{IntersectionId{"K"}, 5, red()}}}, controller);
  send_aspects({Aspect::green}, number + 1);
  posts.step(Milliseconds{20});
  EXPECT_EQ(posts.shown()[0].aspects, red());
}

TEST_F(LampPostsTest, answers_go_to_whoever_sent_last) {
  EXPECT_TRUE(posts.back_frames().empty());
  EXPECT_TRUE(posts.read_backs().empty());
  light();

  const auto back = posts.back_frames();
  const auto read = posts.read_backs();

  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].to, controller);
  EXPECT_FALSE(std::get<BackFrame>(back[0].frame).entries.at(0).self_flash);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].to, monitor);
  const auto& lenses = std::get<ReadBackFrame>(read[0].frame).entries.at(0).lenses;
  EXPECT_TRUE(std::ranges::all_of(lenses, [](LensSet lit) { return lit == lens_red; }));
}

TEST_F(LampPostsTest, numbers_of_read_backs_ascend) {
  light();
  const auto first = std::get<ReadBackFrame>(posts.read_backs().at(0).frame).entries.at(0).number;
  const auto next = std::get<ReadBackFrame>(posts.read_backs().at(0).frame).entries.at(0).number;
  EXPECT_EQ(next, first + 1);
}

TEST_F(LampPostsTest, a_loop_is_on_from_on_to_off) {
  light();
  const std::vector<Detection> on{{DetectorId{"N_in_0.5m"}, {}, Detection::Kind::on}};
  const std::vector<Detection> off{{DetectorId{"N_in_0.5m"}, {}, Detection::Kind::off}};

  posts.sense(on);
  posts.step(Milliseconds{5000});
  EXPECT_TRUE(loop_is_on("N_in_0.5m"));
  posts.sense(off);
  EXPECT_FALSE(loop_is_on("N_in_0.5m"));
}

TEST_F(LampPostsTest, a_button_stays_on_for_half_a_second) {
  light();
  const std::vector<Detection> pressed{{DetectorId{"N_button"}, {}, Detection::Kind::on}};
  const std::vector<Detection> let_go{{DetectorId{"N_button"}, {}, Detection::Kind::off}};

  posts.sense(pressed);
  posts.sense(let_go);
  posts.step(Milliseconds{480});
  EXPECT_TRUE(loop_is_on("N_button"));
  posts.step(Milliseconds{20});
  EXPECT_FALSE(loop_is_on("N_button"));
}

}  // namespace
}  // namespace chorraha
