#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "field/controller.hpp"
#include "field/lamp_driver.hpp"
#include "field/monitor.hpp"
#include "traffic/detection.hpp"
#include "traffic/intersection.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What stands at one junction, in one process and without sockets: the controller, the lamp driver
/// and the monitor of the street, the very same objects. Per tick: controller -> driver -> monitor
/// -> permit. Begin:   warm (docs/seams.md, "In one process"): all red, every intergreen and
/// minimum red already run. Plans:   pass as bytes of the wire through the controller's plan check.
/// A trip of the monitor flashes the junction to the end.
class Cabinet {
 public:
  Cabinet(const IntersectionConfig& config, ConfigHash hash, Ticks decision_step);

  /// Faults: bytes that are no plan.
  Result<PlanAnswer> receive(std::span<const std::byte> plan_bytes, Tick now);

  /// One tick; returns what the lamps show, by group.
  const std::vector<Aspect>& step(Tick now, Instant utc, LocalTime local,
                                  std::span<const Detection> detections, GroupSet sighted);

  [[nodiscard]] const Controller& controller() const { return controller_; }
  [[nodiscard]] const std::vector<Aspect>& shown() const { return driver_.shown(); }
  [[nodiscard]] SignalMode mode() const;
  /// Everything the monitor found since the begin.
  [[nodiscard]] const std::vector<Trip>& trips() const { return trips_; }
  [[nodiscard]] std::vector<Event> take_events() { return controller_.take_events(); }

 private:
  ConfigHash hash_;
  Controller controller_;
  LampDriver driver_;
  Monitor monitor_;
  std::uint64_t number_ = 0;
  std::vector<Trip> trips_;
};

}  // namespace chorraha
