#include "apps/centre/line_counts.hpp"

#include <chrono>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 60s;
constexpr auto gap_max = 3s;   // pictures come 2 to 5 a second while somebody looks
constexpr auto step_min = 1s;  // one entry a second is enough

}  // namespace

void LineCounts::told(std::uint64_t vehicles, Instant at) {
  const bool anew = !told_.empty() && (vehicles < told_.back().second || at < told_.back().first ||
                                       at - told_.back().first > gap_max);
  if (!told_.empty() && vehicles > told_.back().second) counted_ = at;
  if (anew) told_.clear();
  const bool replaces = told_.size() > 1 && at - told_[told_.size() - 2].first < step_min;
  if (replaces) {
    told_.back() = {at, vehicles};
  } else {
    told_.emplace_back(at, vehicles);
  }
  while (told_.size() > 1 && at - told_[1].first >= window) told_.pop_front();
}

std::optional<std::uint64_t> LineCounts::total() const {
  if (told_.empty()) return std::nullopt;
  return told_.back().second;
}

std::optional<std::uint64_t> LineCounts::last_minute() const {
  if (told_.empty() || told_.back().first - told_.front().first < window) return std::nullopt;
  return told_.back().second - told_.front().second;
}

}  // namespace chorraha
