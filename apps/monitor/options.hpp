#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chorraha {

struct MonitorOptions {
  enum class Command { run, accept, reset };
  Command command = Command::run;
  std::filesystem::path var = "var";
  std::filesystem::path city;              // of accept; of run: to compare with, or empty
  std::string intersection;                // of reset
  std::string name = "main";               // of run: the pair in VAR/run
  std::vector<std::string> intersections;  // of run; empty: all that were accepted
  bool quiet = false;
};

/// Reads the command line; ends the program by itself for --help (0) and wrong usage (2).
[[nodiscard]] MonitorOptions read_options(int argc, char** argv);

}  // namespace chorraha
