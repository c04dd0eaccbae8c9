#include "apps/process/clock.hpp"

#include <cstdint>
#include <random>

namespace chorraha {

ProcessClock::ProcessClock(Milliseconds offset)
    : begin_(std::chrono::steady_clock::now()), offset_(offset) {}

Tick ProcessClock::tick() const {
  return Tick{std::chrono::floor<Ticks>(std::chrono::steady_clock::now() - begin_)};
}

Instant ProcessClock::utc() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()) + offset_;
}

BootId new_boot() {
  std::random_device random;
  return BootId{(std::uint64_t{random()} << 32U) | random()};
}

}  // namespace chorraha
