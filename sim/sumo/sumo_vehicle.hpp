#pragma once

// Inside sim/sumo only: one vehicle as SUMO reports it. Source of the values:
// https://sumo.dlr.de/docs/TraCI/Vehicle_Value_Retrieval.html

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/sumo/traci_codec.hpp"
#include "sim/sumo/way_ahead.hpp"
#include "traffic/detection.hpp"
#include "traffic/network.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

struct SumoVehicle {
  std::string id;
  std::optional<Instant> scheduled;  // of a flow known when it is due
  bool entered = false;
  bool arrived = false;
  VehicleClass vehicle_class = VehicleClass::car;
  double length_m = 5.0;
  double width_m = 1.8;
  std::vector<LinkIndex> route;

  // while on the road
  LaneIndex lane;  // the last one that is not inside a junction
  bool on_junction = false;
  MovementIndex movement;  // while on a junction
  double position_m = 0;   // on `lane`, or along `movement`
  double speed_mps = 0;
  double heading_rad = 0;  // east = 0, anticlockwise
  Point front;
  std::size_t route_at = 0;  // place of the lane's link in `route`
};

/// Adds the questions about one that has just entered: its body and route once, its place from now
/// on at the end of each step. They bring `answers_on_entry` answers.
void ask_on_entry(traci::Request& request, const std::string& id);
constexpr std::size_t answers_on_entry = 5;

/// Takes the body and route of those answers; what SUMO refuses to tell stays as it is.
void take_body(SumoVehicle& vehicle, std::span<const traci::Answer> answers,
               const Network& network);
/// The place in those answers; nullptr if SUMO has none.
[[nodiscard]] const traci::ObjectValues* place_on_entry(std::span<const traci::Answer> answers);

/// Takes where it is at the end of a step. Inside a junction its lane stays the one it came from,
/// and its place is the point of the movement's shape nearest to its front.
void take_place(SumoVehicle& vehicle, const traci::ObjectValues& seen, const Network& network,
                const WayAhead& ways);

}  // namespace chorraha::sumo
