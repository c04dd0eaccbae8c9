#pragma once

#include <cstddef>
#include <vector>

#include "apps/make_city/layout.hpp"
#include "formats/city/city_folder.hpp"
#include "traffic/network.hpp"

namespace chorraha::make_city {

/// The lanes and ways of one arm of a crossroads.
struct ArmLanes {
  std::vector<LaneIndex> in;  // from the right; the pocket last
  bool pocket = false;
  std::vector<LaneIndex> out;
  CrossingIndex walk;
  std::vector<MovementIndex> straight, left, right;  // of the traffic that comes in by this arm
};

/// The streets with everything on them but detectors and signals.
struct Streets {
  NetworkParts parts;                       // IntersectionIndex = place of the crossroads
  std::vector<LinkClass> link_classes;      // by LinkIndex
  std::vector<std::size_t> street_of_link;  // by LinkIndex
  std::vector<std::vector<ArmLanes>> arms;  // by crossroads, then arm
};

[[nodiscard]] Streets build_streets(const Layout& layout);

/// Both movements meet or cross: bodies of 2 m width would touch.
inline constexpr double foes_nearer_than_m = 2.0;

}  // namespace chorraha::make_city
