#include <cstdio>
#include <exception>
#include <functional>
#include <variant>

#include "apps/chorraha/options.hpp"
#include "apps/process/stop_signal.hpp"

namespace {

std::function<int()> watched_signal() {
  chorraha::watch_stop_signals();
  return chorraha::stop_signal;
}

struct Dispatch {
  int operator()(int exit_code) const { return exit_code; }
  int operator()(chorraha::SimulateOptions options) const {
    options.stop_signal = watched_signal();
    return chorraha::run_simulate(options);
  }
  int operator()(chorraha::count::CountOptions options) const {
    options.stop_signal = watched_signal();
    return chorraha::count::run_count(options);
  }
  int operator()(chorraha::BenchOptions options) const {
    options.stop_signal = watched_signal();
    return chorraha::run_bench(options);
  }
  int operator()(const chorraha::RunOptions& options) const {
    return chorraha::run_everything(options);
  }
  int operator()(const chorraha::KeysOptions& options) const { return chorraha::run_keys(options); }
  int operator()(const chorraha::StreetOptions& options) const {
    return chorraha::run_street(options);
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    return std::visit(Dispatch{}, chorraha::parse_command_line(argc, argv));
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "chorraha: %s\n", fault.what());
    return 4;
  }
}
