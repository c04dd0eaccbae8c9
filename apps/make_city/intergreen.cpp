#include "apps/make_city/intergreen.hpp"

#include <algorithm>
#include <cmath>

#include "apps/make_city/geometry.hpp"

namespace chorraha::make_city {
namespace {

constexpr double vehicle_m = 6;
constexpr double straight_mps = 10;
constexpr double turning_mps = 7;
constexpr double entering_mps = 40 / 3.6;
constexpr double walking_mps = 1.2;
constexpr double near_m = 2.5;  // bodies of 2 m width with a margin

Ticks up_to_half_a_second(double seconds) {
  return Ticks{std::llround(std::ceil(seconds * 2 - 1e-9) * 5)};
}

double clearing_mps(const Movement& movement) {
  return movement.turn == Turn::straight ? straight_mps : turning_mps;
}

}  // namespace

Ticks intergreen(const Movement& clearing, const Movement& entering, Ticks amber) {
  double most_s = 0;
  for (const Touch& touch : touches(clearing.shape, entering.shape, near_m)) {
    const double clear_s = to_seconds(amber) + (touch.on_a_m + vehicle_m) / clearing_mps(clearing);
    most_s = std::max(most_s, clear_s - touch.on_b_m / entering_mps);
  }
  return up_to_half_a_second(most_s);
}

Ticks intergreen(const Movement& clearing, const Crossing& walk, Ticks amber) {
  double most_s = 0;
  for (const Touch& touch : touches(clearing.shape, walk.shape, walk.width_m / 2)) {
    most_s =
        std::max(most_s, to_seconds(amber) + (touch.on_a_m + vehicle_m) / clearing_mps(clearing));
  }
  return up_to_half_a_second(most_s);
}

Ticks clearance_of(const Crossing& walk) {
  return up_to_half_a_second(length_m(walk.shape) / walking_mps);
}

}  // namespace chorraha::make_city
