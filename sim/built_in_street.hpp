#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "sim/driving.hpp"
#include "sim/lane_change.hpp"
#include "sim/make_street.hpp"
#include "sim/street.hpp"
#include "sim/virtual_loop.hpp"
#include "sim/world.hpp"

namespace chorraha::sim {

/// The built-in street. Order in a step: everybody plans, everybody moves, lane changes, departures
/// enter (they first move in the next step), people walk.
class BuiltInStreet final : public Street {
 public:
  [[nodiscard]] static Result<std::unique_ptr<BuiltInStreet>> make(StreetSetup setup);

  [[nodiscard]] Milliseconds step_length() const override { return setup_.step_length; }
  [[nodiscard]] Instant now() const override { return now_; }
  void show(IntersectionIndex intersection, std::span<const Aspect> by_group,
            SignalMode mode) override;
  Done advance() override;
  [[nodiscard]] std::span<const Detection> detections() const override { return detections_; }
  [[nodiscard]] std::vector<Sighting> sightings(double range_m) const override;
  [[nodiscard]] std::vector<VehicleView> vehicles() const override;
  [[nodiscard]] std::vector<PersonView> pedestrians() const override;
  [[nodiscard]] Totals totals() const override;
  [[nodiscard]] std::vector<TripRecord> trips() const override;

 private:
  struct Trip {  // by number less 1
    std::uint32_t type = 0;
    RouteNumber route = 0;
    double scheduled_s = 0;
    double depart_s = -1;
    double arrival_s = -1;
    Slot slot = no_slot;         // while on the road
    std::uint32_t listed = ~0U;  // place in Demand::departures
    int stops = 0;
    double time_loss_s = 0, stood_s = 0, distance_m = 0;
  };

  BuiltInStreet(StreetSetup setup, Lamps lamps);
  Done add_demand();
  void start();
  void load_until(double second);
  void load(RouteNumber route, std::uint32_t type, double scheduled_s, std::uint32_t listed);
  [[nodiscard]] std::uint32_t drawn_type(std::uint64_t number) const;
  void insert();
  bool insert_first_of(std::uint32_t link);
  [[nodiscard]] Vehicle vehicle_of(std::uint32_t number) const;
  void take_out(Slot slot);
  void walk();
  void find_obstacles();
  [[nodiscard]] double second() const;
  [[nodiscard]] Instant instant(double second) const;
  [[nodiscard]] TripRecord record_of(std::size_t index) const;
  void sight(Slot slot, double range_m, std::vector<Sighting>& out) const;

  StreetSetup setup_;
  Instant now_;
  World world_;
  VirtualLoops loops_;
  Driving driving_;
  LaneChanges lane_changes_;
  std::vector<RouteNumber> flow_routes_, listed_routes_;
  std::vector<PoissonStream> streams_;
  std::size_t next_listed_ = 0;
  std::vector<double> type_limits_;  // summed shares
  std::vector<Trip> trips_;
  std::vector<std::deque<std::uint32_t>> waiting_;  // numbers, by link
  std::vector<std::uint32_t> waiting_links_;
  std::vector<Slot> arrived_;
  std::vector<Obstacle> obstacles_;
  std::vector<Detection> detections_;
  Totals totals_;
  double nobody_moved_s_ = 0;
};

}  // namespace chorraha::sim
