#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::sumo {

/// What a `.sumocfg` names. Paths stand relative to the file that names them.
struct SumoConfig {
  std::filesystem::path file;  // the .sumocfg itself
  std::filesystem::path network;
  std::vector<std::filesystem::path> routes;
  std::vector<std::filesystem::path> additional;
  double begin_s = 0;           // simulated seconds
  std::optional<double> end_s;  // absent: until empty
  Milliseconds step_length{1000};
};

/// Faults: bad_input with file, line, value and what is allowed: no such file, not XML, no network,
/// a file that is named and not there, times that are none, an end before the begin.
[[nodiscard]] Result<SumoConfig> read_sumo_config(const std::filesystem::path& file);

}  // namespace chorraha::sumo
