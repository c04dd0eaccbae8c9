#pragma once

#include "traffic/demand.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"

namespace chorraha::test {

/// One four-arm junction, "J", at 0/0, made by hand. Arms N, E, S, W of 300 m; each has a way in
/// ("N_in": lane 0 straight and right, lane 1 left) and a way out ("N_out", two lanes), stop lines
/// 20 m from the middle, a crossing ("N_walk") with a button ("N_button"), and per lane in a loop
/// 5 m and 80 m before the stop line ("N_in_0.5m", "N_in_1.80m"). E and W are the main road. 13.9
/// m/s.
[[nodiscard]] Network one_junction();

/// Its signals, profile gost: groups NS and EW (straight and right), NS_L (left, protected), EW_L
/// (left, yields to EW), walks P_N, P_E, P_S, P_W (turning vehicles yield to them). Stages "ns",
/// "ns_left", "ew". Timetables "fixed" (100 s) and "actuated" (same cycle, ends within bounds).
[[nodiscard]] IntersectionParts one_junction_parts();
[[nodiscard]] IntersectionConfig one_junction_config();

/// Cars, one truck in ten, all day: `flow_veh_per_h` on each arm (20 % left, 60 % straight, 20 %
/// right) and `flow_persons_per_h` at each crossing.
[[nodiscard]] Demand one_junction_demand(const Network& network, double flow_veh_per_h,
                                         double flow_persons_per_h);

}  // namespace chorraha::test
