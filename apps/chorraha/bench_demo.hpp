#pragma once

#include <chrono>
#include <memory>

#include "apps/chorraha/bench_figure.hpp"
#include "formats/city/city_folder.hpp"
#include "traffic/result.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {

/// The morning peak of the demo city on the built-in street: what the benchmarks measure on.
struct BenchDemo {
  static constexpr std::chrono::minutes begin{7 * 60 + 20};  // after local midnight
  static constexpr std::chrono::minutes warm_up{10};

  /// Faults: as read_city.
  [[nodiscard]] static Result<BenchDemo> open();

  /// What a loop on detectors needs.
  [[nodiscard]] LoopSetup loop_setup(LoopSetup::Control control) const;

  /// A loop after the warm-up, with as many vehicles as the peak has.
  [[nodiscard]] Result<ClosedLoop> warm_loop(LoopSetup setup, Milliseconds step_length,
                                             const StopAsked& stop) const;

  City city;
  std::shared_ptr<const Network> network;
  Instant midnight;  // local, of the city's simulated day
};

/// Steps `loop` until the street's clock reads `end`. Faults: the loop's; bench_stopped.
[[nodiscard]] Done run_until(ClosedLoop& loop, Instant end, const StopAsked& stop);

/// CPU time spent so far by this thread, by the whole process.
[[nodiscard]] std::chrono::nanoseconds thread_cpu();
[[nodiscard]] std::chrono::nanoseconds process_cpu();

}  // namespace chorraha
