#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "apps/camera/run_camera.hpp"

namespace chorraha::camera {

/// The options, or the exit code after help (0) or a usage fault (2) has been written.
[[nodiscard]] std::variant<CameraOptions, int> parse_options(int argc, char** argv);

}  // namespace chorraha::camera
