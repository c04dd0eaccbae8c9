#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

enum class VehicleClass : std::uint8_t { unknown, car, truck, bus, motorcycle, bicycle, person };
[[nodiscard]] std::string_view name_of(VehicleClass vehicle_class);
[[nodiscard]] std::optional<VehicleClass> vehicle_class_named(std::string_view name);

/// One thing that one sensor saw. Nobody sends only sums.
/// Order: of one detector by `at`; a presence detector alternates on and off, a counting line of a
/// camera sends `crossing` when a vehicle's rear has left it.
struct Detection {
  enum class Kind : std::uint8_t { on, off, crossing };
  DetectorId detector;
  Instant at;
  Kind kind = Kind::crossing;
  VehicleClass vehicle_class = VehicleClass::unknown;
  std::optional<double> speed_mps;
  double confidence = 1.0;  // 0 to 1
  friend bool operator==(const Detection&, const Detection&) = default;
};

/// Full sensing only: where one vehicle is that will reach the stop line of `intersection`.
struct Sighting {
  IntersectionIndex intersection;
  Instant at;
  std::uint64_t vehicle = 0;  // the street's own number, stable over a trip
  LaneIndex lane;             // where it is now, perhaps upstream of the approach lane
  double position_m = 0;      // front, from the begin of `lane`
  double distance_m = 0;      // front to the stop line, along its path
  double speed_mps = 0;
  double length_m = 0;
  VehicleClass vehicle_class = VehicleClass::car;
  LaneIndex approach;      // the lane at the stop line that it will use, as far as known
  MovementIndex movement;  // its turn at the junction; none() if unknown
  friend bool operator==(const Sighting&, const Sighting&) = default;
};

}  // namespace chorraha
