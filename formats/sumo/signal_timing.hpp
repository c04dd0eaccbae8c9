#pragma once

// Inside formats/sumo only: yellow, clearances and the timetable of one program.

#include <string>
#include <vector>

#include "formats/sumo/signal_groups.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "traffic/intersection.hpp"

namespace chorraha::sumo {

/// Amber, minimum green and minimum red of the groups.
void set_times(GroupPlan& plan, const ShownProgram& shown, const SignalRules& rules,
               std::vector<std::string>& notes);

/// I[a][b] = amber(a) + R; of a walk at least its crossing time at 1.2 m/s (SAFETY-A14).
[[nodiscard]] std::vector<std::vector<Ticks>> intergreens(const GroupPlan& plan,
                                                          const ShownProgram& shown,
                                                          const Network& network,
                                                          const SignalRules& rules);

/// The program again, made of its stages: every stage ends where it did, or later where the change
/// before it and the minimum greens need the time. `runs[i]` shows stage `stages[i]` of `config`.
[[nodiscard]] Timetable rebuilt(const IntersectionConfig& config, const std::vector<StageRun>& runs,
                                const std::vector<StageIndex>& stages, Ticks cycle,
                                std::vector<std::string>& notes);

}  // namespace chorraha::sumo
