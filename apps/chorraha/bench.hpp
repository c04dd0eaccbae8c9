#pragma once

#include <string>
#include <vector>

namespace chorraha {

struct BenchOptions {
  std::vector<std::string> subjects;  // simulation counting optimiser messaging; empty = all
  std::string json_file;              // "-" = standard output
  bool quiet = false;
};

/// Times what there is to time, without goals. Returns the exit code.
int run_bench(const BenchOptions& options);

}  // namespace chorraha
