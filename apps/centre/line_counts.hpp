#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "traffic/time.hpp"

namespace chorraha {

/// The count of one camera line as its pictures tell it: the way in which lines without a detector
/// are known. A smaller count than before: the camera began anew.
/// Threads: one owner.
class LineCounts {
 public:
  void told(std::uint64_t vehicles, Instant at);

  /// Since the camera began; nothing before the first picture.
  [[nodiscard]] std::optional<std::uint64_t> total() const;
  /// In the last minute of the pictures; nothing unless pictures came all through it.
  [[nodiscard]] std::optional<std::uint64_t> last_minute() const;
  /// When a picture first told the count as it is; nothing if it never grew.
  [[nodiscard]] std::optional<Instant> counted() const { return counted_; }

 private:
  std::deque<std::pair<Instant, std::uint64_t>> told_;  // by time, of the last minute and one more
  std::optional<Instant> counted_;
};

}  // namespace chorraha
