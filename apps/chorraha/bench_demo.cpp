#include "apps/chorraha/bench_demo.hpp"

#include <utility>

#include <time.h>

#include "apps/common/places.hpp"
#include "sim/make_street.hpp"

namespace chorraha {
namespace {

std::chrono::nanoseconds spent(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

std::chrono::nanoseconds thread_cpu() {
  return spent(CLOCK_THREAD_CPUTIME_ID);
}

std::chrono::nanoseconds process_cpu() {
  return spent(CLOCK_PROCESS_CPUTIME_ID);
}

Result<BenchDemo> BenchDemo::open() {
  Result<City> city = read_city(demo_city());
  if (!city) return city.error();
  auto network = std::make_shared<const Network>(city->network);
  const Instant utc_midnight = std::chrono::sys_days{city->date};
  const Instant midnight = utc_midnight - offset_at(city->zone, utc_midnight);
  return BenchDemo{std::move(*city), std::move(network), midnight};
}

LoopSetup BenchDemo::loop_setup(LoopSetup::Control control) const {
  LoopSetup setup;
  setup.network = network;
  setup.intersections = city.intersections;
  setup.hashes = city.hashes;
  setup.midnight = midnight;
  setup.control = control;
  setup.sensing = LoopSetup::Sensing::detectors;
  return setup;
}

Result<ClosedLoop> BenchDemo::warm_loop(LoopSetup setup, Milliseconds step_length,
                                        const StopAsked& stop) const {
  Result<std::unique_ptr<Street>> street = make_street({.network = *network,
                                                        .intersections = city.intersections,
                                                        .demand = city.demand,
                                                        .midnight = midnight,
                                                        .begin = midnight + begin,
                                                        .end = midnight + std::chrono::hours{24},
                                                        .step_length = step_length});
  if (!street) return street.error();
  Result<ClosedLoop> loop = ClosedLoop::make(std::move(setup), std::move(*street));
  if (!loop) return loop;
  if (const Done warm = run_until(*loop, midnight + begin + warm_up, stop); !warm)
    return warm.error();
  return loop;
}

Done run_until(ClosedLoop& loop, Instant end, const StopAsked& stop) {
  while (loop.now() < end) {
    if (stop()) return bench_stopped();
    if (Done done = loop.advance(); !done) return done;
  }
  return {};
}

}  // namespace chorraha
