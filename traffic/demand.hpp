#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "traffic/detection.hpp"
#include "traffic/ids.hpp"

namespace chorraha {

/// How one kind of vehicle drives (Krauss; units SI). Source of the defaults: SUMO 1.15 vType.
struct VehicleType {
  std::string name;
  VehicleClass vehicle_class = VehicleClass::car;
  double share = 1.0;  // of the flow, relative to the other types
  double length_m = 5.0;
  double gap_min_m = 2.5;
  double acceleration_mps2 = 2.6;
  double deceleration_mps2 = 4.5;
  double speed_max_mps = 55.55;
  double speed_factor_mean = 1.0;
  double speed_factor_deviation = 0.1;
  double imperfection = 0.5;  // sigma
  double reaction_s = 1.0;    // tau
};

/// Poisson arrivals of vehicles over one route.
struct RouteFlow {
  std::vector<LinkIndex> route;  // consecutive links, joined by movements
  struct Interval {
    std::chrono::seconds begin{0};  // since local midnight
    std::chrono::seconds end{0};
    double flow_veh_per_h = 0;
  };
  std::vector<Interval> intervals;  // ascending, not overlapping
};

/// Poisson arrivals of people at one crossing (both sides together).
struct PedestrianFlow {
  CrossingIndex crossing;
  std::vector<RouteFlow::Interval> intervals;  // persons per hour in flow_veh_per_h
};

/// One vehicle that its source lists singly (a SUMO trip after routing).
struct Departure {
  std::string id;
  std::chrono::milliseconds at{0};  // since local midnight
  std::size_t type = 0;             // in Demand::types
  std::vector<LinkIndex> route;     // consecutive links, joined by movements
};

struct Demand {
  std::vector<VehicleType> types;
  std::vector<RouteFlow> routes;
  std::vector<PedestrianFlow> pedestrians;
  std::vector<Departure> departures;  // ascending by `at`; beside the flows
};

}  // namespace chorraha
