// Scenarios that are our own city folders, on the built-in street.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <time.h>

#include "apps/chorraha/scenario.hpp"
#include "apps/chorraha/webster.hpp"
#include "formats/city/city_folder.hpp"
#include "formats/city/intersection_file.hpp"
#include "sim/make_street.hpp"

namespace chorraha {

Result<Scenario> open_city_scenario(const SimulateOptions& options);

namespace {

using namespace std::chrono_literals;

double thread_cpu_s() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

/// The built-in street, with a stopwatch around its steps.
class TimedStreet final : public Street {
 public:
  TimedStreet(std::unique_ptr<Street> street, std::shared_ptr<double> spent_s)
      : street_(std::move(street)), spent_s_(std::move(spent_s)) {}
  [[nodiscard]] Milliseconds step_length() const override { return street_->step_length(); }
  [[nodiscard]] Instant now() const override { return street_->now(); }
  void show(IntersectionIndex intersection, std::span<const Aspect> by_group,
            SignalMode mode) override {
    street_->show(intersection, by_group, mode);
  }
  Done advance() override {
    const double begin = thread_cpu_s();
    Done done = street_->advance();
    *spent_s_ += thread_cpu_s() - begin;
    return done;
  }
  [[nodiscard]] std::span<const Detection> detections() const override {
    return street_->detections();
  }
  [[nodiscard]] std::vector<Sighting> sightings(double range_m) const override {
    return street_->sightings(range_m);
  }
  [[nodiscard]] std::vector<VehicleView> vehicles() const override { return street_->vehicles(); }
  [[nodiscard]] std::vector<PersonView> pedestrians() const override {
    return street_->pedestrians();
  }
  [[nodiscard]] Totals totals() const override { return street_->totals(); }
  [[nodiscard]] std::vector<TripRecord> trips() const override { return street_->trips(); }

 private:
  std::unique_ptr<Street> street_;
  std::shared_ptr<double> spent_s_;
};

Instant midnight_of(const City& city) {
  const Instant utc_midnight = std::chrono::sys_days{city.date};
  return utc_midnight - offset_at(city.zone, utc_midnight);
}

std::pair<std::chrono::seconds, std::chrono::seconds> span_of(const Demand& demand) {
  std::chrono::seconds first = 24h;
  std::chrono::seconds last = 0s;
  for (const RouteFlow& flow : demand.routes) {
    for (const RouteFlow::Interval& interval : flow.intervals) {
      if (interval.flow_veh_per_h <= 0) continue;
      first = std::min(first, interval.begin);
      last = std::max(last, interval.end);
    }
  }
  return first < last ? std::pair{first, last} : std::pair{0s, 0s};
}

/// The first movement that leads from one link to the other; none() if there is none.
MovementIndex movement_between(const Network& network, LinkIndex from, LinkIndex to) {
  for (const LaneIndex lane : network.link(from).lanes) {
    for (const MovementIndex m : network.lane(lane).outgoing) {
      if (network.lane(network.movement(m).to).link == to) return m;
    }
  }
  return MovementIndex::none();
}

/// Flow of every movement in [begin, end), from the demand's routes; a movement of several lanes is
/// counted on each way once: spread_over_lanes shares it out.
std::vector<double> movement_flows(const City& city, Instant midnight, Instant begin, Instant end) {
  std::vector<double> flows(city.network.movements().size(), 0.0);
  const double from_s = to_seconds(begin - midnight);
  const double to_s = to_seconds(end - midnight);
  for (const RouteFlow& route : city.demand.routes) {
    double vehicles = 0;
    for (const RouteFlow::Interval& interval : route.intervals) {
      const double overlap_s = std::min(to_s, static_cast<double>(interval.end.count())) -
                               std::max(from_s, static_cast<double>(interval.begin.count()));
      if (overlap_s > 0) vehicles += interval.flow_veh_per_h * overlap_s / 3600;
    }
    const double flow_veh_per_h = vehicles * 3600 / (to_s - from_s);
    for (std::size_t i = 1; i < route.route.size(); ++i) {
      const MovementIndex m = movement_between(city.network, route.route[i - 1], route.route[i]);
      if (m.valid()) flows[m.value()] += flow_veh_per_h;
    }
  }
  return flows;
}

}  // namespace

Result<Scenario> open_city_scenario(const SimulateOptions& options) {
  if (options.yellow_s || options.all_red_s || options.min_green_s) {
    return Fault{Reason::not_built_yet, "--yellow, --all-red or --min-green with a city folder",
                 "not built yet", "the city's own values"};
  }
  if (!options.tripinfo_file.empty())
    return Fault{Reason::not_built_yet, "--tripinfo with --street builtin", "not built yet",
                 "--trips"};
  Result<City> read = read_city(options.scenario);
  if (!read) return read.error();
  const auto city = std::make_shared<const City>(std::move(*read));
  Scenario scenario;
  scenario.network = std::make_shared<const Network>(city->network);
  scenario.intersections = city->intersections;
  scenario.profile = city->intersections.empty()
                         ? "none"
                         : std::string(name_of(city->intersections.front().profile()));
  scenario.midnight = midnight_of(*city);
  const auto [first, last] = span_of(city->demand);
  const auto at = [&](double seconds) {
    return scenario.midnight + Milliseconds{static_cast<std::int64_t>(seconds * 1000)};
  };
  scenario.begin = options.begin_s ? at(*options.begin_s) : scenario.midnight + first;
  scenario.end = options.end_s ? at(*options.end_s) : scenario.midnight + last;
  if (*scenario.end <= scenario.begin)
    return Fault{Reason::bad_input, "--begin, --end", "nothing between them",
                 "an end after the begin"};
  if (options.control == SimulateOptions::ControlKind::webster) {
    const std::vector<double> flows =
        movement_flows(*city, scenario.midnight, scenario.begin, *scenario.end);
    Result<std::vector<IntersectionConfig>> configs =
        with_webster(city->network, city->intersections, flows);
    if (!configs) return configs.error();
    scenario.intersections = std::move(*configs);
  }
  for (const IntersectionConfig& config : scenario.intersections)
    scenario.hashes.push_back(hash_of(config));
  scenario.opener_ = [city, network = scenario.network, intersections = scenario.intersections,
                      midnight = scenario.midnight, begin = scenario.begin, end = *scenario.end](
                         std::uint64_t seed, const SimulateOptions&) -> Result<ScenarioStreet> {
    Result<std::unique_ptr<Street>> street = make_street({.network = *network,
                                                          .intersections = intersections,
                                                          .demand = city->demand,
                                                          .seed = seed,
                                                          .midnight = midnight,
                                                          .begin = begin,
                                                          .end = end});
    if (!street) return street.error();
    auto spent_s = std::make_shared<double>(0.0);
    return ScenarioStreet{std::make_unique<TimedStreet>(std::move(*street), spent_s),
                          [spent_s] { return *spent_s; },
                          [] { return Done{}; },
                          {}};
  };
  return scenario;
}

}  // namespace chorraha
