#include "apps/make_city/traffic_model.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "formats/city/words.hpp"

namespace chorraha::make_city {
namespace {

constexpr int slices = 4;
constexpr double least_flow_veh_per_h = 2;  // of a relation; smaller ones are left out
constexpr double own_street_factor = 3;     // who comes in on a street mostly stays on it
constexpr double signal_delay_s = 10;
constexpr double left_delay_s = 20;
constexpr double right_delay_s = 4;
constexpr double lane_capacity_veh_per_h = 620;  // of a green share of about 0.36
constexpr double left_capacity_veh_per_h = 110;
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

/// Where traffic enters or leaves.
struct Gate {
  LinkIndex in, out;
  std::size_t street = 0;
  double inflow_veh_per_h = 0;
  double weight = 0;
};

class Assignment {
 public:
  Assignment(const Layout& layout, const Streets& streets) : streets_(streets) {
    out_.resize(links().size());
    link_flow_.assign(links().size(), 0);
    movement_flow_.assign(streets.parts.movements.size(), 0);
    for (std::size_t i = 0; i < streets.parts.movements.size(); ++i) {
      const Movement& movement = streets.parts.movements[i];
      const LinkIndex from = link_of(movement.from);
      auto& ways = out_[from.value()];
      const LinkIndex to = link_of(movement.to);
      if (std::ranges::find(ways, to, &Way::to) == ways.end())
        ways.push_back({to, MovementIndex{i}});
    }
    find_gates(layout);
  }

  Result<std::vector<PeakRoute>> assign() {
    std::map<std::vector<LinkIndex>, double> routes;
    for (int slice = 0; slice < slices; ++slice) {
      std::map<std::vector<LinkIndex>, double> added;
      for (const Gate& gate : gates_) {
        if (const Done done = load(gate, added); !done) return done.error();
      }
      for (const auto& [links, flow] : added) {
        routes[links] += flow;
        count(links, flow);
      }
    }
    std::vector<PeakRoute> all;
    all.reserve(routes.size());
    for (const auto& [links, flow] : routes) all.push_back({links, flow});
    return all;
  }

 private:
  struct Way {
    LinkIndex to;
    MovementIndex by;
  };

  [[nodiscard]] const std::vector<Link>& links() const { return streets_.parts.links; }
  [[nodiscard]] LinkIndex link_of(LaneIndex lane) const {
    return streets_.parts.lanes[lane.value()].link;
  }

  // The ends of streets, and each road between two crossroads for those who live there.
  void find_gates(const Layout& layout) {
    for (std::size_t s = 0; s < layout.streets.size(); ++s) {
      const StreetDescription& street = layout.streets[s].description;
      add_end(s, street.id + "_begin", street.inflow_veh_per_h[0], street.outflow_weight[0]);
      add_end(s, street.id + "_end", street.inflow_veh_per_h[1], street.outflow_weight[1]);
    }
    for (std::size_t i = 0; i < links().size(); ++i) {
      const std::size_t s = streets_.street_of_link[i];
      const StreetDescription& street = layout.streets[s].description;
      const std::string& id = links()[i].id.text();
      if (!links()[i].upstream.valid() || id.ends_with("_end") || id.ends_with("_begin")) continue;
      if (!(street.local_veh_per_h > 0)) continue;
      gates_.push_back(
          {LinkIndex{i}, LinkIndex{i}, s, street.local_veh_per_h, street.local_weight});
    }
  }

  // Links are called by their ends: "navoiy_begin-J13" leads in, "J13-navoiy_begin" out. Where the
  // end makes a T there are none.
  void add_end(std::size_t street, const std::string& end, double inflow_veh_per_h, double weight) {
    Gate gate{LinkIndex::none(), LinkIndex::none(), street, inflow_veh_per_h, weight};
    for (std::size_t i = 0; i < links().size(); ++i) {
      const std::string& id = links()[i].id.text();
      if (id.starts_with(end + "-") && !id.ends_with("a")) gate.in = LinkIndex{i};
      if (id.ends_with("-" + end)) gate.out = LinkIndex{i};
    }
    if (gate.in.valid()) gates_.push_back(gate);
  }

