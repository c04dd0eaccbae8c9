#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chorraha::count {

/// First touch of the line to the rear leaving it, frame numbers.
struct Span {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct LineTruth {
  std::vector<Span> required;  // each is one vehicle
  std::vector<Span> optional;  // may or may not be counted
};

struct Score {
  std::size_t required = 0;
  std::size_t missed = 0;        // required spans without a count
  std::size_t false_counts = 0;  // counts without a span

  /// (missed + false) / required; 0 where nothing was required.
  [[nodiscard]] double event_error() const;
};

/// A count at frame f fits a span [a, b] when a - 10 <= f <= b + 25. Counts are matched one to one
/// to fitting spans, as many as possible, the required ones first, then the optional ones
/// (augmenting paths never unmatch a span).
[[nodiscard]] Score score(const LineTruth& truth, const std::vector<std::int64_t>& counts);

/// The sum over lines.
[[nodiscard]] Score operator+(const Score& a, const Score& b);

}  // namespace chorraha::count
