#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "apps/make_city/traffic_model.hpp"

namespace chorraha::make_city {
namespace {

// Saturation flows of a lane, veh/h; measured in the built-in street.
constexpr double saturation_veh_per_h = 1650;
constexpr double saturation_left_veh_per_h = 1450;
// Gaps that a left turn takes, and time between two that share one.
constexpr double critical_gap_s = 5.5;
constexpr double follow_up_s = 2.6;
constexpr double sneakers = 2;             // per cycle, at the end of green
constexpr double share_past_walks = 0.85;  // people cross where they turn
constexpr double right_turn_equivalent = 1.15;
constexpr double permissive_left_equivalent = 2.0;

double sum_of(const std::vector<MovementIndex>& ways, const std::vector<double>& flows) {
  double all = 0;
  for (const MovementIndex way : ways) all += flows[way.value()];
  return all;
}

// What passes in the gaps of `opposing` traffic on `lanes` lanes, veh/h.
double gap_capacity_veh_per_h(double opposing_veh_per_h, double lanes, Green green) {
  constexpr double per_h = 3600;
  const double opposing_per_s = opposing_veh_per_h / per_h;
  const double ratio = std::min(0.95, opposing_veh_per_h / (saturation_veh_per_h * lanes));
  const double queue_s = (green.cycle_s - green.green_s) * ratio / (1 - ratio);
  const double free_s = std::max(0.0, green.green_s - queue_s);
  const double in_gaps_per_s = opposing_per_s > 0
                                   ? opposing_per_s * std::exp(-opposing_per_s * critical_gap_s) /
                                         (1 - std::exp(-opposing_per_s * follow_up_s))
                                   : 1 / follow_up_s;
  return per_h / green.cycle_s * (sneakers + share_past_walks * free_s * in_gaps_per_s);
}

}  // namespace

double flow_ratio(const StageUnit& unit, const Signals& signals, const Streets& streets,
                  const std::vector<double>& flows) {
  const GroupSet green = signals.parts.stages[unit.main.value()].green;
  std::set<MovementId> served;
  for (const GroupIndex group : green) {
    const auto& movements = signals.parts.groups[group.value()].movements;
    if (unit.left && signals.parts.groups[group.value()].type != GroupType::arrow) continue;
    served.insert(movements.begin(), movements.end());
  }
  // Equivalents of straight cars by link, for the lanes of a link share its traffic evenly; left
  // pockets apart.
  std::map<LinkIndex, double> load;
  std::map<LinkIndex, std::set<LaneIndex>> lanes;
  double ratio = 0;
  std::map<LaneIndex, std::set<Turn>> turns;
  for (const Movement& movement : streets.parts.movements) {
    if (served.contains(movement.id)) turns[movement.from].insert(movement.turn);
  }
  for (std::size_t i = 0; i < streets.parts.movements.size(); ++i) {
    const Movement& movement = streets.parts.movements[i];
    if (!served.contains(movement.id)) continue;
    const bool own_lane = turns[movement.from] == std::set<Turn>{Turn::left};
    if (own_lane) {
      if (unit.left) ratio = std::max(ratio, flows[i] / saturation_left_veh_per_h);
      continue;  // a permissive pocket lives on gaps, not on a share of green
    }
    const LinkIndex link = streets.parts.lanes[movement.from.value()].link;
    const double equivalent = movement.turn == Turn::right  ? right_turn_equivalent
                              : movement.turn == Turn::left ? permissive_left_equivalent
                                                            : 1;
    load[link] += equivalent * flows[i];
    lanes[link].insert(movement.from);
  }
  for (const auto& [link, veh_per_h] : load) {
    ratio = std::max(ratio,
                     veh_per_h / (saturation_veh_per_h * static_cast<double>(lanes[link].size())));
  }
  return ratio;
}

double permissive_saturation(const StageUnit& unit, const Signals& signals, const Streets& streets,
                             const std::vector<double>& flows, Green green) {
  if (unit.left) return 0;
  std::set<MovementId> alone;  // movements that are all of their group
  for (const GroupIndex g : signals.parts.stages[unit.main.value()].green) {
    const auto& movements = signals.parts.groups[g.value()].movements;
    if (movements.size() == 1) alone.insert(movements[0]);
  }
  double fullest = 0;
  const auto& arms = streets.arms[signals.crossroads];
  for (const ArmLanes& arm : arms) {
    if (!arm.pocket || arm.left.size() != 1) continue;
    if (!alone.contains(streets.parts.movements[arm.left[0].value()].id)) continue;
    const Movement& straight = streets.parts.movements[arm.straight.front().value()];
    const auto opposite = std::ranges::find_if(arms, [&](const ArmLanes& other) {
      return std::ranges::find(other.out, straight.to) != other.out.end();
    });
    const double lanes = static_cast<double>(opposite->in.size() - (opposite->pocket ? 1 : 0));
    const double opposing_veh_per_h =
        sum_of(opposite->straight, flows) + sum_of(opposite->right, flows);
    fullest = std::max(fullest, sum_of(arm.left, flows) /
                                    gap_capacity_veh_per_h(opposing_veh_per_h, lanes, green));
  }
  return fullest;
}

}  // namespace chorraha::make_city
