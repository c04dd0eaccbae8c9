#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/street.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What a SUMO run is made of.
struct SumoSetup {
  /// Who plays the lamps: us by `show`, or the programs of the scenario, untouched.
  enum class Signals : std::uint8_t { ours, scenario };

  std::filesystem::path config;  // the .sumocfg
  std::filesystem::path network_file;
  std::vector<std::filesystem::path> routes;
  std::vector<std::filesystem::path> additional;
  Network network;                                // of `network_file`
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex; may be empty: scenario
  Signals signals = Signals::ours;
  std::uint32_t seed = 1;
  Instant midnight;       // simulated second 0
  Milliseconds begin{0};  // since midnight
  Milliseconds step_length{1000};
  double demand_scale = 1.0;
  std::vector<LaneId> closed_lanes;
  std::string program = "sumo";
};

/// SUMO 1.15 as the street: started by us, driven through TraCI, gone with this object.
/// Time:    `begin` is now() of the new street. The scenario's own end is the caller's: SUMO runs
///          on as long as it is stepped.
/// Detectors of the network see its vehicles as loops in the road would: on while a body covers
///          them, stamped by interpolation inside a step.
/// Files:   everything SUMO writes lands in a scratch folder that goes with this object.
/// Trips:   SUMO writes them when it stops, so `trips` stops it; `advance` faults from then on.
///          Until then `totals` counts what TraCI reports. A trip is loaded when its scheduled
///          departure is before now(): at the end of [begin, end) exactly those inside.
/// Faults:  cannot_run: no program `sumo` (Debian package sumo), no free port, SUMO refuses its
///          input (its own words are in the fault); lost: it has gone away, or is silent for two
///          minutes.
/// Threads: one owner, and it is the thread that made it: SUMO dies with that thread.
class SumoStreet : public Street {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SumoStreet>> make(SumoSetup setup);

  /// Whether there is such a program at all; cannot_run names the package to install.
  [[nodiscard]] static Done can_run(const std::string& program = "sumo");

  /// Stops SUMO and takes over its trips; again: does nothing.
  [[nodiscard]] virtual Done finish() = 0;

  /// Processor time of SUMO between the first and the last step, seconds.
  [[nodiscard]] virtual double street_cpu_s() const = 0;

  /// SUMO's tripinfo output, unchanged; whole after `finish`.
  [[nodiscard]] virtual std::filesystem::path tripinfo_file() const = 0;

  /// The letters shown at one intersection, as SUMO has them (with Signals::scenario: those of the
  /// last step).
  [[nodiscard]] virtual const std::string& letters(IntersectionIndex intersection) const = 0;
};

}  // namespace chorraha
