#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::wire {

/// Lowest and highest value that a field may have.
template <class T>
struct Bounds {
  T low;
  T high;
};

inline constexpr std::size_t id_bytes_max = 256;
inline constexpr std::size_t text_bytes_max = 1024;
inline constexpr Bounds<std::int64_t> tick_bounds{-1'000'000'000'000, 1'000'000'000'000};
inline constexpr Bounds<std::int64_t> instant_bounds{0, 32'503'680'000'000};  // 1970 to 3000, ms
inline constexpr Bounds<std::uint64_t> any_number{0, std::numeric_limits<std::uint64_t>::max()};
inline constexpr std::size_t stage_places = 256;
inline constexpr std::size_t timetable_places = 256;

/// Reads the fields of one wire message and remembers the first that is wrong; after that the
/// values it gives are placeholders. Its name is put together only when something is wrong.
class Reader {
 public:
  Reader(std::optional<Fault>& fault, std::string_view name) : fault_(fault), name_(name) {}
  /// A message inside `parent`; `index` in a list.
  Reader(const Reader& parent, std::string_view name, std::optional<std::size_t> index = {})
      : fault_(parent.fault_), parent_(&parent), name_(name), index_(index) {}

  [[nodiscard]] bool failed() const { return fault_.has_value(); }
  void complain(std::string_view field, std::string seen, std::string allowed) const;

  template <class T>
  [[nodiscard]] T number(std::string_view field, bool present, T value, Bounds<T> bounds) const {
    if (!present) {
      missing(field);
    } else if (!(value >= bounds.low && value <= bounds.high)) {  // so that NaN is refused
      complain(field, fmt::format("{}", value), fmt::format("{} to {}", bounds.low, bounds.high));
    } else {
      return value;
    }
    return bounds.low;
  }

  /// Enumerations leave 0 unused on the wire, so a noun's value stands one higher; `last` is the
  /// highest enumerator of the noun.
  template <class E>
  [[nodiscard]] E choice(std::string_view field, bool present, int value, E last) const {
    return static_cast<E>(number<int>(field, present, value, {1, static_cast<int>(last) + 1}) - 1);
  }

  [[nodiscard]] bool flag(std::string_view field, bool present, bool value) const;
  [[nodiscard]] Tick tick(std::string_view field, bool present, std::int64_t value) const;
  [[nodiscard]] Instant instant(std::string_view field, bool present, std::int64_t value) const;
  [[nodiscard]] std::string text(std::string_view field, bool present,
                                 const std::string& value) const;
  [[nodiscard]] std::string name(std::string_view field, bool present,
                                 const std::string& value) const;
  [[nodiscard]] ConfigHash hash(std::string_view field, bool present,
                                const std::string& value) const;
  /// A place in a vector; where it is left out the place is none().
  template <class I>
  [[nodiscard]] I place_or_none(std::string_view field, bool present, std::uint32_t value,
                                std::size_t places) const {
    return present ? place<I>(field, present, value, places) : I::none();
  }
  template <class I>
  [[nodiscard]] I place(std::string_view field, bool present, std::uint32_t value,
                        std::size_t places) const {
    return I{
        number<std::uint32_t>(field, present, value, {0, static_cast<std::uint32_t>(places - 1)})};
  }
  /// Whether a list has a good length; when not, it should not be read.
  [[nodiscard]] bool list(std::string_view field, int entries, Bounds<int> bounds) const;
  /// Whether a message inside is there.
  [[nodiscard]] bool inside(std::string_view field, bool present) const;

 private:
  void missing(std::string_view field) const;
  [[nodiscard]] std::string path() const;

  std::optional<Fault>& fault_;
  const Reader* parent_ = nullptr;
  std::string_view name_;
  std::optional<std::size_t> index_;
};

}  // namespace chorraha::wire

/// Name, presence and value of one field, as the functions of Reader take them.
#define CHORRAHA_FIELD(message, field) #field, (message).has_##field(), (message).field()
