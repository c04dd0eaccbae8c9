#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "apps/make_city/traffic_model.hpp"

namespace chorraha::make_city {
namespace {

constexpr int slices = 4;
constexpr double least_flow_veh_per_h = 2;  // of a relation; smaller ones are left out
constexpr double own_street_factor = 3;     // who comes in on a street mostly stays on it
constexpr double left_delay_s = 20;
constexpr double right_delay_s = 4;
constexpr double lane_capacity_veh_per_h = 620;  // of a green share of about 0.36
constexpr double left_capacity_veh_per_h = 110;

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

}  // namespace

Result<std::vector<PeakRoute>> assign_peak(const Description& /*description*/, const Layout& layout,
                                           const Streets& streets) {
  return Assignment(layout, streets).assign();
}

}  // namespace chorraha::make_city
