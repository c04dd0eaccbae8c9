#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

/// One phase of a tlLogic: a letter a link, by the link's `linkIndex`.
struct SumoPhase {
  Ticks duration{0};
  std::string state;
};

/// One tlLogic as written.
struct SumoProgram {
  IntersectionId intersection;
  std::string program;  // programID
  std::string type;     // static, actuated, delay_based
  Ticks offset{0};      // phases begin this much later than second 0
  std::vector<SumoPhase> phases;
  std::string place;  // "net.xml:12"

  [[nodiscard]] Ticks cycle() const;
};

/// The programs in force: of each tlLogic id the last one loaded, network first, then the
/// additional files in their order, as SUMO chooses. In the order of their first appearance.
/// Faults: bad_input: letters that SUMO does not know, states of unequal length, no phase, a phase
///         without duration, types whose states are not fixed by phase (NEMA, rail).
[[nodiscard]] Result<std::vector<SumoProgram>> read_sumo_programs(
    const std::filesystem::path& net_file, std::span<const std::filesystem::path> additional_files);

/// The tlLogics of one file in memory, as they stand; `name` stands in the faults.
[[nodiscard]] Result<std::vector<SumoProgram>> parse_sumo_programs(std::string name,
                                                                   std::string xml);

}  // namespace chorraha::sumo
