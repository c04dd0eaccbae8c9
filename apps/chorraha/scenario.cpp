#include "apps/chorraha/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto shortest_run = 3600s;  // without an end

}  // namespace

Result<Scenario> open_city_scenario(const SimulateOptions& options);
Result<Scenario> open_sumo_scenario(const SimulateOptions& options);

Result<Scenario> Scenario::open(const SimulateOptions& options) {
  if (options.street == SimulateOptions::StreetKind::sumo) return open_sumo_scenario(options);
  if (options.scenario.ends_with(".sumocfg") || options.scenario.ends_with(".json")) {
    return Fault{Reason::not_built_yet, "--street builtin with " + options.scenario,
                 "not built yet", "a city folder, or --street sumo"};
  }
  return open_city_scenario(options);
}

Result<ScenarioStreet> Scenario::open_street(std::uint64_t seed,
                                             const SimulateOptions& options) const {
  return opener_(seed, options);
}

Instant Scenario::end_of_departures() const {
  return end.value_or(Instant::max());
}

bool Scenario::is_over(const Street& street) const {
  if (end) return street.now() >= *end;
  const Totals totals = street.totals();
  const bool empty = totals.in_network + totals.waiting_to_enter == 0;
  return street.now() > begin + shortest_run && (empty || totals.locked);
}

double Scenario::share_done(const Street& street) const {
  const Instant last = end.value_or(begin + shortest_run);
  return std::min(1.0, to_seconds(street.now() - begin) / to_seconds(last - begin));
}

std::string with_seed(std::string file, std::uint64_t seed) {
  for (std::size_t at = file.find("SEED"); at != std::string::npos; at = file.find("SEED", at)) {
    file.replace(at, 4, std::to_string(seed));
  }
  return file;
}

}  // namespace chorraha
