#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "traffic/detection.hpp"
#include "traffic/ids.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// One vehicle as it stands now, for pictures and maps.
struct VehicleView {
  std::uint64_t number = 0;  // stable over a trip
  VehicleClass vehicle_class = VehicleClass::car;
  Point front;             // middle of its front bumper
  double heading_rad = 0;  // east = 0, anticlockwise
  double length_m = 5.0;
  double width_m = 1.8;
  double speed_mps = 0;
  LaneIndex lane;          // where its front is: a lane ...
  MovementIndex movement;  // ... or a way over a junction; the other is none()
};

/// One pedestrian: waiting at the kerb or walking over a crossing.
struct PersonView {
  std::uint64_t number = 0;
  CrossingIndex crossing;
  Point at;
  double heading_rad = 0;
  bool walking = false;  // false: waits for walk
};

/// Vehicles so far. Always: loaded = finished + in_network + waiting_to_enter.
struct Totals {
  std::uint64_t loaded = 0;   // whose departure time has come
  std::uint64_t entered = 0;  // that have been put on the road
  std::uint64_t finished = 0;
  std::uint64_t in_network = 0;
  std::uint64_t waiting_to_enter = 0;
  std::uint64_t rerouted = 0;       // left their route, since no gap led them to their lane
  std::uint64_t vehicle_steps = 0;  // sum over steps of vehicles on the road
  bool locked = false;              // vehicles are on the road and none has moved for 300 s
};

/// One trip, by the definitions of SUMO's tripinfo output. A trip that has not ended counts up to
/// now.
struct TripRecord {
  std::uint64_t number = 0;  // as in VehicleView and Sighting
  std::string id;            // of the source; "v17" where demand is a flow
  VehicleClass vehicle_class = VehicleClass::car;
  Instant depart_scheduled;
  std::optional<Instant> depart;   // put on the road
  std::optional<Instant> arrival;  // front reached the end of its route
  double duration_s = 0;           // arrival (or now) - depart
  double depart_delay_s = 0;       // depart (or now) - depart_scheduled
  double time_loss_s = 0;          // sum of (v_allowed - v) / v_allowed over its steps
  double waiting_s = 0;            // at no more than 0.1 m/s
  int stops = 0;                   // how often it came to that
  double distance_m = 0;
};

/// The street that closes the loop: lamps in, detections out. Implemented by the built-in simulator
/// (`make_street`) and by SUMO (`sim/sumo`).
/// Time:    `show` holds until the next `show`; `advance` moves everything by `step_length`.
///          In the loop at t: detections() stamped (t - h, t] -> lamps -> show -> advance.
/// Order:   `detections` are by time, then detector.
/// Faults:  the built-in street has none after it was made; SUMO may be lost.
/// Threads: one owner at a time.
class Street {
 public:
  Street() = default;
  Street(const Street&) = delete;
  Street& operator=(const Street&) = delete;
  Street(Street&&) = delete;
  Street& operator=(Street&&) = delete;
  virtual ~Street() = default;

  [[nodiscard]] virtual Milliseconds step_length() const = 0;
  [[nodiscard]] virtual Instant now() const = 0;

  /// Lamps of one intersection from now on; `by_group` by GroupIndex. In mode flash or dark its
  /// movements are unsignalled right of way; start-up amber is amber. Before the first `show`:
  /// dark.
  virtual void show(IntersectionIndex intersection, std::span<const Aspect> by_group,
                    SignalMode mode) = 0;

  /// One step.
  virtual Done advance() = 0;

  /// Everything detectors saw in the last step. Valid until the next `advance`.
  [[nodiscard]] virtual std::span<const Detection> detections() const = 0;

  /// Full sensing: every vehicle whose path reaches a signalised stop line within `range_m`,
  /// once for each such intersection; vehicles on links upstream included.
  [[nodiscard]] virtual std::vector<Sighting> sightings(double range_m) const = 0;

  [[nodiscard]] virtual std::vector<VehicleView> vehicles() const = 0;
  [[nodiscard]] virtual std::vector<PersonView> pedestrians() const = 0;
  [[nodiscard]] virtual Totals totals() const = 0;

  /// Every trip loaded so far, by number; those on the road or waiting to enter included.
  [[nodiscard]] virtual std::vector<TripRecord> trips() const = 0;
};

}  // namespace chorraha
