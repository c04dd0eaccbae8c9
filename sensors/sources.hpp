#pragma once

#include <memory>
#include <string>

#include "sensors/camera_stream.hpp"

// The kinds of sources, for camera_stream.cpp alone.
namespace chorraha::sensors {

inline constexpr double default_fps = 25.0;
inline constexpr const char* allowed_sources =
    "a video file, a folder of pictures (.jpg, .png, .bmp), http://, rtsp:// or /dev/videoN";

[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_video(const std::string& source,
                                                              SourceOptions options);
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_image_folder(const std::string& folder,
                                                                     SourceOptions options);

/// `time_s` as an Instant after the epoch, for recordings without a clock.
[[nodiscard]] Instant instant_of(double time_s);

}  // namespace chorraha::sensors
