#pragma once

#include <vector>

#include "apps/make_city/description.hpp"
#include "apps/make_city/layout.hpp"
#include "apps/make_city/signals.hpp"
#include "apps/make_city/streets.hpp"
#include "traffic/demand.hpp"
#include "traffic/network.hpp"

namespace chorraha::make_city {

/// Flow over one chain of links in the peak.
struct PeakRoute {
  std::vector<LinkIndex> links;
  double flow_veh_per_h = 0;
};

/// The peak: from each end of a street to the others, by weights, on quickest ways; the traffic is
/// laid on in slices, each of which sees the delays the former ones make.
/// Faults: not_possible if an end of a street cannot be reached.
[[nodiscard]] Result<std::vector<PeakRoute>> assign_peak(const Description& description,
                                                         const Layout& layout,
                                                         const Streets& streets);

/// Flow by MovementIndex.
[[nodiscard]] std::vector<double> movement_flows(const std::vector<PeakRoute>& routes,
                                                 const Streets& streets);

/// The demand of a day: `routes` times the profile of the description.
[[nodiscard]] Demand demand_of_day(const Description& description, const Layout& layout,
                                   const Streets& streets, const std::vector<PeakRoute>& routes);

/// Flow over saturation flow of the most loaded lane that the unit serves (y).
[[nodiscard]] double flow_ratio(const StageUnit& unit, const Signals& signals,
                                const Streets& streets, const std::vector<double>& flows);

/// Degree of saturation of the fullest left turn that lives on gaps while the unit is green: flow
/// over what passes in gaps of the opposing traffic once its queue has gone, and two more at each
/// end of green (HCM 2000, chapter 16, appendix C). 0 if the unit has none with a lane of its own.
struct Green {
  double green_s = 0;
  double cycle_s = 0;
};
[[nodiscard]] double permissive_saturation(const StageUnit& unit, const Signals& signals,
                                           const Streets& streets, const std::vector<double>& flows,
                                           Green green);

}  // namespace chorraha::make_city
