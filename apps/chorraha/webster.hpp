#pragma once

#include <span>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// The intersections with one timetable each: Webster's, for a flow of every movement in vehicles
/// per hour (by MovementIndex). Faults: as webster_timetable.
[[nodiscard]] Result<std::vector<IntersectionConfig>> with_webster(
    const Network& network, std::span<const IntersectionConfig> intersections,
    std::span<const double> flow_veh_per_h);

}  // namespace chorraha
