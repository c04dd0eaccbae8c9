#include <chrono>
#include <memory>
#include <vector>

#include "apps/chorraha/bench_demo.hpp"
#include "apps/chorraha/bench_figure.hpp"
#include "twin/figures.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds step_length = 1s;
constexpr auto window = 60s;  // simulated; one a repeat

/// The loop reads its stopwatch before and after each plan.
struct Laps {
  std::vector<std::chrono::nanoseconds> readings;

  [[nodiscard]] std::vector<double> plan_times_us() const {
    std::vector<double> times;
    for (std::size_t i = 1; i < readings.size(); i += 2)
      times.push_back(
          std::chrono::duration<double, std::micro>(readings[i] - readings[i - 1]).count());
    return times;
  }
};

}  // namespace

Result<BenchFigures> bench_optimiser(const StopAsked& stop) {
  const Result<BenchDemo> demo = BenchDemo::open();
  if (!demo) return demo.error();
  auto laps = std::make_shared<Laps>();
  LoopSetup setup = demo->loop_setup(LoopSetup::Control::adaptive);
  setup.stopwatch = [laps] { return laps->readings.emplace_back(thread_cpu()); };
  Result<ClosedLoop> loop = demo->warm_loop(std::move(setup), step_length, stop);
  if (!loop) return loop.error();

  BenchFigure usual{"optimiser_plan_p50", "CPU us per plan of one junction", {}};
  BenchFigure slow{"optimiser_plan_p99", "CPU us per plan of one junction", {}};
  for (int i = 0; i < BenchFigure::repeats; ++i) {
    laps->readings.clear();
    if (const Done run = run_until(*loop, loop->now() + window, stop); !run) return run.error();
    const std::vector<double> times_us = laps->plan_times_us();
    usual.samples.push_back(quantile(times_us, 0.5));
    slow.samples.push_back(quantile(times_us, 0.99));
  }
  return BenchFigures{usual, slow};
}

}  // namespace chorraha
