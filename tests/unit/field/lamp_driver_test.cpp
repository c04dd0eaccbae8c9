#include "field/lamp_driver.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "field/driver_frame.hpp"
#include "tests/unit/field/two_streams.hpp"

namespace chorraha {
namespace {

constexpr Milliseconds step_length{100};

/// A driver with a controller and a monitor that speak to it each 100 ms unless told to be silent.
class LampDriverTest : public ::testing::Test {
 protected:
  enum class Silent { none, controller, monitor };
  void run(const std::vector<Aspect>& aspects, int steps, Silent silent = Silent::none) {
    for (int i = 0; i < steps; ++i) {
      ++number;
      if (silent != Silent::controller) driver.receive_aspects(number, aspects);
      if (silent != Silent::monitor) driver.receive_permit(number, permit);
      driver.step(step_length);
    }
  }

  const std::vector<Aspect> service{Aspect::green, Aspect::red, Aspect::red};
  LampDriver driver{test::two_streams(), Start::warm};
  const std::vector<Aspect> flash = flash_pattern(test::two_streams());
  std::uint64_t number = 0;
  bool permit = true;
};

TEST_F(LampDriverTest, lights_what_the_controller_says_while_the_monitor_permits) {
  run(service, 10);

  EXPECT_EQ(driver.lenses(), (std::vector<LensSet>{lens_green, lens_red, lens_red}));
  EXPECT_FALSE(driver.self_flash());
}

TEST_F(LampDriverTest, b15_flashes_by_itself_when_either_is_silent_for_longer_than_allowed) {
  for (const Silent silent : {Silent::controller, Silent::monitor}) {
    LampDriverTest::run(flash, 1);
    run(service, 10);
    run(service, 9, silent);  // up to 1000 ms old: still fresh
    EXPECT_FALSE(driver.self_flash());

    run(service, 1, silent);

    EXPECT_TRUE(driver.self_flash());
    EXPECT_EQ(driver.shown(), flash);
  }
}

TEST_F(LampDriverTest, flashes_when_the_permit_is_withdrawn) {
  run(service, 5);
  permit = false;

  run(service, 1);

  EXPECT_TRUE(driver.self_flash());
}

TEST_F(LampDriverTest, lights_again_only_from_a_frame_that_shows_the_flash_pattern) {
  permit = false;
  run(service, 1);
  permit = true;

  run(service, 50);
  EXPECT_TRUE(driver.self_flash());
  run(flash, 1);
  EXPECT_FALSE(driver.self_flash());
  run(service, 1);

  EXPECT_EQ(driver.shown(), service);
}

TEST_F(LampDriverTest, does_not_light_from_the_flash_pattern_without_a_permit) {
  permit = false;

  run(flash, 5);

  EXPECT_TRUE(driver.self_flash());
}

TEST_F(LampDriverTest, counts_repeated_and_old_numbers_as_silence) {
  run(service, 5);
  for (int i = 0; i < 11; ++i) {
    driver.receive_aspects(number, service);
    driver.receive_permit(number + 1 + static_cast<std::uint64_t>(i), true);
    driver.step(step_length);
  }
  EXPECT_TRUE(driver.self_flash());
}

TEST_F(LampDriverTest, starts_cold_in_its_own_flash) {
  LampDriver cold(test::two_streams(), Start::cold);

  cold.step(step_length);

  EXPECT_TRUE(cold.self_flash());
  EXPECT_EQ(cold.lenses(), (std::vector<LensSet>{lens_amber, lens_amber, lens_none}));
}

TEST_F(LampDriverTest, flashes_once_a_second_half_lit) {
  std::string lit;
  for (int i = 0; i < 20; ++i) {
    run({Aspect::red, Aspect::red, Aspect::flashing_green}, 1);
    lit += driver.lenses()[2] == lens_green ? 'x' : '.';
  }
  EXPECT_EQ(lit, "xxxxx.....xxxxx.....");
}

TEST_F(LampDriverTest, flashes_half_a_second_lit_and_half_a_second_dark_to_the_millisecond) {
  LampDriver cold(test::two_streams(), Start::cold);
  std::vector<int> changes;
  LensSet before = lens_none;
  for (int ms = 1; ms <= 2100; ++ms) {
    const LensSet lit = cold.step(Milliseconds{1})[0];
    if (lit != before) changes.push_back(ms);
    before = lit;
  }

  EXPECT_EQ(changes, (std::vector<int>{1, 500, 1000, 1500, 2000}));
}

TEST_F(LampDriverTest, ignores_a_frame_of_the_wrong_size_and_keeps_its_number_free) {
  run(service, 5);
  driver.receive_aspects(number + 1, std::vector<Aspect>(2, Aspect::green));
  driver.step(step_length);
  EXPECT_EQ(driver.shown(), service);

  run(std::vector<Aspect>(4, Aspect::green), 10);

  EXPECT_TRUE(driver.self_flash());
}

TEST_F(LampDriverTest, a_sender_that_starts_again_may_count_anew_and_the_other_may_not) {
  for (const auto again : {LampDriver::Sender::controller, LampDriver::Sender::monitor}) {
    const bool controller = again == LampDriver::Sender::controller;
    const auto speak = [&](std::uint64_t restarted, std::uint64_t other) {
      driver.receive_aspects(controller ? restarted : other, service);
      driver.receive_permit(controller ? other : restarted, permit);
      driver.step(step_length);
    };
    run(flash, 1);
    run(service, 5);

    driver.restart_numbers(again);
    for (std::uint64_t i = 1; i <= 11; ++i) speak(i, ++number);
    EXPECT_FALSE(driver.self_flash());
    driver.restart_numbers(again);
    for (std::uint64_t i = 1; i <= 11; ++i) speak(i, i);
    EXPECT_TRUE(driver.self_flash());
  }
}

TEST(FlashPattern, is_amber_for_vehicles_and_dark_for_people_even_with_an_amber_lens) {
  IntersectionParts parts = test::two_streams_parts();
  parts.groups[2].lenses = lens_red | lens_amber | lens_green;

  const auto pattern = flash_pattern(IntersectionConfig::make(parts).value());

  EXPECT_EQ(pattern,
            (std::vector<Aspect>{Aspect::flashing_amber, Aspect::flashing_amber, Aspect::dark}));
}

TEST(DriverFrame, comes_back_as_it_was_sent) {
  BackFrame back;
  back.boot = BootId{42};
  back.entries = {
      {IntersectionId{"J1"}, 7, true, {lens_red, lens_green}, {{DetectorId{"d"}, true}}},
      {IntersectionId{"J2"}, 8, false, {}, {}}};
  AspectFrame aspects{BootId{1}, {{IntersectionId{"J1"}, 9, {Aspect::green, Aspect::dark}}}};
  PermitFrame permits{BootId{2}, {{IntersectionId{"J1"}, 10, true}}};
  ReadBackFrame read{BootId{3}, {{IntersectionId{"J1"}, 11, {lens_amber}}}};
  HeartbeatFrame beat{BootId{4}, {{IntersectionId{"J1"}, 12, ConfigHash{}}}};

  for (const DriverFrame& frame : {DriverFrame{back}, DriverFrame{aspects}, DriverFrame{permits},
                                   DriverFrame{read}, DriverFrame{beat}}) {
    const auto decoded = decode_driver_frame(encode(frame));
    ASSERT_TRUE(decoded) << decoded.error().text();
    EXPECT_EQ(*decoded, frame);
  }
}

TEST(DriverFrame, refuses_every_truncation_and_every_byte_too_many) {
  const DriverFrame frame =
      AspectFrame{BootId{1}, {{IntersectionId{"J1"}, 9, {Aspect::green, Aspect::dark}}}};
  std::vector<std::byte> bytes = encode(frame);

  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_driver_frame(std::span(bytes).first(size))) << size;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_driver_frame(bytes));
}

TEST(DriverFrame, names_the_place_and_the_value_of_an_aspect_that_does_not_exist) {
  std::vector<std::byte> bytes =
      encode(AspectFrame{BootId{1}, {{IntersectionId{"J1"}, 9, {Aspect::green}}}});
  bytes.back() = std::byte{9};

  const auto decoded = decode_driver_frame(bytes);

  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().seen, "aspect 9");
}

}  // namespace
}  // namespace chorraha
