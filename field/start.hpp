#pragma once

#include <chrono>
#include <cstdint>

namespace chorraha {

/// cold: flash, amber, all red (SAFETY.md C2). warm, for simulation: all red, every intergreen and
/// minimum red already run, first stage free at the first step.
enum class Start : std::uint8_t { cold, warm };

/// Time of day where the intersection stands.
struct LocalTime {
  std::chrono::seconds since_midnight{0};
  int weekday = 0;  // 0 = Monday
};

}  // namespace chorraha