  [[nodiscard]] double share(const Gate& from, const Gate& to) const {
    if (from.in == to.in) return 0;
    const bool through = from.street == to.street && from.in != from.out && to.in != to.out;
    return to.weight * (through ? own_street_factor : 1);
  }

  [[nodiscard]] Done load(const Gate& from, std::map<std::vector<LinkIndex>, double>& added) const {
    double all = 0;
    for (const Gate& to : gates_) all += share(from, to);
    const std::vector<LinkIndex> before = quickest_from(from.in);
    for (const Gate& to : gates_) {
      const double flow = all > 0 ? from.inflow_veh_per_h * share(from, to) / all : 0;
      if (flow < least_flow_veh_per_h) continue;
      const std::vector<LinkIndex> route = way_back(before, from.in, to.out);
      if (route.empty()) {
        return Fault{Reason::not_possible, "street end " + links()[to.out.value()].id.text(),
                     "no way from " + links()[from.in.value()].id.text(), "a way"};
      }
      added[route] += flow / slices;
    }
    return {};
  }

  // Empty if there is none.
  static std::vector<LinkIndex> way_back(const std::vector<LinkIndex>& before, LinkIndex from,
                                         LinkIndex to) {
    std::vector<LinkIndex> route{to};
    while (route.back() != from) {
      const LinkIndex previous = before[route.back().value()];
      if (!previous.valid()) return {};
      route.push_back(previous);
    }
    std::ranges::reverse(route);
    return route;
  }

  // Dijkstra; ties by index, so that every run finds the same ways.
  [[nodiscard]] std::vector<LinkIndex> quickest_from(LinkIndex begin) const {
    std::vector<double> time_s(links().size(), std::numeric_limits<double>::infinity());
    std::vector<LinkIndex> before(links().size());
    std::set<std::pair<double, LinkIndex>> open{{0, begin}};
    time_s[begin.value()] = 0;
    while (!open.empty()) {
      const auto [at_s, link] = *open.begin();
      open.erase(open.begin());
      for (const Way& way : out_[link.value()]) {
        const double then_s = at_s + time_on_s(link) + delay_s(way.by);
        if (then_s >= time_s[way.to.value()]) continue;
        open.erase({time_s[way.to.value()], way.to});
        time_s[way.to.value()] = then_s;
        before[way.to.value()] = link;
        open.insert({then_s, way.to});
      }
    }
    return before;
  }

  // BPR: delay grows with the fourth power of the load.
  [[nodiscard]] double time_on_s(LinkIndex index) const {
    const Link& link = links()[index.value()];
    const Lane& lane = streets_.parts.lanes[link.lanes.front().value()];
    const double load = link_flow_[index.value()] /
                        (lane_capacity_veh_per_h * static_cast<double>(link.lanes.size()));
    return lane.length_m / lane.speed_limit_mps * (1 + 0.6 * std::pow(load, 4));
  }

  [[nodiscard]] double delay_s(MovementIndex index) const {
    const Movement& movement = streets_.parts.movements[index.value()];
    if (!movement.intersection.valid()) return 0;
    if (movement.turn == Turn::right) return right_delay_s;
    if (movement.turn == Turn::straight) return straight_delay_s(link_of(movement.from));
    const double load = movement_flow_[index.value()] / left_capacity_veh_per_h;
    return left_delay_s * (1 + std::pow(load, 4));
  }

  // Main streets get the longer greens, and waves.
  [[nodiscard]] double straight_delay_s(LinkIndex link) const {
    switch (streets_.link_classes[link.value()]) {
      case LinkClass::arterial:
        return 5;
      case LinkClass::collector:
        return 15;
      case LinkClass::minor:
        break;
    }
    return 20;
  }

