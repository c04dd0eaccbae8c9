#pragma once

#include <cstdint>
#include <string>

namespace chorraha {

struct RunOptions {
  std::string city;      // city folder; empty: the demo city
  std::string scenario;  // a .sumocfg in SUMO instead
  std::string video;
  std::string camera;  // CAMERA.json of the video
  std::string var;     // where state lives
  std::uint16_t port = 8080;
  bool headless_check = false;
};

/// Starts and supervises centre, monitor, controllers, camera and street. Returns the exit code.
int run_everything(const RunOptions& options);

}  // namespace chorraha
