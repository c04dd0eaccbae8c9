// Only apps/ reads a clock (and sensors at the moment of capture): elsewhere time is handed in.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/source_tree.hpp"

namespace chorraha {
namespace {

TEST(Clocks, are_read_in_apps_and_sensors_only) {
  const std::vector<std::string> rooms{"traffic", "formats", "vision",   "control",
                                       "field",   "sim",     "measures", "twin"};

  for (const auto& path : test::room_sources(rooms)) {
    for (const std::string& line : test::lines_of(test::source_root() / path)) {
      const bool reads = line.find("system_clock::now") != std::string::npos ||
                         line.find("steady_clock::now") != std::string::npos;
      const bool deadline_of_a_child = path.string().starts_with("sim/sumo/");
      EXPECT_FALSE(reads && !deadline_of_a_child) << path << ": " << line;
    }
  }
}

}  // namespace
}  // namespace chorraha
