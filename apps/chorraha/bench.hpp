#pragma once

#include <functional>
#include <string>
#include <vector>

namespace chorraha {

struct BenchOptions {
  std::vector<std::string> subjects;  // simulation counting optimiser messaging; empty = all
  std::string json_file;              // "-" = standard output
  bool quiet = false;
  /// The signal that asked to stop, 0: none. Finished subjects are reported.
  std::function<int()> stop_signal = [] { return 0; };
};

/// Times what there is to time, without goals. Returns the exit code.
int run_bench(const BenchOptions& options);

}  // namespace chorraha
