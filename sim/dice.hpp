#pragma once

#include <cmath>
#include <cstdint>

namespace chorraha::sim {

/// What a random number is for; two purposes never share one.
enum class Purpose : std::uint64_t {
  departure,
  vehicle_type,
  speed_factor,
  dawdling,
  person_arrival,
  person_side,
  paint,
};

/// Mixes one word well (SplitMix64, Steele, Lea, Flood 2014).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// Random numbers without a state: each is a hash of who asks, when and what for, so that the order
/// of asking never matters and a run repeats exactly.
class Dice {
 public:
  explicit constexpr Dice(std::uint64_t seed) : seed_(mixed(seed)) {}

  /// Uniform in [0, 1).
  [[nodiscard]] double uniform(Purpose purpose, std::uint64_t who, std::uint64_t when) const {
    const std::uint64_t word =
        mixed(mixed(seed_ ^ (static_cast<std::uint64_t>(purpose) << 56U) ^ who) ^ when);
    return static_cast<double>(word >> 11U) * 0x1.0p-53;
  }

  /// Exponential with mean 1.
  [[nodiscard]] double exponential(Purpose purpose, std::uint64_t who, std::uint64_t when) const {
    return -std::log1p(-uniform(purpose, who, when));
  }

  /// Normal with mean 0 and deviation 1 (Box and Muller 1958).
  [[nodiscard]] double normal(Purpose purpose, std::uint64_t who) const {
    constexpr double full_turn_rad = 6.283185307179586;
    const double radius = std::sqrt(2 * exponential(purpose, who, 0));
    return radius * std::cos(full_turn_rad * uniform(purpose, who, 1));
  }

 private:
  std::uint64_t seed_;
};

}  // namespace chorraha::sim
