#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "control/event_rate.hpp"
#include "control/junction_model.hpp"
#include "control/lane_estimate.hpp"
#include "traffic/detection.hpp"
#include "traffic/flow.hpp"

namespace chorraha {

struct EstimatorOptions {
  double acceleration_mps2 = 2.6;  // of a car that pulls away; SUMO 1.15 vType
  double queue_speed_mps = 2.0;    // slower is standing or about to
  double spacing_m = 7.5;          // of standing vehicles, front to front; HCM: 25 ft
  double flow_window_s = 600;      // of flows
  double watch_s = 6;              // a first vehicle stands so long under green: it cannot go ...
  double watch_yielding_s = 15;    // ... where it has to give way
  double stuck_exit_veh = -5;      // exit space of such a lane: no use for some 20 s
  /// Vehicles that have another signalised stop line before them: neighbours' releases say when
  /// they come, or nobody does.
  enum class BeyondSignals { leave_out, keep } beyond_signals = BeyondSignals::leave_out;
  double straight_weight = 3;  // of the main turn of a lane against each other one, unseen turns
  LaneEstimateOptions lane;
};

/// Makes the Scene of one intersection, from everything seen (full sensing) or from detections.
/// Order:   what is handed in ascends in time; one of the two ways is used, never both.
/// Output:  lanes in the order of JunctionModel::lanes. A queued vehicle of a red lane has at_s =
///          - (how long it stands); where a lane is open it has the time it needs to the stop line
///          and counts in queue_veh.
/// Faults:  none; what is unknown (lanes, detectors of others) is passed over.
/// Threads: one owner at a time. `junction` must outlive it.
class SceneEstimator {
 public:
  SceneEstimator(const Network& network, const JunctionModel& junction,
                 const EstimatorOptions& options = {});

  /// Full sensing: `all` are the sightings of this moment, those of other intersections too (they
  /// tell how full the exits are).
  [[nodiscard]] Scene from_sightings(std::span<const Sighting> all, const StateReport& signals);

  /// Detections only: `seen` since the last call; those of other intersections are passed over.
  [[nodiscard]] Scene from_detections(std::span<const Detection> seen, const StateReport& signals);

  /// One for each movement, in the order of JunctionModel::turns.
  [[nodiscard]] std::vector<MovementFlow> flows(Instant now) const;

 private:
  struct Seen {
    std::size_t lane = 0;
    double distance_m = 0;
    MovementIndex movement;
    Instant at;
    bool standing = false;
    Instant standing_since;
  };
  struct Watch {
    std::uint64_t head = 0;
    double distance_m = 0;
    Instant since;  // it stands there since
    bool running = false;
  };
  struct Use {
    std::size_t lane = 0;
    LaneEstimate::Place place{};
  };

  [[nodiscard]] LaneEstimate watch_lane(std::size_t place);
  [[nodiscard]] static Instant at(const StateReport& signals, Tick tick);
  [[nodiscard]] std::size_t lane_of(const Sighting& sighting) const;
  [[nodiscard]] std::optional<Instant> open_since(std::size_t lane,
                                                  const StateReport& signals) const;
  [[nodiscard]] Instant closed_since(std::size_t lane, const StateReport& signals) const;
  void follow(std::span<const Sighting> all, Instant now);
  void count_departures(Instant now);
  void count_out(std::size_t lane, const StateReport& signals, double vehicles);
  [[nodiscard]] double arrival_s(const Sighting& sighting, std::size_t lane) const;
  [[nodiscard]] LaneScene lane_scene(std::size_t lane, const std::vector<const Sighting*>& own,
                                     const StateReport& signals) const;
  [[nodiscard]] double exit_space_veh(const std::vector<const Sighting*>& own,
                                      std::span<const Sighting> all) const;
  [[nodiscard]] bool stuck(std::size_t lane, const std::vector<const Sighting*>& own,
                           const StateReport& signals);

  const Network* network_;
  const JunctionModel* junction_;
  EstimatorOptions options_;
  std::unordered_map<LaneIndex, std::size_t> lane_by_feeder_;
  std::unordered_map<std::uint64_t, Seen> seen_;    // by vehicle
  std::vector<Watch> watches_;                      // by lane
  std::vector<LaneEstimate> lanes_;                 // by lane; detections only
  std::unordered_map<std::string, Use> detectors_;  // those that are needed, by id
  std::vector<EventRate> rates_;                    // by turn
};

}  // namespace chorraha
