#pragma once

// Inside formats/sumo only: from state strings to groups, relations and stages.

#include <string>
#include <vector>

#include "formats/sumo/sumo_program.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

/// One place of the state strings that the network uses.
struct SignalLink {
  int place = 0;
  std::vector<MovementIndex> movements;
  std::vector<CrossingIndex> crossings;
  bool turn_on_red = false;
};

/// A program over the links in use: letters are `r`, `y`, `g` or `G` only.
struct ShownProgram {
  std::vector<SignalLink> links;     // by place
  std::vector<std::string> letters;  // [phase][link]
  std::vector<Ticks> begins;         // of the phases
  Ticks cycle{0};
};

/// A stretch of the cycle with one set of greens; `begin` is negative where it runs over the end.
struct StageRun {
  std::size_t phase = 0;  // its first one
  Ticks begin{0};
  Ticks end{0};
  std::string letters;  // by link: `r`, `g`, `G`
};

/// Links that always show the same, and their one or two groups.
struct Bundle {
  std::vector<std::size_t> links;
  GroupIndex major;       // lit where they show `G`; none() if never
  GroupIndex permissive;  // lit where they show `g`; none() if never
};

struct GroupPlan {
  std::vector<Bundle> bundles;
  std::vector<std::size_t> bundle_of;  // by group
  std::vector<SignalGroup> groups;
  std::vector<std::vector<Relation>> relations;
  std::vector<GroupSet> lit;  // by run
};

[[nodiscard]] Result<ShownProgram> shown_by(const Network& network, IntersectionIndex at,
                                            const SumoProgram& program,
                                            std::vector<std::string>& notes);

/// By end; at least one.
[[nodiscard]] Result<std::vector<StageRun>> stage_runs(const ShownProgram& shown, Ticks min_green,
                                                       std::vector<std::string>& notes);

[[nodiscard]] Result<GroupPlan> plan_groups(const Network& network, const ShownProgram& shown,
                                            const std::vector<StageRun>& runs,
                                            std::vector<std::string>& notes);

}  // namespace chorraha::sumo
