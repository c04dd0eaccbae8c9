#include "sim/sumo/link_letters.hpp"

#include <algorithm>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha::sumo {
namespace {

// The letters of SUMO's state string that a group lights.
std::vector<int> places_of(const Network& network, const SignalGroup& group) {
  std::vector<int> places;
  for (const MovementId& id : group.movements) {
    const MovementIndex movement = network.find(id);
    CHORRAHA_EXPECT(movement.valid());
    places.push_back(network.movement(movement).signal_link);
  }
  for (const CrossingId& id : group.crossings) {
    const CrossingIndex crossing = network.find(id);
    CHORRAHA_EXPECT(crossing.valid());
    places.push_back(network.crossing(crossing).signal_link);
  }
  return places;
}

}  // namespace

LinkLetters::LinkLetters(const Network& network, IntersectionIndex at,
                         const IntersectionConfig& config, std::string shown)
    : shown_(std::move(shown)) {
  for (const MovementIndex index : network.junction(at).movements) {
    const Movement& movement = network.movement(index);
    const bool yields = !movement.crossings.empty() ||
                        std::ranges::any_of(movement.foes, &Movement::Foe::yields_to);
    if (yields) link_at(movement.signal_link).unsignalled = 'o';
  }
  for (std::size_t g = 0; g < config.groups().size(); ++g) {
    const SignalGroup& group = config.groups()[g];
    const Group use{g, !config.yields_to(GroupIndex{g}).empty(), group.turn_on_red};
    for (const int place : places_of(network, group)) {
      std::vector<Group>& groups = link_at(place).groups;
      if (groups.empty() || groups.back().index != g) groups.push_back(use);
    }
  }
}

LinkLetters::Link& LinkLetters::link_at(int place) {
  CHORRAHA_EXPECT(place >= 0 && static_cast<std::size_t>(place) < shown_.size());
  const auto at = static_cast<std::size_t>(place);
  const auto known = std::ranges::find(links_, at, &Link::place);
  if (known != links_.end()) return *known;
  links_.push_back({at, 'O', {}});
  return links_.back();
}

char LinkLetters::letter(const Link& link, std::span<const Aspect> by_group) {
  bool is_permitted = false;
  bool is_amber = false;
  bool is_off = !link.groups.empty();
  bool may_turn = false;
  for (const Group& group : link.groups) {
    const Aspect aspect = by_group[group.index];
    if (is_green(aspect) && !group.permissive) return 'G';
    is_permitted = is_permitted || is_green(aspect);
    is_amber = is_amber || aspect == Aspect::amber;
    is_off = is_off && (aspect == Aspect::dark || aspect == Aspect::flashing_amber);
    may_turn = may_turn || group.turn_on_red;
  }
  if (is_permitted) return 'g';
  if (is_amber) return 'y';
  if (is_off) return link.unsignalled;
  return may_turn ? 's' : 'r';
}

std::string LinkLetters::letters(std::span<const Aspect> by_group, SignalMode mode) const {
  const bool is_off = mode == SignalMode::flash || mode == SignalMode::dark;
  std::string text = shown_;
  for (const Link& link : links_)
    text[link.place] = is_off ? link.unsignalled : letter(link, by_group);
  return text;
}

}  // namespace chorraha::sumo
