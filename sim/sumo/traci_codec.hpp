#pragma once

// Inside sim/sumo only: bytes of TraCI, version 20. Source:
// https://sumo.dlr.de/docs/TraCI/Protocol.html

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::traci {

using Bytes = std::vector<std::uint8_t>;

enum Command : std::uint8_t {
  get_version = 0x00,
  simulation_step = 0x02,
  close = 0x7f,
  get_signal = 0xa2,
  get_vehicle = 0xa4,
  set_signal = 0xc2,
  set_lane = 0xc3,
  subscribe_vehicle = 0xd4,
  subscribe_simulation = 0xdb,
};

/// What the answers to subscriptions are headed with.
enum Domain : std::uint8_t { vehicle_values = 0xe4, simulation_values = 0xeb };

enum Variable : std::uint8_t {
  signal_state = 0x20,
  lane_disallowed = 0x35,
  speed = 0x40,
  position = 0x42,
  angle = 0x43,
  length = 0x44,
  vehicle_class = 0x49,
  width = 0x4d,
  lane_id = 0x51,
  edges = 0x54,
  lane_position = 0x56,
  route_index = 0x69,
  loaded_ids = 0x72,
  departed_ids = 0x74,
  arrived_ids = 0x7a,
  pending_ids = 0x94,  // due, but not yet put on the road
};

using Value = std::variant<std::monostate, double, std::int32_t, std::string,
                           std::vector<std::string>, Point>;

struct ObjectValues {
  std::uint8_t domain = 0;
  std::string object;
  struct Entry {
    std::uint8_t variable = 0;
    Value value;
  };
  std::vector<Entry> entries;

  /// Nothing if it is not there.
  [[nodiscard]] const Value* find(Variable variable) const;
  /// Nor if it is of another type.
  template <class T>
  [[nodiscard]] const T* find_as(Variable variable) const {
    const Value* const value = find(variable);
    return value == nullptr ? nullptr : std::get_if<T>(value);
  }
};

/// The answer to one command. A command that SUMO refuses has `refusal` and nothing else.
struct Answer {
  std::uint8_t command = 0;
  std::string refusal;
  Value value;                        // of a get; the API version of get_version
  std::vector<ObjectValues> objects;  // of subscriptions and steps
};

/// Commands of one message, in order.
class Request {
 public:
  Request& version();
  Request& step();
  Request& quit();
  Request& get(Command command, Variable variable, std::string_view object);
  Request& set_state(std::string_view signal, std::string_view letters);
  Request& forbid_lane(std::string_view lane);
  Request& subscribe(Command command, std::string_view object, std::span<const Variable> variables);

  [[nodiscard]] bool empty() const { return commands_.empty(); }
  [[nodiscard]] const std::vector<std::uint8_t>& commands() const { return commands_; }
  /// With the length of the whole in front.
  [[nodiscard]] Bytes message() const;

 private:
  void add(std::uint8_t command, const Bytes& content);

  std::vector<std::uint8_t> commands_;
  Bytes body_;
};

constexpr std::size_t message_max_bytes = std::size_t{256} << 20;

/// The answers to `commands`, from a message without its length. Bounds are checked throughout; a
/// message that does not fit is Reason::lost: nothing after it can be trusted.
[[nodiscard]] Result<std::vector<Answer>> parse_answers(std::span<const std::uint8_t> body,
                                                        std::span<const std::uint8_t> commands);

}  // namespace chorraha::traci
