#include "sim/lamps.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha::sim {
namespace {

bool unlit(Aspect aspect) {
  return aspect == Aspect::dark || aspect == Aspect::flashing_amber;
}

}  // namespace

Result<Lamps> Lamps::make(const Network& network, std::vector<IntersectionConfig> intersections) {
  Lamps lamps;
  if (intersections.size() != network.junctions().size()) {
    return Fault{Reason::bad_input, "intersection configurations",
                 std::to_string(intersections.size()),
                 std::to_string(network.junctions().size()) + ", one per junction"};
  }
  lamps.intersections_ = std::move(intersections);
  lamps.heads_.resize(network.movements().size());
  lamps.walk_heads_.resize(network.crossings().size());
  lamps.lights_.resize(network.movements().size(), Light::unsignalled);
  lamps.permissive_.resize(network.movements().size(), 0);
  lamps.walks_.resize(network.crossings().size(), Walk::unsignalled);
  lamps.movements_of_.resize(network.junctions().size());
  lamps.crossings_of_.resize(network.junctions().size());
  for (std::size_t i = 0; i < network.junctions().size(); ++i) {
    if (const Done wired = lamps.wire(network, i); !wired) return wired.error();
  }
  lamps.find_yielding(network);
  return lamps;
}

bool Lamps::yields_to_vehicles(const Network& network, std::size_t movement,
                               GroupIndex group) const {
  const std::uint32_t at = heads_[movement].intersection;
  const IntersectionConfig& config = intersections_[at];
  return std::ranges::any_of(network.movements()[movement].foes, [&](const Movement::Foe& foe) {
    const Head& other = heads_[foe.movement.value()];
    if (!foe.yields_to || other.intersection != at) return false;
    return std::ranges::any_of(other.groups, [&](GroupIndex its) {
      return config.relation(group, its) == Relation::yields;
    });
  });
}

void Lamps::find_yielding(const Network& network) {
  for (std::size_t m = 0; m < heads_.size(); ++m) {
    for (const GroupIndex group : heads_[m].groups)
      heads_[m].yields.push_back(yields_to_vehicles(network, m, group));
  }
}

Done Lamps::wire(const Network& network, std::size_t intersection) {
  const IntersectionConfig& config = intersections_[intersection];
  if (config.id() != network.junctions()[intersection].id) {
    return Fault{Reason::bad_input, "intersection configuration " + std::to_string(intersection),
                 config.id().text(), network.junctions()[intersection].id.text()};
  }
  std::vector<GroupIndex> order;
  order.reserve(config.groups().size());
  for (std::size_t g = 0; g < config.groups().size(); ++g) order.emplace_back(g);
  std::ranges::stable_sort(order, {}, [&](GroupIndex g) { return config.yields_to(g).size(); });
  const auto attach = [&](auto index, auto& heads, auto& list, GroupIndex group) {
    Head& head = heads[index.value()];
    head.intersection = static_cast<std::uint32_t>(intersection);
    if (head.groups.empty()) list.push_back(static_cast<std::uint32_t>(index.value()));
    head.groups.push_back(group);
  };
  for (const GroupIndex g : order) {
    const SignalGroup& group = config.group(g);
    const std::string thing = "intersection " + config.id().text() + " group " + group.id.text();
    for (const MovementId& id : group.movements) {
      const MovementIndex movement = network.find(id);
      if (!movement.valid())
        return Fault{Reason::bad_input, thing, "movement " + id.text(), "one of the network"};
      attach(movement, heads_, movements_of_[intersection], g);
    }
    for (const CrossingId& id : group.crossings) {
      const CrossingIndex crossing = network.find(id);
      if (!crossing.valid())
        return Fault{Reason::bad_input, thing, "crossing " + id.text(), "one of the network"};
      attach(crossing, walk_heads_, crossings_of_[intersection], g);
    }
  }
  return {};
}

void Lamps::show(IntersectionIndex intersection, std::span<const Aspect> by_group,
                 SignalMode mode) {
  CHORRAHA_EXPECT(intersection.value() < intersections_.size());
  CHORRAHA_EXPECT(by_group.size() == intersections_[intersection.value()].groups().size());
  for (const std::uint32_t m : movements_of_[intersection.value()])
    show_movement(m, by_group, mode);
  for (const std::uint32_t c : crossings_of_[intersection.value()])
    show_crossing(c, by_group, mode);
}

void Lamps::show_movement(std::uint32_t movement, std::span<const Aspect> by_group,
                          SignalMode mode) {
  Head& head = heads_[movement];
  Light& light = lights_[movement];
  head.lit = GroupIndex::none();
  const bool off = mode == SignalMode::flash || mode == SignalMode::dark;
  const bool all_unlit =
      std::ranges::all_of(head.groups, [&](GroupIndex g) { return unlit(by_group[g.value()]); });
  if (off || all_unlit) {
    light = Light::unsignalled;
    return;
  }
  bool on_red = false;
  light = Light::red;
  permissive_[movement] = 0;
  for (std::size_t i = 0; i < head.groups.size(); ++i) {
    const GroupIndex g = head.groups[i];
    const Aspect aspect = by_group[g.value()];
    on_red = on_red || intersections_[head.intersection].group(g).turn_on_red;
    const bool goes = is_green(aspect) && light != Light::green;
    const bool ends = aspect == Aspect::amber && light == Light::red;
    if (!goes && !ends) continue;
    light = goes ? Light::green : Light::amber;
    head.lit = g;
    permissive_[movement] = head.yields[i] ? 1 : 0;
  }
  if (light == Light::red && on_red) light = Light::turn_on_red;
}

void Lamps::show_crossing(std::uint32_t crossing, std::span<const Aspect> by_group,
                          SignalMode mode) {
  const Head& head = walk_heads_[crossing];
  const auto any = [&](auto test) {
    return std::ranges::any_of(head.groups,
                               [&](GroupIndex g) { return test(by_group[g.value()]); });
  };
  const bool off = mode == SignalMode::flash || mode == SignalMode::dark;
  if (off || !any([](Aspect aspect) { return !unlit(aspect); })) {
    walks_[crossing] = Walk::unsignalled;
  } else {
    const bool walk = any([](Aspect aspect) { return aspect == Aspect::green; });
    walks_[crossing] = walk ? Walk::walk : Walk::stand;
  }
}

bool Lamps::gives_way(std::uint32_t movement, std::uint32_t foe, bool by_road) const {
  if (lights_[movement] == Light::turn_on_red) return true;
  if (lights_[foe] == Light::turn_on_red) return false;
  const GroupIndex mine = heads_[movement].lit;
  const GroupIndex its = heads_[foe].lit;
  if (!mine.valid() || !its.valid() || heads_[movement].intersection != heads_[foe].intersection)
    return by_road;
  const IntersectionConfig& config = intersections_[heads_[movement].intersection];
  return by_road && config.relation(mine, its) != Relation::compatible;
}

}  // namespace chorraha::sim
