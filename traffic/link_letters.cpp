#include "traffic/link_letters.hpp"

#include <algorithm>

namespace chorraha {
namespace {

/// The letter of one group; `permissive` green is small.
char letter(const IntersectionConfig& config, GroupIndex group, Aspect aspect) {
  switch (aspect) {
    case Aspect::green:
    case Aspect::flashing_green:
      return config.yields_to(group).empty() ? 'G' : 'g';
    case Aspect::amber:
      return 'y';
    case Aspect::red_amber:
      return 'u';
    case Aspect::flashing_amber:
      return 'o';
    case Aspect::dark:
      return 'O';
    case Aspect::red:
      break;
  }
  return config.group(group).turn_on_red ? 's' : 'r';
}

/// Of two groups over one link the more open letter is shown.
char stronger(char a, char b) {
  constexpr std::string_view order = "GgyuoOsr";
  const auto rank = [&](char c) { return std::min(order.find(c), order.size()); };
  return rank(a) <= rank(b) ? a : b;
}

void put(std::string& letters, int link, char shown) {
  if (link < 0) return;
  const auto place = static_cast<std::size_t>(link);
  letters[place] = stronger(letters[place], shown);
}

std::size_t links_of(const Network& network, IntersectionIndex intersection) {
  int count = 0;
  const Junction& junction = network.junction(intersection);
  for (const MovementIndex m : junction.movements)
    count = std::max(count, network.movement(m).signal_link + 1);
  for (const CrossingIndex c : junction.crossings)
    count = std::max(count, network.crossing(c).signal_link + 1);
  return static_cast<std::size_t>(count);
}

}  // namespace

std::string link_letters(const Network& network, IntersectionIndex intersection,
                         const IntersectionConfig& config, std::span<const Aspect> by_group) {
  std::string letters(links_of(network, intersection), 'r');
  const bool by_link = !letters.empty();
  for (std::size_t g = 0; g < by_group.size(); ++g) {
    const char shown = letter(config, GroupIndex{g}, by_group[g]);
    if (!by_link) {
      letters += shown;
      continue;
    }
    for (const MovementId& id : config.groups()[g].movements) {
      const MovementIndex movement = network.find(id);
      if (movement.valid()) put(letters, network.movement(movement).signal_link, shown);
    }
    for (const CrossingId& id : config.groups()[g].crossings) {
      const CrossingIndex crossing = network.find(id);
      if (crossing.valid()) put(letters, network.crossing(crossing).signal_link, shown);
    }
  }
  return letters;
}

}  // namespace chorraha
