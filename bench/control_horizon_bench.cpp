// How long one plan takes: scenes of one four-arm junction (8 lanes, 3 stages) with a given number
// of vehicles, half of them queued. Prints median and 99th percentile of single calls.

#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "control/horizon.hpp"
#include "tests/support/one_junction.hpp"
#include "tests/unit/control/scenes.hpp"

namespace chorraha {
namespace {

Scene scene_of(std::mt19937& random, const JunctionModel& junction, int vehicles) {
  std::uniform_int_distribution<std::size_t> stage(0, junction.stage_count() - 1);
  std::uniform_int_distribution<std::size_t> lane(0, junction.lanes().size() - 1);
  std::uniform_real_distribution<double> when(-20.0, 20.0);
  Scene scene = test::quiet(junction, StageIndex{stage(random)}, Ticks{300});
  for (int i = 0; i < vehicles; ++i) {
    const std::size_t at = lane(random);
    scene.lanes[at].arrivals.push_back({when(random), 1.0, MovementIndex::none()});
  }
  for (LaneScene& here : scene.lanes) {
    std::ranges::sort(here.arrivals, {}, &Arrival::at_s);
    here.queue_veh = static_cast<double>(
        std::ranges::count_if(here.arrivals, [](const Arrival& a) { return a.at_s <= 0; }));
  }
  return scene;
}

void plans(benchmark::State& state) {
  const auto junction =
      JunctionModel::make(test::one_junction(), IntersectionIndex{0}, test::one_junction_config())
          .value();
  std::mt19937 random(1);
  constexpr int kinds = 64;
  std::vector<Scene> scenes;
  scenes.reserve(kinds);
  for (int i = 0; i < kinds; ++i)
    scenes.push_back(scene_of(random, junction, static_cast<int>(state.range(0))));
  std::vector<double> took_us;
  std::size_t next = 0;
  while (state.KeepRunning()) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(plan_horizon(junction, scenes[next++ % scenes.size()], {}));
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    took_us.push_back(took.count());
  }
  std::ranges::sort(took_us);
  state.counters["p50_us"] = took_us[took_us.size() / 2];
  state.counters["p99_us"] = took_us[took_us.size() * 99 / 100];
}
BENCHMARK(plans)->Arg(10)->Arg(30)->Arg(60)->Arg(120)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace chorraha

BENCHMARK_MAIN();
