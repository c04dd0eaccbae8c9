#pragma once

#include <cstddef>
#include <vector>

#include "apps/make_city/detectors.hpp"
#include "apps/make_city/layout.hpp"
#include "apps/make_city/streets.hpp"
#include "traffic/intersection.hpp"

namespace chorraha::make_city {

/// Stages that serve the same traffic one after the other: a main stage and, where people need long
/// to clear, the same without its walks.
struct StageUnit {
  StageIndex main;
  StageIndex clearing;  // none(): the unit has only one stage
  bool left = false;    // protected left turns of a main street
  std::size_t street = 0;
};

/// One intersection's groups, relations, intergreens, stages and detectors; timetables come later.
struct Signals {
  std::size_t crossroads = 0;
  IntersectionParts parts;
  std::vector<StageUnit> units;  // in the order of the cycle
  /// Movements that a stage of the unit serves are those of its main stage's groups.
};

/// Groups: one an approach (straight and right), one an approach's left turns, one a walk.
/// Left turns of arterials have a stage of their own (arrow); others yield to who comes from
/// opposite. Who turns over a walk yields to it. Intergreens by SAFETY.md A9 from the ways' own
/// geometry, A14 for people.
[[nodiscard]] Signals build_signals(std::size_t crossroads, const Layout& layout,
                                    const Streets& streets, const Detectors& detectors);

}  // namespace chorraha::make_city
