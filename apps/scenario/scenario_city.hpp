#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/city/city_folder.hpp"
#include "formats/sumo/sumo_config.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// A SUMO scenario as a city that programs can run: its network with virtual detectors, its signals
/// by the profile `research`, no camera and no demand (SUMO has that).
/// Clock: simulated second s is s seconds after midnight UTC of 2024-01-01.
struct ScenarioCity {
  sumo::SumoConfig config;
  City city;
  std::vector<std::string> notes;  // what the import raised, lengthened, guessed
};

/// The same input gives the same city, byte for byte.
/// Faults: not_built_yet for what is no .sumocfg; bad_input for one that cannot be read, has no
/// signal, or whose signals cannot be imported.
[[nodiscard]] Result<ScenarioCity> read_scenario_city(const std::filesystem::path& sumocfg);

/// A folder's name for it: "cologne8" of cologne8/cologne8.sumocfg, "bologna-run" of
/// bologna/run.sumocfg.
[[nodiscard]] std::string scenario_name(const std::filesystem::path& sumocfg);

/// The instant of simulated second 0.
[[nodiscard]] Instant midnight_of(const City& city);

}  // namespace chorraha
