#include <chrono>
#include <utility>

#include "apps/chorraha/bench_demo.hpp"
#include "apps/chorraha/bench_figure.hpp"
#include "apps/chorraha/scenario.hpp"
#include "apps/common/places.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 120s;  // simulated; one a repeat

SimulateOptions morning_peak() {
  SimulateOptions options;
  options.scenario = demo_city().string();
  options.control = SimulateOptions::ControlKind::scenario;  // the folder's timetables
  options.begin_s = std::chrono::duration<double>(BenchDemo::begin).count();
  options.end_s = *options.begin_s + std::chrono::duration<double>(BenchDemo::warm_up).count() +
                  std::chrono::duration<double>(BenchFigure::repeats * window).count();
  return options;
}

LoopSetup loop_setup(const Scenario& scenario) {
  LoopSetup setup;
  setup.network = scenario.network;
  setup.intersections = scenario.intersections;
  setup.hashes = scenario.hashes;
  setup.midnight = scenario.midnight;
  setup.control = LoopSetup::Control::timetable;
  setup.sensing = LoopSetup::Sensing::detectors;
  return setup;
}

}  // namespace

Result<BenchFigures> bench_simulation(const StopAsked& stop) {
  const SimulateOptions options = morning_peak();
  const Result<Scenario> scenario = Scenario::open(options);
  if (!scenario) return scenario.error();
  Result<ScenarioStreet> opened = scenario->open_street(1, options);
  if (!opened) return opened.error();
  Result<ClosedLoop> loop = ClosedLoop::make(loop_setup(*scenario), std::move(opened->street));
  if (!loop) return loop.error();
  if (const Done warm = run_until(*loop, scenario->begin + BenchDemo::warm_up, stop); !warm)
    return warm.error();

  BenchFigure speed{"simulation_street", "vehicle-steps per CPU second", {}};
  BenchFigure size{"simulation_vehicles", "vehicles on the road", {}};
  for (int i = 0; i < BenchFigure::repeats; ++i) {
    const std::uint64_t steps_before = loop->street().totals().vehicle_steps;
    const double cpu_before_s = opened->street_cpu_s();
    if (const Done run = run_until(*loop, loop->now() + window, stop); !run) return run.error();
    const Totals totals = loop->street().totals();
    speed.samples.push_back(static_cast<double>(totals.vehicle_steps - steps_before) /
                            (opened->street_cpu_s() - cpu_before_s));
    size.samples.push_back(static_cast<double>(totals.in_network));
  }
  return BenchFigures{speed, size};
}

}  // namespace chorraha
