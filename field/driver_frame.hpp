#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/result.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// The datagrams between controller, lamp driver and monitor. One datagram carries all
/// intersections of one process, each entry numbered by itself.
/// Bytes: "CHLD", version 1, kind, boot (8), count (2), then the entries; integers little-endian,
///   ids as length (1) and bytes, lists as count (2) and items. `boot`: random number of one start
///   of the sender; numbers of an entry ascend within it.
struct AspectFrame {  // controller -> driver, 10 Hz
  struct Entry {
    IntersectionId intersection;
    std::uint64_t number = 0;
    std::vector<Aspect> aspects;  // by GroupIndex
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  BootId boot{};
  std::vector<Entry> entries;
  friend bool operator==(const AspectFrame&, const AspectFrame&) = default;
};

struct BackFrame {  // driver -> controller, 10 Hz
  struct Loop {
    DetectorId detector;
    bool occupied = false;
    friend bool operator==(const Loop&, const Loop&) = default;
  };
  struct Entry {
    IntersectionId intersection;
    std::uint64_t number = 0;
    bool self_flash = false;
    std::vector<LensSet> lenses;  // lit, by GroupIndex
    std::vector<Loop> loops;      // state now
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  BootId boot{};
  std::vector<Entry> entries;
  friend bool operator==(const BackFrame&, const BackFrame&) = default;
};

struct ReadBackFrame {  // driver -> monitor, 50 Hz
  struct Entry {
    IntersectionId intersection;
    std::uint64_t number = 0;
    std::vector<LensSet> lenses;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  BootId boot{};
  std::vector<Entry> entries;
  friend bool operator==(const ReadBackFrame&, const ReadBackFrame&) = default;
};

struct PermitFrame {  // monitor -> driver, 10 Hz
  struct Entry {
    IntersectionId intersection;
    std::uint64_t number = 0;
    bool permit = false;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  BootId boot{};
  std::vector<Entry> entries;
  friend bool operator==(const PermitFrame&, const PermitFrame&) = default;
};

struct HeartbeatFrame {  // controller <-> monitor, each 100 ms
  struct Entry {
    IntersectionId intersection;
    std::uint64_t number = 0;
    ConfigHash config_hash;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  BootId boot{};
  std::vector<Entry> entries;
  friend bool operator==(const HeartbeatFrame&, const HeartbeatFrame&) = default;
};

using DriverFrame =
    std::variant<AspectFrame, BackFrame, ReadBackFrame, PermitFrame, HeartbeatFrame>;

/// Needs: at most 65535 entries and items, ids of at most 255 bytes.
[[nodiscard]] std::vector<std::byte> encode(const DriverFrame& frame);

/// Faults: anything that is not exactly one frame; names the place in bytes.
[[nodiscard]] Result<DriverFrame> decode_driver_frame(std::span<const std::byte> bytes);

}  // namespace chorraha
