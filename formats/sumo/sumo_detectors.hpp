#pragma once

#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::sumo {

/// Presence detectors for a network that names none (docs/cli.md, "Detectors of a scenario"): each
/// lane that vehicles reach a signalised stop line on gets one 5 m and one 80 m before it.
/// Place:   of the downstream end, like every Detector; 2 m long, or as long as there is room.
/// Short:   a lane under 5 m has the first one at its middle; in one under 80 m the second moves
///          back along the lanes that feed it, over the ways between, one in each; where nothing
///          feeds the lane it stands at its begin.
/// Ids:     "LANE.5m", "LANE.80m"; "LANE.80m.FEEDER" on a lane that feeds LANE.
/// Faults:  not_possible if an id would be longer than a lamp driver's frame holds.
[[nodiscard]] Done add_detectors(NetworkParts& parts);

/// How the controller of `at` uses them: the one at the stop line calls and extends the groups of
/// its lane, the others count.
[[nodiscard]] std::vector<DetectorUse> detector_uses(const Network& network, IntersectionIndex at,
                                                     const IntersectionConfig& config);

}  // namespace chorraha::sumo
