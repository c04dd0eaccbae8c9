#include "sensors/camera_stream.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "sensors/sources.hpp"

namespace chorraha {

bool is_live_source(const std::string& source) {
  constexpr std::array<std::string_view, 5> beginnings{"http://", "https://", "rtsp://", "rtsps://",
                                                       "/dev/video"};
  return std::ranges::any_of(
      beginnings, [&](std::string_view beginning) { return source.starts_with(beginning); });
}

Result<std::unique_ptr<FrameSource>> open_frame_source(const std::string& source,
                                                       SourceOptions options) {
  if (is_live_source(source)) return sensors::open_video(source, std::move(options));

  // A scheme that we do not speak must not reach the library behind, which speaks many.
  if (source.find("://") != std::string::npos)
    return Fault{Reason::bad_input, source, "a scheme that is not read", sensors::allowed_sources};
  std::error_code trouble;
  const auto status = std::filesystem::status(source, trouble);
  if (std::filesystem::is_directory(status))
    return sensors::open_image_folder(source, std::move(options));
  if (!std::filesystem::exists(status))
    return Fault{Reason::bad_input, source, "no such file", sensors::allowed_sources};
  if (!std::filesystem::is_regular_file(status))
    return Fault{Reason::bad_input, source, "neither a file nor a folder",
                 sensors::allowed_sources};
  return sensors::open_video(source, std::move(options));
}

namespace sensors {

Instant instant_of(double time_s) {
  return Instant{Milliseconds{std::llround(time_s * 1000.0)}};
}

}  // namespace sensors
}  // namespace chorraha
