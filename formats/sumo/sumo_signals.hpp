#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/sumo/sumo_program.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

/// How the profile `research` fills what a SUMO program does not say (docs/cli.md).
struct SignalRules {
  std::optional<Ticks> yellow;   // else the longest yellow the program shows a group, 3 s if none
  std::optional<Ticks> all_red;  // else the smallest gap behind yellow over conflicting pairs
  Ticks min_green{50};
  Instant midnight{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};  // simulated second 0
};

struct SignalImport {
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex of the network
  std::vector<std::string> notes;  // all that was raised, lengthened, guessed; begins with the id
};

/// Signal groups, relations, stages and one timetable of every intersection (docs/seams.md, "Signal
/// groups from SUMO"): links with equal columns of letters form a group, foes among them split it;
/// a link shown both `G` and `g` gets a protected and a permissive group, `same_stream`.
/// Groups: named after their first link, "L5"; its permissive one is "L5g".
/// Stages: the sets of groups lit in phases without yellow, "p2" after the phase; a phase under
///         5 s (and under the minimum green) whose links are all lit in the stage before it, or in
///         the one behind it, belongs to the change between them.
/// Faults: bad_input: a link of the network that the state strings do not have, an intersection
///         without program; not_possible: two links that are foes, lit together, and neither gives
///         way.
[[nodiscard]] Result<SignalImport> import_signals(const Network& network,
                                                  std::span<const SumoProgram> programs,
                                                  const SignalRules& rules);

}  // namespace chorraha::sumo