  void count(const std::vector<LinkIndex>& route, double flow) {
    for (std::size_t i = 0; i < route.size(); ++i) {
      link_flow_[route[i].value()] += flow;
      if (i == 0) continue;
      const auto& ways = out_[route[i - 1].value()];
      movement_flow_[std::ranges::find(ways, route[i], &Way::to)->by.value()] += flow;
    }
  }

  const Streets& streets_;
  std::vector<std::vector<Way>> out_;  // by link
  std::vector<Gate> gates_;
  std::vector<double> link_flow_;
  std::vector<double> movement_flow_;  // at the first movement that joins two links
};

std::chrono::seconds second_of(const std::string& clock) {
  if (clock == "24:00") return std::chrono::hours{24};
  return city::second_of_day(clock).value_or(std::chrono::seconds{0});
}

std::vector<RouteFlow::Interval> intervals_of(const Description& description, double peak_per_h) {
  std::vector<RouteFlow::Interval> intervals;
  for (const ProfileDescription& part : description.profile) {
    constexpr double per_unit = 10;
    intervals.push_back({second_of(part.begin), second_of(part.end),
                         std::round(peak_per_h * part.share * per_unit) / per_unit});
  }
  return intervals;
}

// Cars, vans and lorries, buses of a city street.
std::vector<VehicleType> vehicle_types() {
  VehicleType car;
  car.name = "car";
  car.share = 0.9;
  car.length_m = 4.6;
  VehicleType truck;
  truck.name = "truck";
  truck.vehicle_class = VehicleClass::truck;
  truck.share = 0.05;
  truck.length_m = 8.5;
  truck.acceleration_mps2 = 1.4;
  truck.deceleration_mps2 = 4.0;
  VehicleType bus;
  bus.name = "bus";
  bus.vehicle_class = VehicleClass::bus;
  bus.share = 0.05;
  bus.length_m = 12;
  bus.acceleration_mps2 = 1.2;
  bus.deceleration_mps2 = 4.0;
  return {car, truck, bus};
}

}  // namespace

Result<std::vector<PeakRoute>> assign_peak(const Description& /*description*/, const Layout& layout,
                                           const Streets& streets) {
  return Assignment(layout, streets).assign();
}

std::vector<double> movement_flows(const std::vector<PeakRoute>& routes, const Streets& streets) {
  const auto link_of = [&](LaneIndex lane) { return streets.parts.lanes[lane.value()].link; };
  std::map<std::pair<LinkIndex, LinkIndex>, std::vector<std::size_t>> joins;
  for (std::size_t i = 0; i < streets.parts.movements.size(); ++i) {
    const Movement& movement = streets.parts.movements[i];
    joins[{link_of(movement.from), link_of(movement.to)}].push_back(i);
  }
  std::vector<double> flows(streets.parts.movements.size(), 0);
  for (const PeakRoute& route : routes) {
    for (std::size_t i = 1; i < route.links.size(); ++i) {
      const auto& ways = joins[{route.links[i - 1], route.links[i]}];
      for (const std::size_t way : ways)
        flows[way] += route.flow_veh_per_h / static_cast<double>(ways.size());
    }
  }
  return flows;
}

Demand demand_of_day(const Description& description, const Layout& layout, const Streets& streets,
                     const std::vector<PeakRoute>& routes) {
  Demand demand;
  demand.types = vehicle_types();
  for (const PeakRoute& route : routes)
    demand.routes.push_back({route.links, intervals_of(description, route.flow_veh_per_h)});
  for (std::size_t c = 0; c < layout.crossroads.size(); ++c) {
    for (std::size_t a = 0; a < layout.crossroads[c].arms.size(); ++a) {
      const std::size_t street = layout.crossroads[c].arms[a].street;
      const LinkClass link_class = layout.streets[street].description.link_class;
      const double share = link_class == LinkClass::arterial    ? 1.0
                           : link_class == LinkClass::collector ? 0.7
                                                                : 0.4;
      demand.pedestrians.push_back(
          {streets.arms[c][a].walk,
           intervals_of(description, std::round(description.pedestrians_per_h * share))});
    }
  }
  return demand;
}

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

namespace {

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
