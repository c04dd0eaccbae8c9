#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chorraha {

/// `chorraha simulate` as asked for on the command line; docs/cli.md has the meaning of each.
struct SimulateOptions {
  enum class StreetKind : std::uint8_t { builtin, sumo };
  enum class ControlKind : std::uint8_t { scenario, webster, adaptive };
  std::string scenario;
  StreetKind street = StreetKind::builtin;
  ControlKind control = ControlKind::adaptive;
  double decision_step_s = 1.0;
  std::optional<double> min_green_s;  // 5 where the profile is research
  std::optional<double> yellow_s;
  std::optional<double> all_red_s;
  std::vector<std::uint64_t> seeds{1};
  std::optional<double> begin_s;
  std::optional<double> end_s;
  std::string trips_file;  // SEED in a name is replaced by the seed
  std::string signals_file;
  std::string tripinfo_file;
  std::string json_file;  // "-" = standard output
  bool quiet = false;
  /// The signal that asked to stop, 0: none; asked between steps. Finished runs are reported.
  std::function<int()> stop_signal = [] { return 0; };
};

/// Runs the closed loop once a seed and prints the figures. Returns the exit code.
int run_simulate(const SimulateOptions& options);

}  // namespace chorraha
