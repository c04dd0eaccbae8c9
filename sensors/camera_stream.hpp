#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "traffic/frame.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// Any source of pictures, strictly in order.
/// Time:    `Frame::number` counts from 0. `time_s` is number / fps of a recording, and the time
///          since the first picture of a live stream.
/// Memory:  pixels are shared and go back to a pool when the last copy of the frame dies.
/// Waits:   `next` blocks for one picture, at most 2 s on a live stream.
/// Faults:  bad_input (a picture that cannot be read), lost (a live stream that fell silent or
///          ended); after a fault the source is spent: open another.
/// Threads: one owner at a time.
class FrameSource {
 public:
  FrameSource() = default;
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;
  FrameSource(FrameSource&&) = delete;
  FrameSource& operator=(FrameSource&&) = delete;
  virtual ~FrameSource() = default;

  /// The next picture as bgr24; no value where a recording ends.
  [[nodiscard]] virtual Result<std::optional<Frame>> next() = 0;

  /// Nominal frames a second; 25 where the source does not say.
  [[nodiscard]] virtual double fps() const = 0;
  [[nodiscard]] virtual bool live() const = 0;
  /// Frames that the head of a recording promises; 0 if it does not say.
  [[nodiscard]] virtual std::int64_t frames_promised() const = 0;
};

struct SourceOptions {
  CameraId camera;
  /// The time of capture; without it frames are stamped with `time_s` after the epoch.
  std::function<Instant()> now;
};

/// Opens a video file, `http://` (MJPEG), `rtsp://`, `/dev/videoN` or a folder of pictures.
/// Faults: bad_input for a file that is missing, unreadable or holds no picture, naming it;
///         lost for a live source that does not answer within 3 s.
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_frame_source(const std::string& source,
                                                                     SourceOptions options);

/// True for what is watched as it happens: a URL or a device.
[[nodiscard]] bool is_live_source(const std::string& source);

}  // namespace chorraha
