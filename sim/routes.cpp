#include "sim/routes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <string>

namespace chorraha::sim {
namespace {

constexpr double reach_cut_m = 3000;  // SUMO: MAX_BESTLANE_LOOKAHEAD
constexpr double same_reach_m = 0.1;

bool joined(const Network& network, LinkIndex from, LinkIndex to) {
  return std::ranges::any_of(network.link(from).lanes, [&](LaneIndex index) {
    const Lane& lane = network.lane(index);
    return lane.vehicles_allowed && std::ranges::any_of(lane.outgoing, [&](MovementIndex movement) {
             const Lane& target = network.lane(network.movement(movement).to);
             return target.link == to && target.vehicles_allowed;
           });
  });
}

// Where vehicles get to by the movements of a link's lanes.
std::vector<const Lane*> lanes_behind(const Network& network, const Link& link) {
  std::vector<const Lane*> found;
  for (const LaneIndex index : link.lanes) {
    const Lane& lane = network.lane(index);
    if (!lane.vehicles_allowed) continue;
    for (const MovementIndex movement : lane.outgoing) {
      const Lane& target = network.lane(network.movement(movement).to);
      if (target.vehicles_allowed) found.push_back(&target);
    }
  }
  return found;
}

}  // namespace

void Routes::value_lane(Entry& entry, std::size_t place, const Lane& lane) const {
  const bool last = place + 1 == entry.links.size();
  LaneWorth& worth = entry.worth[entry.first[place] + static_cast<std::uint32_t>(lane.number)];
  worth = LaneWorth{};
  if (!lane.vehicles_allowed) return;
  worth.reach_m = lane.length_m;
  if (last) return;
  double best_m = -1;
  int best_shift = 0;
  for (const MovementIndex index : lane.outgoing) {
    const Lane& target = network_->lane(network_->movement(index).to);
    if (target.link != entry.links[place + 1] || !target.vehicles_allowed) continue;
    const LaneWorth& next =
        entry.worth[entry.first[place + 1] + static_cast<std::uint32_t>(target.number)];
    const int shift = std::abs(target.number - lane.number);
    const bool better = next.reach_m > best_m + same_reach_m ||
                        (next.reach_m > best_m - same_reach_m && shift < best_shift);
    if (!better) continue;
    best_m = next.reach_m;
    best_shift = shift;
    worth.movement = static_cast<std::uint32_t>(index.value());
  }
  if (best_m >= 0) worth.reach_m = std::min(lane.length_m + best_m, reach_cut_m);
}

void Routes::value_link(Entry& entry, std::size_t place) const {
  const Link& link = network_->link(entry.links[place]);
  const bool last = place + 1 == entry.links.size();
  double best_m = 0;
  for (const LaneIndex index : link.lanes) {
    value_lane(entry, place, network_->lane(index));
    const LaneWorth& worth =
        entry.worth[entry.first[place] + static_cast<std::uint32_t>(network_->lane(index).number)];
    if (last || worth.movement != no_movement) best_m = std::max(best_m, worth.reach_m);
  }
  const auto count = static_cast<int>(link.lanes.size());
  const std::uint32_t first = entry.first[place];
  const auto is_best = [&](int number) {
    const LaneWorth& worth = entry.worth[first + static_cast<std::uint32_t>(number)];
    return worth.reach_m > best_m - same_reach_m && (last || worth.movement != no_movement);
  };
  for (int number = 0; number < count; ++number) {
    for (int away = 0; away < count; ++away) {
      const bool right = number - away >= 0 && is_best(number - away);
      const bool left = number + away < count && is_best(number + away);
      if (!right && !left) continue;
      entry.worth[first + static_cast<std::uint32_t>(number)].offset =
          static_cast<std::int8_t>(right ? -away : away);
      break;
    }
  }
}

Result<RouteNumber> Routes::add(const std::vector<LinkIndex>& links) {
  const std::string thing = "route " + std::to_string(routes_.size());
  if (links.empty()) return Fault{Reason::bad_input, thing, "no link", "at least one link"};
  for (const LinkIndex link : links) {
    if (!link.valid() || link.value() >= network_->links().size())
      return Fault{Reason::bad_input, thing, "a link that does not exist", "links of the network"};
  }
  for (std::size_t i = 1; i < links.size(); ++i) {
    if (joined(*network_, links[i - 1], links[i])) continue;
    return Fault{
        Reason::bad_input, thing,
        network_->link(links[i - 1]).id.text() + " then " + network_->link(links[i]).id.text(),
        "links that a movement for vehicles joins"};
  }
  Entry entry;
  entry.links = links;
  std::uint32_t lanes = 0;
  for (const LinkIndex link : links) {
    entry.first.push_back(lanes);
    lanes += static_cast<std::uint32_t>(network_->link(link).lanes.size());
  }
  entry.worth.resize(lanes);
  for (std::size_t place = links.size(); place-- > 0;) value_link(entry, place);
  routes_.push_back(std::move(entry));
  return static_cast<RouteNumber>(routes_.size() - 1);
}

Result<std::vector<LinkIndex>> Routes::fastest(LinkIndex from, LinkIndex to) const {
  using Item = std::pair<double, std::size_t>;
  std::vector<double> best_s(network_->links().size(), std::numeric_limits<double>::infinity());
  std::vector<std::size_t> before(network_->links().size(), network_->links().size());
  std::priority_queue<Item, std::vector<Item>, std::greater<>> open;
  best_s[from.value()] = 0;
  open.emplace(0.0, from.value());
  while (!open.empty()) {
    const auto [at_s, link] = open.top();
    open.pop();
    if (at_s > best_s[link] || link == to.value()) continue;
    for (const Lane* target : lanes_behind(*network_, network_->links()[link])) {
      const std::size_t next = target->link.value();
      const double then_s = at_s + target->length_m / target->speed_limit_mps;
      if (then_s >= best_s[next]) continue;
      best_s[next] = then_s;
      before[next] = link;
      open.emplace(then_s, next);
    }
  }
  std::vector<LinkIndex> links{to};
  while (links.back() != from) {
    const std::size_t link = before[links.back().value()];
    if (link == network_->links().size())
      return Fault{
          Reason::not_possible,
          "route " + network_->link(from).id.text() + " to " + network_->link(to).id.text(), "none",
          "a way"};
    links.emplace_back(link);
  }
  std::ranges::reverse(links);
  return links;
}

Result<RouteNumber> Routes::detour(LinkIndex here, LinkIndex next, LinkIndex to) {
  const std::tuple key{here, next, to};
  if (const auto known = detours_.find(key); known != detours_.end()) return known->second;
  Result<std::vector<LinkIndex>> links = fastest(next, to);
  if (!links) return links.error();
  links->insert(links->begin(), here);
  Result<RouteNumber> added = add(*links);
  if (added) detours_.emplace(key, *added);
  return added;
}

}  // namespace chorraha::sim
