#include "messaging/codec/reader.hpp"

#include <algorithm>
#include <utility>

namespace chorraha::wire {

std::string Reader::path() const {
  std::string own{name_};
  if (index_) own += fmt::format("[{}]", *index_);
  return parent_ == nullptr ? own : parent_->path() + "." + own;
}

void Reader::complain(std::string_view field, std::string seen, std::string allowed) const {
  if (fault_) return;
  fault_ = Fault{Reason::bad_input, fmt::format("{}.{}", path(), field), std::move(seen),
                 std::move(allowed)};
}

void Reader::missing(std::string_view field) const {
  complain(field, "nothing", "a value");
}

bool Reader::flag(std::string_view field, bool present, bool value) const {
  if (!present) missing(field);
  return value;
}

Tick Reader::tick(std::string_view field, bool present, std::int64_t value) const {
  return Tick{Ticks{number(field, present, value, tick_bounds)}};
}

Instant Reader::instant(std::string_view field, bool present, std::int64_t value) const {
  return Instant{Milliseconds{number(field, present, value, instant_bounds)}};
}

std::string Reader::text(std::string_view field, bool present, const std::string& value) const {
  constexpr auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  };
  if (!present) {
    missing(field);
  } else if (value.size() > text_bytes_max) {
    complain(field, fmt::format("{} bytes", value.size()),
             fmt::format("at most {}", text_bytes_max));
  } else if (std::ranges::any_of(value, is_control)) {
    complain(field, "a control character", "text");
  } else {
    return value;
  }
  return {};
}

std::string Reader::name(std::string_view field, bool present, const std::string& value) const {
  if (present && (value.empty() || value.size() > id_bytes_max)) {
    complain(field, fmt::format("{} bytes", value.size()), fmt::format("1 to {}", id_bytes_max));
    return {};
  }
  return text(field, present, value);
}

ConfigHash Reader::hash(std::string_view field, bool present, const std::string& value) const {
  ConfigHash hash;
  if (!present) {
    missing(field);
  } else if (value.size() != hash.bytes.size()) {
    complain(field, fmt::format("{} bytes", value.size()), fmt::format("{}", hash.bytes.size()));
  } else {
    std::ranges::transform(value, hash.bytes.begin(),
                           [](char c) { return static_cast<std::uint8_t>(c); });
  }
  return hash;
}

bool Reader::list(std::string_view field, int entries, Bounds<int> bounds) const {
  if (entries >= bounds.low && entries <= bounds.high) return true;
  complain(field, fmt::format("{} entries", entries),
           fmt::format("{} to {}", bounds.low, bounds.high));
  return false;
}

bool Reader::inside(std::string_view field, bool present) const {
  if (!present) missing(field);
  return present;
}

}  // namespace chorraha::wire
