#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/make_city/description.hpp"
#include "apps/make_city/geometry.hpp"
#include "traffic/result.hpp"

namespace chorraha::make_city {

struct Street {
  StreetDescription description;
  Curve curve;
  /// From the middle of the road to the kerb.
  [[nodiscard]] double half_width_m() const {
    return description.median_m / 2 + description.lanes * description.lane_width_m;
  }
  [[nodiscard]] bool has_pockets() const {
    return description.median_m >= 2.8 && description.pocket_m > 0;
  }
};

/// One street's way out of a crossroads.
struct Arm {
  std::size_t street = 0;
  int sign = 1;          // +1: out of the crossroads stations ascend
  double station_m = 0;  // of the crossroads' middle on the street
  Point outward;         // unit vector
  std::string compass;   // "N", "E", "S", "W"
  double stop_m = 0;     // from the middle to the stop line
  double walk_m = 0;     // from the middle to the middle of the walk
  double reach_m = 0;    // to the next crossroads or the end of the street
};

struct Crossroads {
  std::string id;    // "J01"
  std::string name;  // "Navoiy / Amir Temur"
  Point centre;
  std::vector<Arm> arms;  // clockwise from north
};

/// A piece of street between two crossroads, or from one to the edge of the city.
struct Segment {
  static constexpr std::size_t edge = static_cast<std::size_t>(-1);
  std::size_t street = 0;
  double begin_m = 0, end_m = 0;          // stations of the crossroads' middles
  std::size_t first = edge, last = edge;  // crossroads
};

/// The plan of the streets, before lanes.
struct Layout {
  std::vector<Street> streets;
  std::vector<Crossroads> crossroads;  // from north to south in rows, west to east
  std::vector<Segment> segments;       // by street, along it
  /// The arm of a crossroads on a street in a direction; nullptr if there is none.
  [[nodiscard]] const Arm* arm(std::size_t crossroads, std::size_t street, int sign) const;
};

/// Faults: not_possible if crossroads lie too near to each other for their stop lines, a street
/// crosses nothing, or more than two streets meet in one place.
[[nodiscard]] Result<Layout> lay_out(const Description& description);

}  // namespace chorraha::make_city
