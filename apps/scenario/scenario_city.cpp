#include "apps/scenario/scenario_city.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "formats/city/intersection_file.hpp"
#include "formats/sumo/sumo_detectors.hpp"
#include "formats/sumo/sumo_network.hpp"
#include "formats/sumo/sumo_program.hpp"
#include "formats/sumo/sumo_signals.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::year_month_day scenario_date{std::chrono::year{2024} / 1 / 1};
constexpr double fast_mps = 12.5;  // 45 km/h: a street that collects others

Done is_a_sumocfg(const fs::path& file) {
  std::error_code ignored;
  if (file.extension() == ".sumocfg" && !fs::is_directory(file, ignored)) return {};
  return Fault{Reason::not_built_yet, "--scenario", file.string(),
               "a .sumocfg; others are not built yet"};
}

/// With their detectors in use; the same otherwise.
Result<std::vector<IntersectionConfig>> with_detectors(
    const Network& network, const std::vector<IntersectionConfig>& configs) {
  std::vector<IntersectionConfig> all;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    IntersectionParts parts = configs[i].parts();
    parts.detectors = sumo::detector_uses(network, IntersectionIndex{i}, configs[i]);
    Result<IntersectionConfig> config = IntersectionConfig::make(std::move(parts));
    if (!config) return config.error();
    all.push_back(*std::move(config));
  }
  return all;
}

/// How a map draws a street that says nothing of its rank.
LinkClass class_of(const Network& network, const Link& link) {
  std::size_t lanes = 0;
  double limit_mps = 0;
  for (const LaneIndex index : link.lanes) {
    const Lane& lane = network.lane(index);
    if (!lane.vehicles_allowed) continue;
    ++lanes;
    limit_mps = std::max(limit_mps, lane.speed_limit_mps);
  }
  if (limit_mps >= fast_mps && lanes > 1) return LinkClass::arterial;
  return limit_mps >= fast_mps ? LinkClass::collector : LinkClass::minor;
}

Result<Network> read_network(const fs::path& file) {
  Result<NetworkParts> parts = sumo::read_sumo_network_parts(file);
  if (!parts) return parts.error();
  if (parts->junctions.empty())
    return Fault{Reason::bad_input, file.string(), "no signal", "a network with signals"};
  if (const Done added = sumo::add_detectors(*parts); !added) return added.error();
  return Network::make(*std::move(parts));
}

Result<ScenarioCity> read(const fs::path& sumocfg) {
  Result<sumo::SumoConfig> config = sumo::read_sumo_config(sumocfg);
  if (!config) return config.error();
  Result<Network> network = read_network(config->network);
  if (!network) return network.error();
  const auto programs = sumo::read_sumo_programs(config->network, config->additional);
  if (!programs) return programs.error();
  sumo::SignalRules rules;
  rules.midnight = std::chrono::sys_days{scenario_date};
  Result<sumo::SignalImport> signals = sumo::import_signals(*network, *programs, rules);
  if (!signals) return signals.error();

  City city(*std::move(network));
  city.name = scenario_name(sumocfg);
  city.languages = {"en"};
  city.zone = {"UTC", {{std::chrono::sys_seconds{}, std::chrono::minutes{0}}}};
  city.date = scenario_date;
  for (const Link& link : city.network.links())
    city.link_classes.push_back(class_of(city.network, link));
  Result<std::vector<IntersectionConfig>> configs =
      with_detectors(city.network, signals->intersections);
  if (!configs) return configs.error();
  city.intersections = *std::move(configs);
  for (const IntersectionConfig& one : city.intersections) city.hashes.push_back(hash_of(one));
  return ScenarioCity{*std::move(config), std::move(city), std::move(signals->notes)};
}

}  // namespace

Result<ScenarioCity> read_scenario_city(const fs::path& sumocfg) {
  if (const Done right = is_a_sumocfg(sumocfg); !right) return right.error();
  Result<ScenarioCity> scenario = read(sumocfg);
  if (scenario || scenario.error().reason != Reason::not_possible) return scenario;
  Fault fault = scenario.error();
  fault.reason = Reason::bad_input;  // it is the file that makes it so
  return fault;
}

std::string scenario_name(const fs::path& sumocfg) {
  std::error_code ignored;
  const fs::path file = fs::absolute(sumocfg, ignored).lexically_normal();
  const std::string stem = file.stem().string();
  const std::string folder = file.parent_path().filename().string();
  if (folder.empty() || folder == stem) return file_stem(stem);
  return file_stem(folder + "-" + stem);
}

Instant midnight_of(const City& city) {
  const Instant utc{std::chrono::sys_days{city.date}};
  return utc - offset_at(city.zone, utc);
}

}  // namespace chorraha
