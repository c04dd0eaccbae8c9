#pragma once

#include <cstdint>
#include <string>

namespace chorraha {

struct StreetOptions {
  std::string city;  // city folder; empty: the demo city
  std::string var;
  std::string scenario;  // a .sumocfg that `city` was made of: the street is SUMO
  std::string centre = "tcp://127.0.0.1:5570";
  std::uint16_t camera_port = 8090;
  std::uint64_t seed = 1;
  std::int64_t clock_offset_ms = 0;
};

/// The simulator in real time: lamps in; detections, vehicles and rendered pictures out. Returns
/// the exit code.
int run_street(const StreetOptions& options);

}  // namespace chorraha
