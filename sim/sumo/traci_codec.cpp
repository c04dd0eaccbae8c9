#include "sim/sumo/traci_codec.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace chorraha::traci {
namespace {

enum Type : std::uint8_t {
  position_2d = 0x01,
  position_3d = 0x03,
  unsigned_byte = 0x07,
  byte = 0x08,
  integer = 0x09,
  real = 0x0b,
  text = 0x0c,
  text_list = 0x0e,
};

constexpr double forever_s = 1e9;

void put(Bytes& out, std::uint8_t value) {
  out.push_back(value);
}
void put_int(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void put_real(Bytes& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  put_int(out, static_cast<std::uint32_t>(bits >> 32));
  put_int(out, static_cast<std::uint32_t>(bits));
}
void put_text(Bytes& out, std::string_view value) {
  put_int(out, static_cast<std::uint32_t>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
}

/// Reads numbers in network order; once it runs over the end it stays failed and gives zeros.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  std::int32_t integer() { return static_cast<std::int32_t>(number(4)); }
  double real() { return std::bit_cast<double>(number(8)); }

  std::string text() {
    const std::uint64_t size = number(4);
    if (failed_ || size > bytes_.size()) {
      failed_ = true;
      return {};
    }
    std::string value(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    bytes_ = bytes_.subspan(size);
    return value;
  }

  std::vector<std::string> texts() {
    std::vector<std::string> values;
    const std::uint64_t count = number(4);
    if (count > bytes_.size() / 4) failed_ = true;  // each takes four bytes at least
    for (std::uint64_t i = 0; i < count && !failed_; ++i) values.push_back(text());
    return values;
  }

  /// The head of a command; the number of bytes it says it has is of no use to us.
  std::uint8_t command() {
    if (byte() == 0) number(4);
    return byte();
  }

  void fail() { failed_ = true; }

 private:
  std::uint64_t number(std::size_t size) {
    if (failed_ || size > bytes_.size()) {
      failed_ = true;
      return 0;
    }
    std::uint64_t value = 0;
    for (const std::uint8_t each : bytes_.first(size)) value = value << 8 | each;
    bytes_ = bytes_.subspan(size);
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  bool failed_ = false;
};

Value read_value(Reader& in) {
  switch (in.byte()) {
    case Type::position_2d: {
      const double x_m = in.real();
      return Point{x_m, in.real()};
    }
    case Type::position_3d: {
      const double x_m = in.real();
      const Point point{x_m, in.real()};
      in.real();
      return point;
    }
    case Type::unsigned_byte:
    case Type::byte:
      return std::int32_t{in.byte()};
    case Type::integer:
      return in.integer();
    case Type::real:
      return in.real();
    case Type::text:
      return in.text();
    case Type::text_list:
      return in.texts();
    default:
      in.fail();
      return {};
  }
}

ObjectValues read_object(Reader& in) {
  ObjectValues object;
  object.domain = in.command();
  object.object = in.text();
  const std::uint8_t count = in.byte();
  object.entries.reserve(count);
  for (std::uint8_t i = 0; i < count && !in.failed(); ++i) {
    const std::uint8_t variable = in.byte();
    const bool is_good = in.byte() == 0;
    Value value = read_value(in);
    if (!is_good) value = {};
    object.entries.push_back({variable, std::move(value)});
  }
  return object;
}

void read_rest(Reader& in, Answer& answer) {
  switch (answer.command) {
    case Command::get_version:
      in.command();
      answer.value = in.integer();
      in.text();
      return;
    case Command::get_signal:
    case Command::get_vehicle:
      in.command();
      in.byte();  // variable
      in.text();  // object
      answer.value = read_value(in);
      return;
    case Command::subscribe_vehicle:
    case Command::subscribe_simulation:
      answer.objects.push_back(read_object(in));
      return;
    case Command::simulation_step: {
      const std::int32_t count = in.integer();
      if (count < 0) in.fail();
      for (std::int32_t i = 0; i < count && !in.failed(); ++i)
        answer.objects.push_back(read_object(in));
      return;
    }
    default:
      return;
  }
}

}  // namespace

const Value* ObjectValues::find(Variable variable) const {
  const auto entry = std::ranges::find(entries, variable, &Entry::variable);
  return entry == entries.end() ? nullptr : &entry->value;
}

void Request::add(std::uint8_t command, const Bytes& content) {
  const std::size_t short_size = content.size() + 2;
  if (short_size <= std::numeric_limits<std::uint8_t>::max()) {
    put(body_, static_cast<std::uint8_t>(short_size));
  } else {
    put(body_, 0);
    put_int(body_, static_cast<std::uint32_t>(content.size() + 6));
  }
  put(body_, command);
  body_.insert(body_.end(), content.begin(), content.end());
  commands_.push_back(command);
}

Request& Request::version() {
  add(Command::get_version, {});
  return *this;
}

Request& Request::step() {
  Bytes content;
  put_real(content, 0);  // one step
  add(Command::simulation_step, content);
  return *this;
}

Request& Request::quit() {
  add(Command::close, {});
  return *this;
}

Request& Request::get(Command command, Variable variable, std::string_view object) {
  Bytes content;
  put(content, variable);
  put_text(content, object);
  add(command, content);
  return *this;
}

Request& Request::set_state(std::string_view signal, std::string_view letters) {
  Bytes content;
  put(content, Variable::signal_state);
  put_text(content, signal);
  put(content, Type::text);
  put_text(content, letters);
  add(Command::set_signal, content);
  return *this;
}

Request& Request::forbid_lane(std::string_view lane) {
  Bytes content;
  put(content, Variable::lane_disallowed);
  put_text(content, lane);
  put(content, Type::text_list);
  put_int(content, 1);
  put_text(content, "all");
  add(Command::set_lane, content);
  return *this;
}

Request& Request::subscribe(Command command, std::string_view object,
                            std::span<const Variable> variables) {
  Bytes content;
  put_real(content, 0);
  put_real(content, forever_s);
  put_text(content, object);
  put(content, static_cast<std::uint8_t>(variables.size()));
  for (const Variable variable : variables) put(content, variable);
  add(command, content);
  return *this;
}

Bytes Request::message() const {
  Bytes bytes;
  bytes.reserve(body_.size() + 4);
  put_int(bytes, static_cast<std::uint32_t>(body_.size() + 4));
  bytes.insert(bytes.end(), body_.begin(), body_.end());
  return bytes;
}

Result<std::vector<Answer>> parse_answers(std::span<const std::uint8_t> body,
                                          std::span<const std::uint8_t> commands) {
  Reader in(body);
  std::vector<Answer> answers;
  answers.reserve(commands.size());
  for (const std::uint8_t command : commands) {
    Answer answer;
    answer.command = in.command();
    const std::uint8_t result = in.byte();
    std::string text = in.text();
    if (!in.failed() && answer.command != command) {
      return Fault{Reason::lost, "SUMO",
                   fmt::format("an answer to command {:#04x}", answer.command),
                   fmt::format("an answer to {:#04x}", command)};
    }
    if (result == 0) {
      read_rest(in, answer);
    } else {
      answer.refusal = text.empty() ? fmt::format("result {}", result) : std::move(text);
    }
    if (in.failed()) {
      return Fault{Reason::lost, "SUMO", fmt::format("a broken answer of {} bytes", body.size()),
                   fmt::format("{} whole answers", commands.size())};
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace chorraha::traci
