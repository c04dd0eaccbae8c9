#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "apps/camera/log.hpp"

namespace chorraha::camera {

struct CameraOptions {
  std::string camera_file;
  std::string var;     // keys in VAR/keys, our publishing address in VAR/run
  std::string centre;  // tcp://HOST:PORT
  std::string source;  // empty: the camera file's
  std::string publish = "tcp://127.0.0.1:0";
  bool show_pictures = false;  // beside the camera file's own permission
  std::int64_t clock_offset_ms = 0;
};

/// Runs until `stop` or a signal. Detections go to the centre and to the controller of the camera's
/// intersection; health once a second; pictures, 4 a second, while the centre asks for them.
/// A stream that dies is opened again after 1, 2, 4 … 30 s; a centre that is away is looked for
/// again and again, and the controller still hears every detection.
/// Exit: 2 no source; 3 bad camera file; 4 key missing or not permitted, address taken; 130, 143
/// stopped by a signal; 0 stopped by `stop`.
/// Threads: this one runs the links, two more capture and look.
[[nodiscard]] int run_camera(const CameraOptions& options, Log& log, const std::stop_token& stop);

}  // namespace chorraha::camera
