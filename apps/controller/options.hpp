#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "traffic/time.hpp"

namespace chorraha {

struct ControllerOptions {
  struct Feed {
    std::string camera;        // id
    std::string intersection;  // id; empty: as the city says
    std::string endpoint;
  };
  std::filesystem::path city;
  std::filesystem::path var = "var";
  std::string centre;  // tcp://HOST:PORT
  std::string name = "main";
  std::vector<std::string> intersections;  // ids; empty: all of the city
  std::vector<Feed> feeds;
  Milliseconds clock_offset{0};
  bool quiet = false;
};

/// Reads the command line; ends the program by itself for --help (0) and wrong usage (2).
[[nodiscard]] ControllerOptions read_options(int argc, char** argv);

}  // namespace chorraha
