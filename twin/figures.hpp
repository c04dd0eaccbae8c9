#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/street.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// The figures of one run, as docs/cli.md names them. Means are over every vehicle whose scheduled
/// departure lies in [begin, end); trips that have not ended count up to the end.
struct RunFigures {
  std::uint64_t seed = 0;
  std::uint64_t loaded = 0;
  std::uint64_t entered = 0;
  std::uint64_t finished = 0;
  double duration_s = 0;
  double time_loss_s = 0;
  double depart_delay_s = 0;
  double waiting_s = 0;
  double delay_s = 0;        // time loss + departure delay (or end - scheduled departure)
  double max_waiting_s = 0;  // longest call without green
  double stops_per_vehicle = 0;
  bool locked = false;
  std::uint64_t vehicle_steps = 0;
  double cpu_s = 0;         // of the loop
  double street_cpu_s = 0;  // of it, the street's own
  double wall_s = 0;        // of the loop
  double load_s = 0;        // before the loop
  std::uint64_t plans = 0;  // that were sent; renewals are plans
  double plan_p50_us = 0;
  double plan_p99_us = 0;
  std::uint64_t safety_refusals = 0;  // plans that a controller refused
  std::uint64_t monitor_trips = 0;
};

/// The traffic part of the figures. Source of the definitions: SUMO 1.15, tripinfo output; the
/// metric `delay_s` is that of the RESCO benchmark made exact. Units: seconds. `trips` may hold
/// others; those outside [begin, end) are left out.
[[nodiscard]] RunFigures figures_of(std::span<const TripRecord> trips, Instant begin, Instant end);

/// Value at rank ceil(share * n) of the sorted samples; 0 for none.
[[nodiscard]] double quantile(std::vector<double> samples, double share);

/// Mean and half width of the 95 % interval (Student's t, n - 1 degrees of freedom); 0 for one
/// sample.
struct Spread {
  double mean = 0;
  double ci95 = 0;
};
[[nodiscard]] Spread spread_of(std::span<const double> samples);

}  // namespace chorraha
