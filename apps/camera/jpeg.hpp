#pragma once

#include <cstddef>
#include <vector>

#include "traffic/frame.hpp"

namespace chorraha::camera {

/// The picture as JPEG of quality 80, nothing drawn in; at most 1920 px wide.
[[nodiscard]] std::vector<std::byte> jpeg_of(const Frame& frame);

/// The factor by which `jpeg_of` shrinks a picture of this width.
[[nodiscard]] double jpeg_scale(int width_px);

}  // namespace chorraha::camera
