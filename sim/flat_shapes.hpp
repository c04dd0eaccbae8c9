#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "traffic/network.hpp"

// Small geometry and colour that the virtual camera's files share.
namespace chorraha::sim {

/// A place `ahead_m` and `left_m` of a pose.
[[nodiscard]] inline Point beside(const Pose& pose, double ahead_m, double left_m) {
  const double c = std::cos(pose.heading_rad);
  const double s = std::sin(pose.heading_rad);
  return {pose.at.x_m + ahead_m * c - left_m * s, pose.at.y_m + ahead_m * s + left_m * c};
}

/// A colour level, cut to 0 to 255.
[[nodiscard]] inline std::uint8_t level(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
}

/// The convex hull, anticlockwise (Andrew 1979).
[[nodiscard]] inline Polyline hull_of(Polyline points) {
  std::ranges::sort(points, [](const Point& a, const Point& b) {
    return a.x_m != b.x_m ? a.x_m < b.x_m : a.y_m < b.y_m;
  });
  const auto turn = [](const Point& o, const Point& a, const Point& b) {
    return (a.x_m - o.x_m) * (b.y_m - o.y_m) - (a.y_m - o.y_m) * (b.x_m - o.x_m);
  };
  Polyline ring;
  for (int side = 0; side < 2 && points.size() > 2; ++side) {
    const std::size_t kept = ring.size();
    for (const Point& p : points) {
      while (ring.size() >= kept + 2 && turn(ring[ring.size() - 2], ring.back(), p) <= 0)
        ring.pop_back();
      ring.push_back(p);
    }
    ring.pop_back();
    std::ranges::reverse(points);
  }
  return ring;
}

}  // namespace chorraha::sim
