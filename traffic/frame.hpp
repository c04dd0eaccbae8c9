#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// One picture of one camera, without OpenCV. Cheap to copy: the bytes are shared and never
/// changed.
struct Frame {
  enum class Format : std::uint8_t { grey8, bgr24 };
  CameraId camera;
  std::int64_t number = 0;  // from 0, gaps where frames were dropped
  Instant captured;
  double time_s = 0;  // of a recording: number / fps; live: since the stream began
  int width = 0;
  int height = 0;
  int stride_bytes = 0;
  Format format = Format::bgr24;
  std::shared_ptr<const std::vector<std::uint8_t>> bytes;
};

}  // namespace chorraha
