#pragma once

#include <vector>

#include "apps/make_city/description.hpp"
#include "apps/make_city/layout.hpp"
#include "apps/make_city/signals.hpp"
#include "apps/make_city/streets.hpp"
#include "traffic/result.hpp"

namespace chorraha::make_city {

/// What a junction's timetable needs to know of its traffic: y by unit.
using FlowRatios = std::vector<double>;

/// Degree of saturation of a junction at this cycle: sum of y over the share of the cycle that is
/// not lost between stages (Webster 1958).
[[nodiscard]] double degree_of_saturation(const Signals& signals, const FlowRatios& ratios,
                                          double cycle_s);

/// Green of each unit, its clearing stage included, when the cycle is split by the ratios.
[[nodiscard]] std::vector<double> unit_greens_s(const Signals& signals, const FlowRatios& ratios,
                                                double cycle_s);

/// Fills timetables and day plans of all junctions: splits by flow ratios beyond the minimums of
/// SAFETY.md A11, A13, A14; offsets that follow the heavier direction of the arterials, then of the
/// other streets, at 0.9 of the limit. Ends and offsets are whole seconds (A17).
/// Faults: not_possible if a cycle is too short for a junction's minimums.
[[nodiscard]] Done add_timetables(const Description& description, const Layout& layout,
                                  const std::vector<FlowRatios>& ratios,
                                  const std::vector<double>& segment_balance,
                                  std::vector<Signals>& signals);

/// By Segment: more than 0 if the traffic along the street outweighs the traffic against it.
[[nodiscard]] std::vector<double> segment_balance(const Layout& layout, const Streets& streets,
                                                  const std::vector<double>& flows);

}  // namespace chorraha::make_city
