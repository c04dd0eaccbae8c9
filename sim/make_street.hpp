#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/street.hpp"
#include "traffic/demand.hpp"
#include "traffic/intersection.hpp"

namespace chorraha {

/// What the built-in street is made of; copied into it.
struct StreetSetup {
  Network network;
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex of the network
  Demand demand;
  double demand_scale = 1.0;       // of all flows
  std::uint64_t seed = 1;          // same setup and seed: same traces, on any machine
  Instant midnight;                // local midnight that the demand's seconds count from
  Instant begin;                   // now() of the new street
  Instant end;                     // nobody departs from here on; the street may run on
  Milliseconds step_length{1000};  // 100 to 1000
};

/// A new, empty street. Faults name what does not fit: a route whose links no movement joins, an
/// intersection without configuration, a group's movement that does not exist, a step or a vehicle
/// type out of range.
[[nodiscard]] Result<std::unique_ptr<Street>> make_street(StreetSetup setup);

}  // namespace chorraha
