#include "apps/chorraha/simulate.hpp"

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include "apps/chorraha/scenario.hpp"
#include "apps/chorraha/simulate_output.hpp"
#include "apps/process/exit_code.hpp"
#include "twin/closed_loop.hpp"

namespace chorraha {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpu_seconds() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

int complain(const Fault& fault) {
  std::fprintf(stderr, "chorraha: %s\n", fault.text().c_str());
  return exit_code_of(fault.reason);
}

/// A bar on a terminal, nothing elsewhere.
class Progress {
 public:
  explicit Progress(bool shown) : shown_(shown) {}
  void at(double share, const std::string& what) {
    const int percent = static_cast<int>(share * 100);
    if (!shown_ || percent == last_) return;
    last_ = percent;
    std::fprintf(stderr, "\r%s %3d %%", what.c_str(), percent);
    if (percent >= 100) std::fprintf(stderr, "\r%60s\r", "");
    std::fflush(stderr);
  }

 private:
  bool shown_;
  int last_ = -1;
};

LoopSetup loop_setup(const SimulateOptions& options, const Scenario& scenario) {
  LoopSetup setup;
  setup.network = scenario.network;
  setup.intersections = scenario.intersections;
  setup.hashes = scenario.hashes;
  setup.midnight = scenario.midnight;
  setup.decision_step = ticks_at_least(options.decision_step_s);
  setup.stopwatch = [] { return std::chrono::nanoseconds(Clock::now().time_since_epoch()); };
  switch (options.control) {
    case SimulateOptions::ControlKind::scenario:
      setup.control =
          scenario.plays_itself ? LoopSetup::Control::street : LoopSetup::Control::timetable;
      break;
    case SimulateOptions::ControlKind::webster:
      setup.control = LoopSetup::Control::timetable;
      break;
    case SimulateOptions::ControlKind::adaptive:
      setup.control = LoopSetup::Control::adaptive;
      break;
  }
  return setup;
}

struct OneRun {
  RunFigures figures;
  std::vector<std::string> warnings;
};

/// Where the network has SUMO letters the street says them itself.
void add_letters(SignalsFile& signals, const Scenario& scenario, const ScenarioStreet& opened,
                 Instant now) {
  if (!signals.wanted() || !opened.letters) return;
  for (std::size_t i = 0; i < scenario.network->junctions().size(); ++i)
    signals.add(now, IntersectionIndex{i}, opened.letters(IntersectionIndex{i}));
}

/// None when a signal asked to stop.
Result<std::optional<OneRun>> run_once(const SimulateOptions& options, const Scenario& scenario,
                                       std::uint64_t seed, Progress& progress) {
  const auto load_begin = Clock::now();
  Result<ScenarioStreet> opened = scenario.open_street(seed, options);
  if (!opened) return opened.error();
  const Street& street = *opened->street;
  Result<ClosedLoop> made =
      ClosedLoop::make(loop_setup(options, scenario), std::move(opened->street));
  if (!made) return made.error();
  ClosedLoop& loop = *made;
  OneRun run;
  SignalsFile signals(options.signals_file, seed, scenario);
  if (signals.wanted()) loop.on_shown([&](const ShownState& shown) { signals.add(shown); });
  loop.on_refused([&](const PlanAnswer& answer) {
    const Refusal& why = answer.refusals.front();
    if (run.warnings.size() < 5) {
      run.warnings.push_back(fmt::format("{} refused plan {}/{} by {}: {} saw {}, allowed {}",
                                         answer.intersection.text(), answer.sequence.epoch,
                                         answer.sequence.number, why.rule, why.thing, why.seen,
                                         why.allowed));
    }
  });
  const double load_s = seconds_since(load_begin);
  const auto loop_begin = Clock::now();
  const double cpu_begin = cpu_seconds();
  const double street_begin = opened->street_cpu_s();
  const Instant begin = scenario.begin;
  while (!scenario.is_over(street)) {
    if (options.stop_signal() != 0) return std::optional<OneRun>{};
    if (const Done moved = loop.advance(); !moved) return moved.error();
    add_letters(signals, scenario, *opened, street.now());
    progress.at(scenario.share_done(street), fmt::format("seed {}", seed));
  }
  const double wall_s = seconds_since(loop_begin);
  const double street_s = opened->street_cpu_s() - street_begin;
  const double own_s = cpu_seconds() - cpu_begin;
  if (const Done done = opened->finish(); !done) return done.error();
  run.figures = loop.figures(begin, scenario.end_of_departures());
  run.figures.seed = seed;
  run.figures.load_s = load_s;
  run.figures.wall_s = wall_s;
  run.figures.street_cpu_s = street_s;
  run.figures.cpu_s = own_s + (scenario.street_is_a_process ? street_s : 0);
  if (const Done written = signals.write(); !written) return written.error();
  if (const Done written = write_trips(options.trips_file, seed, scenario, loop.street().trips());
      !written)
    return written.error();
  return std::optional<OneRun>(std::move(run));
}

}  // namespace

int run_simulate(const SimulateOptions& options) {
  Result<Scenario> scenario = Scenario::open(options);
  if (!scenario && options.stop_signal() != 0) return exit_code_of_signal(options.stop_signal());
  if (!scenario) return complain(scenario.error());
  if (!options.quiet) {
    for (const std::string& note : scenario->notes)
      std::fprintf(stderr, "note: %s\n", note.c_str());
  }
  Progress progress(!options.quiet && is_terminal(stderr));
  std::vector<RunFigures> runs;
  int exit_code = exit_ok;
  for (const std::uint64_t seed : options.seeds) {
    const Result<std::optional<OneRun>> made = run_once(options, *scenario, seed, progress);
    if (!made) return complain(made.error());
    const std::optional<OneRun>& run = *made;
    if (!run) break;
    for (const std::string& warning : run->warnings)
      std::fprintf(stderr, "warning: seed %llu: %s\n", static_cast<unsigned long long>(seed),
                   warning.c_str());
    if (run->figures.monitor_trips > 0) exit_code = exit_check_failed;
    runs.push_back(run->figures);
  }
  if (const Done printed = print_figures(options, *scenario, runs); !printed)
    return complain(printed.error());
  const int signal = options.stop_signal();
  return signal == 0 ? exit_code : exit_code_of_signal(signal);
}

}  // namespace chorraha
