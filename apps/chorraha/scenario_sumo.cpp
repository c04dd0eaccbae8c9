// Scenarios that are a .sumocfg, with SUMO as the street.
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "apps/chorraha/scenario.hpp"
#include "apps/chorraha/webster.hpp"
#include "formats/city/intersection_file.hpp"
#include "formats/sumo/sumo_config.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_program.hpp"
#include "formats/sumo/sumo_signals.hpp"
#include "sim/sumo/sumo_street.hpp"

namespace chorraha {

Result<Scenario> open_sumo_scenario(const SimulateOptions& options);

namespace {

using namespace std::chrono_literals;

constexpr double min_green_default_s = 5.0;
constexpr double range_m = 200;

Milliseconds milliseconds_in(double seconds) {
  return Milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

SumoSetup street_setup(const sumo::SumoConfig& config, const Scenario& scenario,
                       SumoSetup::Signals signals, std::uint64_t seed) {
  SumoSetup setup{.config = config.file,
                  .network_file = config.network,
                  .routes = config.routes,
                  .additional = config.additional,
                  .network = *scenario.network,
                  .intersections = scenario.intersections};
  setup.signals = signals;
  setup.seed = static_cast<std::uint32_t>(seed);
  setup.midnight = scenario.midnight;
  setup.begin = scenario.begin - scenario.midnight;
  setup.step_length = config.step_length;
  return setup;
}

/// Vehicles per hour of every movement in a run of the scenario's own programs: each vehicle that
/// was seen on its way to a stop line, once.
Result<std::vector<double>> measured_flows(const sumo::SumoConfig& config, const Scenario& scenario,
                                           const SimulateOptions& options) {
  Result<std::unique_ptr<SumoStreet>> street = SumoStreet::make(
      street_setup(config, scenario, SumoSetup::Signals::scenario, options.seeds.front()));
  if (!street) return street.error();
  std::vector<double> flows(scenario.network->movements().size(), 0.0);
  std::set<std::pair<std::uint64_t, std::size_t>> counted;
  while (!scenario.is_over(**street)) {
    if (options.stop_signal() != 0)
      return Fault{Reason::refused, "the run that measures flows", "a signal to stop", "none"};
    if (const Done moved = (*street)->advance(); !moved) return moved.error();
    for (const Sighting& sighting : (*street)->sightings(range_m)) {
      if (!sighting.movement.valid() ||
          !counted.emplace(sighting.vehicle, sighting.movement.value()).second)
        continue;
      flows[sighting.movement.value()] += 1;
    }
  }
  const double hours = to_seconds((*street)->now() - scenario.begin) / 3600;
  for (double& flow : flows) flow /= hours;
  if (const Done done = (*street)->finish(); !done) return done.error();
  return flows;
}

Done copy_tripinfo(const SumoStreet& street, const std::string& to) {
  if (to.empty()) return {};
  std::error_code failed;
  std::filesystem::copy_file(street.tripinfo_file(), to,
                             std::filesystem::copy_options::overwrite_existing, failed);
  if (failed) return Fault{Reason::cannot_run, to, failed.message(), "a file that can be written"};
  return {};
}

Result<sumo::SignalImport> import_programs(const sumo::SumoConfig& config, const Network& network,
                                           const SimulateOptions& options, Instant midnight) {
  const auto programs = sumo::read_sumo_programs(config.network, config.additional);
  if (!programs) return programs.error();
  sumo::SignalRules rules;
  if (options.yellow_s) rules.yellow = ticks_at_least(*options.yellow_s);
  if (options.all_red_s) rules.all_red = ticks_at_least(*options.all_red_s);
  rules.min_green = ticks_at_least(options.min_green_s.value_or(min_green_default_s));
  rules.midnight = midnight;
  return sumo::import_signals(network, *programs, rules);
}

}  // namespace

Result<Scenario> open_sumo_scenario(const SimulateOptions& options) {
  Result<sumo::SumoConfig> config = sumo::read_sumo_config(options.scenario);
  if (!config) return config.error();
  Result<Network> network = sumo::read_sumo_network(config->network);
  if (!network) return network.error();
  Scenario scenario;
  scenario.network = std::make_shared<const Network>(std::move(*network));
  scenario.midnight = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
  scenario.begin = scenario.midnight + milliseconds_in(options.begin_s.value_or(config->begin_s));
  if (options.end_s || config->end_s)
    scenario.end =
        scenario.midnight + milliseconds_in(options.end_s.value_or(config->end_s.value_or(0)));
  if (scenario.end && *scenario.end <= scenario.begin) {
    return Fault{Reason::bad_input, "--begin, --end", "nothing between them",
                 "an end after the begin"};
  }
  scenario.street_is_a_process = true;
  scenario.plays_itself = options.control == SimulateOptions::ControlKind::scenario;
  scenario.profile = scenario.plays_itself ? "none" : "research";
  if (!scenario.plays_itself) {
    Result<sumo::SignalImport> import =
        import_programs(*config, *scenario.network, options, scenario.midnight);
    if (!import) return import.error();
    scenario.intersections = std::move(import->intersections);
    scenario.notes = std::move(import->notes);
  }
  if (options.control == SimulateOptions::ControlKind::webster) {
    const Result<std::vector<double>> flows = measured_flows(*config, scenario, options);
    if (!flows) return flows.error();
    Result<std::vector<IntersectionConfig>> configs =
        with_webster(*scenario.network, scenario.intersections, *flows);
    if (!configs) return configs.error();
    scenario.intersections = std::move(*configs);
  }
  for (const IntersectionConfig& one : scenario.intersections)
    scenario.hashes.push_back(hash_of(one));
  const auto signals =
      scenario.plays_itself ? SumoSetup::Signals::scenario : SumoSetup::Signals::ours;
  const auto base = std::make_shared<const Scenario>(scenario);
  scenario.opener_ = [config = *config, base, signals](
                         std::uint64_t seed,
                         const SimulateOptions& asked) -> Result<ScenarioStreet> {
    Result<std::unique_ptr<SumoStreet>> street =
        SumoStreet::make(street_setup(config, *base, signals, seed));
    if (!street) return street.error();
    SumoStreet* const sumo = street->get();
    ScenarioStreet opened;
    opened.street_cpu_s = [sumo] { return sumo->street_cpu_s(); };
    opened.finish = [sumo, to = with_seed(asked.tripinfo_file, seed)]() -> Done {
      if (Done done = sumo->finish(); !done) return done;
      return copy_tripinfo(*sumo, to);
    };
    if (signals == SumoSetup::Signals::scenario)
      opened.letters = [sumo](IntersectionIndex at) { return sumo->letters(at); };
    opened.street = std::move(*street);
    return opened;
  };
  return scenario;
}

}  // namespace chorraha
