#include "sim/sumo/traci_codec.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chorraha {
namespace {

using traci::Bytes;
using traci::Request;
using traci::Variable;

/// Writes answers as SUMO does.
class Wire {
 public:
  Wire& byte(int value) {
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  Wire& integer(std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) byte(static_cast<int>(value >> shift & 0xff));
    return *this;
  }
  Wire& real_13_9() { return integer(0x402BCCCC).integer(0xCCCCCCCD); }  // IEEE 754 of 13.9
  Wire& text(const std::string& value) {
    integer(static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }
  Wire& status(int command, int result, const std::string& words) {
    return byte(7 + static_cast<int>(words.size())).byte(command).byte(result).text(words);
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// A step with one vehicle: its speed, and its lane under an error.
Wire step_answer() {
  Wire wire;
  wire.status(traci::set_signal, 0, "").status(traci::simulation_step, 0, "").integer(1);
  wire.byte(0).integer(40).byte(traci::vehicle_values).text("v1").byte(2);
  wire.byte(traci::speed).byte(0).byte(0x0b).real_13_9();
  wire.byte(traci::lane_id).byte(0xff).byte(0x0c).text("oh");
  return wire;
}
constexpr std::array<std::uint8_t, 2> step_commands{traci::set_signal, traci::simulation_step};

TEST(TraciRequest, puts_letters_and_step_into_one_message) {
  Request request;

  request.set_state("J", "Gr").step();

  // length, then command 0xc2: variable 0x20 of "J" = text "Gr", then command 0x02 to time 0
  const Bytes expected{0, 0, 0,   29,  15, 0xc2, 0x20, 0, 0, 0, 1, 'J', 0x0c, 0, 0,
                       0, 2, 'G', 'r', 10, 0x02, 0,    0, 0, 0, 0, 0,   0,    0};
  Bytes message = request.message();
  EXPECT_EQ(message[3], message.size());
  message[4] = expected[4];
  EXPECT_EQ(request.commands(), (std::vector<std::uint8_t>{0xc2, 0x02}));
  EXPECT_EQ(message, expected);
}

TEST(TraciRequest, long_commands_carry_a_long_length) {
  Request request;

  request.set_state("J", std::string(300, 'G'));

  const Bytes message = request.message();
  EXPECT_EQ(message[4], 0);
  EXPECT_EQ((message[7] << 8) + message[8], static_cast<int>(message.size()) - 4);
}

TEST(TraciAnswers, give_what_a_step_reports) {
  const Wire wire = step_answer();

  const auto answers = traci::parse_answers(wire.bytes(), step_commands);

  ASSERT_TRUE(answers) << answers.error().text();
  ASSERT_EQ(answers->size(), 2U);
  ASSERT_EQ((*answers)[1].objects.size(), 1U);
  const traci::ObjectValues& vehicle = (*answers)[1].objects[0];
  EXPECT_EQ(vehicle.object, "v1");
  ASSERT_NE(vehicle.find(Variable::speed), nullptr);
  EXPECT_DOUBLE_EQ(std::get<double>(*vehicle.find(Variable::speed)), 13.9);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(*vehicle.find(Variable::lane_id)));
  EXPECT_EQ(vehicle.find(Variable::angle), nullptr);
}

TEST(TraciAnswers, a_refused_command_leaves_the_others_readable) {
  Wire wire;
  wire.status(traci::get_vehicle, 0xff, "Vehicle 'x' is not known.");
  wire.status(traci::get_vehicle, 0, "");
  wire.byte(20).byte(0xb4).byte(traci::vehicle_class).text("y").byte(0x0c).text("bus");
  const std::array<std::uint8_t, 2> commands{traci::get_vehicle, traci::get_vehicle};

  const auto answers = traci::parse_answers(wire.bytes(), commands);

  ASSERT_TRUE(answers) << answers.error().text();
  EXPECT_EQ((*answers)[0].refusal, "Vehicle 'x' is not known.");
  EXPECT_EQ(std::get<std::string>((*answers)[1].value), "bus");
}

TEST(TraciAnswers, cut_off_anywhere_are_a_fault) {
  const Bytes whole = step_answer().bytes();

  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto answers = traci::parse_answers(std::span(whole).first(size), step_commands);
    ASSERT_FALSE(answers) << size;
    EXPECT_EQ(answers.error().reason, Reason::lost);
  }
}

TEST(TraciAnswers, with_any_byte_changed_never_read_past_the_end) {
  constexpr unsigned seed = 20240101;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const Bytes whole = step_answer().bytes();

  for (int i = 0; i < 5'000; ++i) {
    Bytes broken = whole;
    for (int k = 0; k < 3; ++k)
      broken[random() % broken.size()] = static_cast<std::uint8_t>(random());
    const auto answers = traci::parse_answers(broken, step_commands);
    EXPECT_TRUE(!answers || answers->size() == 2U);
  }
}

TEST(TraciAnswers, of_another_command_are_a_fault) {
  Wire wire;
  wire.status(traci::close, 0, "");

  EXPECT_FALSE(traci::parse_answers(wire.bytes(), std::array<std::uint8_t, 1>{traci::get_version}));
}

}  // namespace
}  // namespace chorraha
