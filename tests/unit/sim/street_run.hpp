#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/make_street.hpp"
#include "tests/support/fixed_lamps.hpp"
#include "tests/support/one_junction.hpp"

namespace chorraha::test {

/// The one junction under its fixed timetable, stepped by hand.
class StreetRun {
 public:
  struct Options {
    double flow_veh_per_h = 300;
    double flow_persons_per_h = 60;
    std::uint64_t seed = 1;
    Milliseconds step_length{1000};
    std::chrono::seconds demand{1800};
  };

  explicit StreetRun(Options options)
      : StreetRun(options, one_junction_demand(one_junction(), options.flow_veh_per_h,
                                               options.flow_persons_per_h)) {}
  StreetRun(Options options, Demand demand)
      : network(one_junction()),
        config(one_junction_config()),
        lamps_(config, TimetableIndex{std::size_t{0}}) {
    StreetSetup setup{network, {config}, std::move(demand)};
    setup.seed = options.seed;
    setup.step_length = options.step_length;
    setup.end = setup.begin + options.demand;
    street = make_street(std::move(setup)).value();
  }

  [[nodiscard]] double second() const { return to_seconds(street->now() - Instant{}); }
  [[nodiscard]] Aspect shown(const char* group) const {
    return lamps_.at(second())[config.find_group(GroupId{group}).value()];
  }
  void step() const { step(lamps_.at(second()), SignalMode::normal); }
  void step(std::span<const Aspect> aspects, SignalMode mode) const {
    street->show(IntersectionIndex{std::size_t{0}}, aspects, mode);
    street->advance().value();
  }
  void run_until(double until_s) const {
    while (second() < until_s) step();
  }

  Network network;
  IntersectionConfig config;
  std::unique_ptr<Street> street;

 private:
  FixedLamps lamps_;
};

/// All aspects of the one junction at once: `green` lists groups, the others are red.
inline std::vector<Aspect> only_green(const IntersectionConfig& config,
                                      std::initializer_list<const char*> green) {
  std::vector<Aspect> all(config.groups().size(), Aspect::red);
  for (const char* group : green) all[config.find_group(GroupId{group}).value()] = Aspect::green;
  return all;
}

/// A demand of single vehicles: {second, from link, to link}, cars without dawdling or spread.
struct Listed {
  double at_s = 0;
  const char* from = "";
  const char* to = "";
};
inline Demand listed_demand(const Network& network, const std::vector<Listed>& list) {
  Demand demand;
  VehicleType car;
  car.name = "car";
  car.imperfection = 0;
  car.speed_factor_deviation = 0;
  demand.types = {car};
  for (const Listed& one : list) {
    demand.departures.push_back({std::string("d") + std::to_string(demand.departures.size()),
                                 Milliseconds{static_cast<std::int64_t>(one.at_s * 1000)},
                                 0,
                                 {network.find(LinkId{one.from}), network.find(LinkId{one.to})}});
  }
  return demand;
}

}  // namespace chorraha::test
