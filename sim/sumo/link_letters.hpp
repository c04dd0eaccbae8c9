#pragma once

// Inside sim/sumo only: what lamps show as SUMO's letters, one a link.

#include <span>
#include <string>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha::sumo {

/// The letters of one intersection. A link is `G` if a protected group of it is green, else `g` if
/// a permissive one is (a group that yields), else `y`, else `r`; `s` for `r` where its group may
/// turn on red. Red+amber is `r`: SUMO's `u` lets vehicles start. Flash and dark: `o` where the
/// link gives way to another by the network's right of way, else `O`.
class LinkLetters {
 public:
  /// `shown`: the state string SUMO has now; it gives the length, and the letters of places that
  /// the network does not use.
  LinkLetters(const Network& network, IntersectionIndex at, const IntersectionConfig& config,
              std::string shown);

  [[nodiscard]] std::string letters(std::span<const Aspect> by_group, SignalMode mode) const;

 private:
  struct Group {
    std::size_t index = 0;
    bool permissive = false;
    bool turn_on_red = false;
  };
  struct Link {
    std::size_t place = 0;
    char unsignalled = 'O';
    std::vector<Group> groups;
  };
  [[nodiscard]] static char letter(const Link& link, std::span<const Aspect> by_group);
  Link& link_at(int place);

  std::string shown_;
  std::vector<Link> links_;
};

}  // namespace chorraha::sumo
