#pragma once

// Inside of control/horizon: one planning task in plain numbers. Seconds from the state report on.

#include <cstdint>
#include <span>
#include <vector>

#include "control/horizon.hpp"

namespace chorraha::horizon {

struct Vehicle {
  double at_s = 0;          // free-flow arrival at the stop line
  double weight = 1;        // vehicles; estimates may be fractions
  std::size_t turn = 0;     // place in JunctionModel::turns
  bool stopped = false;     // it stands already: its stop costs no more
  double not_before_s = 0;  // room behind the junction
};

/// One lane: who comes, and sums over them, so that the waiting of a queue is one subtraction.
struct Lane {
  std::vector<Vehicle> vehicles;          // by at_s
  std::vector<double> weight_sum;         // of the first n
  std::vector<double> moment_sum;         // weight x at_s of the first n
  std::vector<double> stop_sum;           // weight of those of the first n that drive still
  std::vector<std::uint16_t> arrived;     // by grid place: how many are there
  std::vector<std::uint16_t> stopped_by;  // by grid place: how many would stand by then
  double free_s = 0;                      // when the stop line is free first
};

struct Call {
  GroupIndex group;
  double since_s = 0;
  double cost_s = 0;  // of each second
};

struct Problem {
  const JunctionModel& junction;
  const HorizonOptions& options;
  std::vector<double> grid_s;    // 0 first, view_s last
  std::vector<char> may_change;  // by grid place
  std::vector<Lane> lanes;
  std::vector<Call> calls;          // of groups that are not green; at most 64
  StageIndex stage;                 // lit or being entered
  JunctionModel::Change entry;      // from now on into it
  JunctionModel::OnDemand walks{};  // lit in it
  double limit_s = 0;               // when its greens must have ended for others
  std::vector<double> clear_s;      // by group: not green before, for those that ended already
};

/// Fills a Problem; `scene` must be in service with a stage.
[[nodiscard]] Problem pose(const JunctionModel& junction, const Scene& scene,
                           std::span<const Release> from_neighbours, const HorizonOptions& options);

/// A vehicle that stands longer than this has stopped.
inline constexpr double stop_after_s = 2.0;

}  // namespace chorraha::horizon
