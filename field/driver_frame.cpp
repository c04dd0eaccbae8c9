#include "field/driver_frame.hpp"

#include <array>
#include <optional>
#include <string>
#include <type_traits>

#include <fmt/format.h>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

constexpr std::array<std::uint8_t, 4> magic{'C', 'H', 'L', 'D'};
constexpr std::uint8_t version = 1;
constexpr std::size_t header_bytes = magic.size() + 2 + 8 + 2;
constexpr auto aspect_last = static_cast<std::uint8_t>(Aspect::flashing_amber);
constexpr std::uint8_t lenses_all = lens_red | lens_amber | lens_green;

/// Writes and Reads have the same shape, so that one `transfer` an entry states the format once.
class Writer {
 public:
  template <class Unsigned>
  void number(const Unsigned& value) {
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
      bytes_.push_back(static_cast<std::byte>(std::uint64_t{value} >> (8 * i) & 0xff));
  }
  void count(std::size_t size) {
    CHORRAHA_EXPECT(size <= 0xffff);
    number(static_cast<std::uint16_t>(size));
  }
  void flag(const bool& value) { number(static_cast<std::uint8_t>(value ? 1 : 0)); }
  void aspect(const Aspect& value) { number(static_cast<std::uint8_t>(value)); }
  void lenses(const LensSet& value) { number(value); }
  template <class Tag>
  void id(const Id<Tag>& value) {
    CHORRAHA_EXPECT(value.text().size() <= 0xff);
    number(static_cast<std::uint8_t>(value.text().size()));
    for (const char c : value.text()) bytes_.push_back(static_cast<std::byte>(c));
  }
  void hash(const ConfigHash& value) {
    for (const std::uint8_t byte : value.bytes) number(byte);
  }
  template <class Item, class One>
  void list(const std::vector<Item>& items, One one) {
    count(items.size());
    for (const Item& item : items) one(item);
  }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// The first trouble is kept; after it every read gives zeros.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class Unsigned>
  void number(Unsigned& value) {
    value = 0;
    if (!has(sizeof(Unsigned))) return;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
      sum |= std::to_integer<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    value = static_cast<Unsigned>(sum);
    at_ += sizeof(Unsigned);
  }
  void flag(bool& value) { value = small(1, "flag") == 1; }
  void aspect(Aspect& value) { value = static_cast<Aspect>(small(aspect_last, "aspect")); }
  void lenses(LensSet& value) { value = small(lenses_all, "lenses"); }
  template <class Tag>
  void id(Id<Tag>& value) {
    std::uint8_t size = 0;
    number(size);
    if (!has(size)) return;
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += std::to_integer<char>(bytes_[at_ + i]);
    at_ += size;
    value = Id<Tag>(std::move(text));
  }
  void hash(ConfigHash& value) {
    for (std::uint8_t& byte : value.bytes) number(byte);
  }
  template <class Item, class One>
  void list(std::vector<Item>& items, One one) {
    std::uint16_t count = 0;
    number(count);
    for (std::size_t i = 0; i < count && !fault_; ++i) one(items.emplace_back());
  }
  [[nodiscard]] std::optional<Fault> finish() {
    if (!fault_ && at_ != bytes_.size())
      complain(fmt::format("{} bytes", bytes_.size()), fmt::format("{} bytes", at_));
    return fault_;
  }
  void complain(std::string seen, std::string allowed) {
    if (fault_) return;
    fault_ = Fault{Reason::bad_input, fmt::format("driver frame, byte {}", at_), std::move(seen),
                   std::move(allowed)};
  }

