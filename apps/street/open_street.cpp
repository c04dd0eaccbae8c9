#include "apps/street/open_street.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "apps/scenario/scenario_city.hpp"
#include "sim/make_street.hpp"
#include "sim/sumo/sumo_street.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds step_length{200};
constexpr Milliseconds run_ahead{600s};  // docs/seams.md: the page never shows an empty city

/// Runs on the city's timetables until `now`.
Result<std::unique_ptr<Street>> ran_until(Instant now, const City& city, Instant midnight,
                                          std::unique_ptr<Street> street,
                                          const std::stop_token& stop) {
  LoopSetup setup;
  setup.network = std::make_shared<const Network>(city.network);
  setup.intersections = city.intersections;
  setup.hashes = city.hashes;
  setup.midnight = midnight;
  setup.control = LoopSetup::Control::timetable;
  setup.sensing = LoopSetup::Sensing::detectors;
  Result<ClosedLoop> loop = ClosedLoop::make(std::move(setup), std::move(street));
  if (!loop) return loop.error();
  while (loop->now() < now && !stop.stop_requested()) {
    if (const Done done = loop->advance(); !done) return done.error();
  }
  return std::move(*loop).take_street();
}

Result<std::unique_ptr<Street>> open_built_in(const City& city, Instant now, std::uint64_t seed,
                                              const std::stop_token& stop) {
  const auto zone = offset_at(city.zone, now);
  const Instant midnight = Instant{std::chrono::floor<std::chrono::days>(now + zone)} - zone;
  Result<std::unique_ptr<Street>> street = make_street({.network = city.network,
                                                        .intersections = city.intersections,
                                                        .demand = city.demand,
                                                        .seed = seed,
                                                        .midnight = midnight,
                                                        .begin = now - run_ahead,
                                                        .end = midnight + 24h,
                                                        .step_length = step_length});
  if (!street) return street;
  return ran_until(now, city, midnight, *std::move(street), stop);
}

/// Where SUMO begins, since midnight: a whole number of steps after the scenario's own begin.
Milliseconds begin_of(const sumo::SumoConfig& config, Milliseconds now) {
  const Milliseconds begin{std::llround(config.begin_s * 1000)};
  const Milliseconds passed = std::max(Milliseconds{0}, now - run_ahead - begin);
  return begin + passed / config.step_length * config.step_length;
}

Result<std::unique_ptr<Street>> open_sumo(const City& city, const sumo::SumoConfig& config,
                                          Instant now, std::uint64_t seed,
                                          const std::stop_token& stop) {
  const Instant midnight = midnight_of(city);
  SumoSetup setup{.config = config.file,
                  .network_file = config.network,
                  .routes = config.routes,
                  .additional = config.additional,
                  .network = city.network,
                  .intersections = city.intersections};
  setup.seed = static_cast<std::uint32_t>(seed);
  setup.midnight = midnight;
  setup.begin = begin_of(config, now - midnight);
  setup.step_length = config.step_length;
  Result<std::unique_ptr<SumoStreet>> street = SumoStreet::make(std::move(setup));
  if (!street) return street.error();
  return ran_until(now, city, midnight, *std::move(street), stop);
}

}  // namespace

StreetOpener built_in_street(std::shared_ptr<const City> city, Instant now, std::uint64_t seed) {
  return [city = std::move(city), now, seed](const std::stop_token& stop) {
    return open_built_in(*city, now, seed, stop);
  };
}

StreetOpener sumo_street(std::shared_ptr<const City> city, sumo::SumoConfig config, Instant now,
                         std::uint64_t seed) {
  return [city = std::move(city), config = std::move(config), now,
          seed](const std::stop_token& stop) { return open_sumo(*city, config, now, seed, stop); };
}

}  // namespace chorraha
