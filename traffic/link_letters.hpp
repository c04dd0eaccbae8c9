#pragma once

#include <span>
#include <string>

#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// What an intersection shows as a SUMO state string: a letter a link, by Movement::signal_link
/// (and Crossing::signal_link). `G` if the link's protected group is green, else `g` if its
/// permissive one (that yields) is, else `y`, else `u` for red+amber, else `r` (`s` where the group
/// may turn on red); flashing amber `o`, dark `O`. Places that no movement has are `r`. Where
/// nothing has a signal link: a letter a group, in their order. Source:
/// https://sumo.dlr.de/docs/Simulation/Traffic_Lights.html, "Signal state definitions".
[[nodiscard]] std::string link_letters(const Network& network, IntersectionIndex intersection,
                                       const IntersectionConfig& config,
                                       std::span<const Aspect> by_group);

}  // namespace chorraha