 private:
  bool has(std::size_t size) {
    if (fault_) return false;
    if (bytes_.size() - at_ >= size) return true;
    complain(fmt::format("{} bytes left", bytes_.size() - at_), fmt::format("{}", size));
    return false;
  }
  std::uint8_t small(std::uint8_t highest, const char* what) {
    std::uint8_t value = 0;
    number(value);
    if (value <= highest) return value;
    complain(fmt::format("{} {}", what, value), fmt::format("0 to {}", highest));
    return 0;
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::optional<Fault> fault_;
};

// The format of each entry, once for both ways.
template <class Way, class Entry>
  requires std::is_same_v<std::remove_const_t<Entry>, AspectFrame::Entry>
void transfer(Way& way, Entry& entry) {
  way.list(entry.aspects, [&way](auto& aspect) { way.aspect(aspect); });
}
template <class Way, class Entry>
  requires std::is_same_v<std::remove_const_t<Entry>, BackFrame::Entry>
void transfer(Way& way, Entry& entry) {
  way.flag(entry.self_flash);
  way.list(entry.lenses, [&way](auto& lenses) { way.lenses(lenses); });
  way.list(entry.loops, [&way](auto& loop) {
    way.id(loop.detector);
    way.flag(loop.occupied);
  });
}
template <class Way, class Entry>
  requires std::is_same_v<std::remove_const_t<Entry>, ReadBackFrame::Entry>
void transfer(Way& way, Entry& entry) {
  way.list(entry.lenses, [&way](auto& lenses) { way.lenses(lenses); });
}
template <class Way, class Entry>
  requires std::is_same_v<std::remove_const_t<Entry>, PermitFrame::Entry>
void transfer(Way& way, Entry& entry) {
  way.flag(entry.permit);
}
template <class Way, class Entry>
  requires std::is_same_v<std::remove_const_t<Entry>, HeartbeatFrame::Entry>
void transfer(Way& way, Entry& entry) {
  way.hash(entry.config_hash);
}

template <class Way, class Frame>
void transfer_entries(Way& way, Frame& frame) {
  way.list(frame.entries, [&way](auto& entry) {
    way.id(entry.intersection);
    way.number(entry.number);
    transfer(way, entry);
  });
}

template <class Frame>
Result<DriverFrame> read_frame(Reader& reader, std::uint64_t boot) {
  Frame frame;
  frame.boot = BootId{boot};
  transfer_entries(reader, frame);
  if (const auto fault = reader.finish()) return *fault;
  return DriverFrame{std::move(frame)};
}

}  // namespace

std::vector<std::byte> encode(const DriverFrame& frame) {
  Writer writer;
  for (const std::uint8_t byte : magic) writer.number(byte);
  writer.number(version);
  writer.number(static_cast<std::uint8_t>(frame.index()));
  std::visit(
      [&writer](const auto& known) {
        writer.number(static_cast<std::uint64_t>(known.boot));
        transfer_entries(writer, known);
      },
      frame);
  return writer.take();
}

Result<DriverFrame> decode_driver_frame(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  if (bytes.size() < header_bytes)
    reader.complain(fmt::format("{} bytes", bytes.size()), fmt::format("{} or more", header_bytes));
  std::array<std::uint8_t, 4> seen_magic{};
  for (std::uint8_t& byte : seen_magic) reader.number(byte);
  if (seen_magic != magic) reader.complain("another mark", "CHLD");
  std::uint8_t seen_version = 0;
  reader.number(seen_version);
  if (seen_version != version)
    reader.complain(fmt::format("version {}", seen_version), fmt::format("version {}", version));
  std::uint8_t kind = 0;
  reader.number(kind);
  std::uint64_t boot = 0;
  reader.number(boot);
  switch (kind) {
    case 0:
      return read_frame<AspectFrame>(reader, boot);
    case 1:
      return read_frame<BackFrame>(reader, boot);
    case 2:
      return read_frame<ReadBackFrame>(reader, boot);
    case 3:
      return read_frame<PermitFrame>(reader, boot);
    case 4:
      return read_frame<HeartbeatFrame>(reader, boot);
    default:
      reader.complain(fmt::format("kind {}", kind), "0 to 4");
      return reader.finish().value_or(Fault{});
  }
}

}  // namespace chorraha
