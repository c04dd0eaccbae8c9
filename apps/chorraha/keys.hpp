#pragma once

#include <string>

namespace chorraha {

struct KeysOptions {
  bool make = false;  // else list
  std::string city;   // whose devices get keys; empty: the demo city
  std::string var;
  std::string json_file;  // "-" = standard output
};

/// `chorraha keys make|list`. Returns the exit code.
int run_keys(const KeysOptions& options);

}  // namespace chorraha
