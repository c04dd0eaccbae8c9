#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace chorraha {

struct CentreOptions {
  std::string city;
  std::string var;
  std::string camera;  // a camera file that replaces the city's cameras; empty: the city's
  std::string listen = "tcp://127.0.0.1:5570";  // of the devices
  std::uint16_t port = 8080;                    // of the page, on 127.0.0.1
  std::int64_t clock_offset_ms = 0;
  bool simulated = true;  // the street may show its vehicles
};

/// The options, or the exit code of a command line that asks for help or is wrong (said already).
[[nodiscard]] std::variant<int, CentreOptions> parse_centre_options(int argc, char** argv);

}  // namespace chorraha
