#pragma once

// Inside sim/sumo only: the account of SUMO's vehicles, from what it reports.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/street.hpp"
#include "sim/sumo/departures.hpp"
#include "sim/sumo/sumo_vehicle.hpp"
#include "sim/sumo/traci_codec.hpp"
#include "sim/sumo/tripinfo.hpp"
#include "sim/sumo/vehicle_loops.hpp"
#include "sim/sumo/way_ahead.hpp"
#include "traffic/detection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

/// Who is loaded, due, on the road and arrived, and where everybody on the road is.
/// Order:   `take_loaded` with the answer to `subscribe`; then in each step `take_step`,
/// `take_entered`
///          if that asks anything, `finish_step`.
/// Time:    `now` is handed in: the end of the last step taken.
/// Threads: one owner at a time. `network` outlives it.
class SumoVehicles {
 public:
  SumoVehicles(const Network& network, Departures departures, Instant midnight,
               Milliseconds step_length);

  /// Asks for what the account needs at the end of each step, from now on.
  static void subscribe(traci::Request& request);
  void take_loaded(const std::vector<traci::ObjectValues>& objects);

  /// What SUMO tells at the end of a step. Returns what to ask it about those who entered; empty
  /// if nobody did.
  /// Faults: lost: a step without its account.
  [[nodiscard]] Result<traci::Request> take_step(Instant now,
                                                 const std::vector<traci::ObjectValues>& objects);
  /// The answers to that, one a command.
  void take_entered(const std::vector<traci::Answer>& answers);
  /// `detections`: those of the step; left alone where the network has no detectors.
  void finish_step(Instant now, std::vector<Detection>& detections);

  [[nodiscard]] std::vector<Sighting> sightings(Instant now, double range_m) const;
  [[nodiscard]] std::vector<VehicleView> views() const;
  [[nodiscard]] Totals totals(Instant now) const;
  /// `infos` by id: SUMO's own figures of those who were put on the road.
  [[nodiscard]] std::vector<TripRecord> trips(
      Instant now, const std::unordered_map<std::string, TripInfo>& infos) const;

 private:
  using Ids = std::vector<std::string>;

  std::size_t number_of(const std::string& id);
  void take_loaded(const Ids& ids);
  void take_due(Instant step_begin, const Ids& ids);
  void take_arrived(const Ids& ids);
  traci::Request take_departed(const Ids& ids);
  void detect(Instant now, std::vector<Detection>& detections);
  [[nodiscard]] TripRecord record_of(std::size_t number, Instant now) const;

  const Network& network_;
  WayAhead ways_;
  Departures departures_;
  Instant midnight_;
  Milliseconds step_length_;
  std::optional<VehicleLoops> loops_;  // where the network has detectors

  std::vector<SumoVehicle> vehicles_;  // by number
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::size_t> on_road_;  // numbers, ascending
  std::vector<std::size_t> asked_;    // numbers of those whose entry SUMO is asked about
  std::uint64_t entered_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t vehicle_steps_ = 0;
  double standing_s_ = 0;
  bool locked_ = false;
};

}  // namespace chorraha::sumo
