#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/chorraha/simulate.hpp"
#include "sim/street.hpp"
#include "traffic/demand.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// A street that has been opened for one run.
struct ScenarioStreet {
  std::unique_ptr<Street> street;
  std::function<double()> street_cpu_s;  // so far; 0 where it cannot be told apart
  std::function<Done()> finish;  // after the last step: outputs that the street writes itself
  std::function<std::string(IntersectionIndex)> letters;  // where it plays its own programs
};

/// What `chorraha simulate` runs on: a city folder for the built-in street, a .sumocfg for SUMO.
class Scenario {
 public:
  /// Faults: bad_input for what cannot be read; not_built_yet for combinations that are to come.
  [[nodiscard]] static Result<Scenario> open(const SimulateOptions& options);

  std::shared_ptr<const Network> network;
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex
  std::vector<ConfigHash> hashes;
  std::vector<std::string> notes;  // what was raised, lengthened, guessed
  std::string profile;             // that the output names
  Instant midnight;                // local midnight
  Instant begin;
  std::optional<Instant> end;  // none: an hour, and on until the street is empty or locked
  bool plays_itself = false;   // `--control scenario`: the street's own programs
  bool street_is_a_process = false;

  [[nodiscard]] Result<ScenarioStreet> open_street(std::uint64_t seed,
                                                   const SimulateOptions& options) const;
  [[nodiscard]] bool is_over(const Street& street) const;
  [[nodiscard]] double share_done(const Street& street) const;
  [[nodiscard]] Instant end_of_departures() const;

 private:
  Scenario() = default;
  friend Result<Scenario> open_city_scenario(const SimulateOptions& options);
  friend Result<Scenario> open_sumo_scenario(const SimulateOptions& options);

  std::function<Result<ScenarioStreet>(std::uint64_t seed, const SimulateOptions& options)> opener_;
};

/// SEED in a file name becomes the number.
[[nodiscard]] std::string with_seed(std::string file, std::uint64_t seed);

}  // namespace chorraha
