#pragma once

#include <string>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What a camera knows of its own sight; shares of the last minute, 0 to 1.
struct CameraHealth {
  CameraId camera;
  Instant at;
  bool streaming = false;
  double frames_per_s = 0;
  double dark = 0;
  double blurred = 0;
  double moved = 0;
  double frozen = 0;
  std::string trouble;  // one line for people while not streaming
  friend bool operator==(const CameraHealth&, const CameraHealth&) = default;
};

}  // namespace chorraha
