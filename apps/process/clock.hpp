#pragma once

#include <chrono>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// The clocks of one process. Steady time begins at 0 with it.
class ProcessClock {
 public:
  /// `offset` is added to UTC: a demo that begins at half past seven.
  explicit ProcessClock(Milliseconds offset = Milliseconds{0});
  [[nodiscard]] Tick tick() const;
  [[nodiscard]] Instant utc() const;

 private:
  std::chrono::steady_clock::time_point begin_;
  Milliseconds offset_;
};

/// A new random number for this start of this process.
[[nodiscard]] BootId new_boot();

}  // namespace chorraha
