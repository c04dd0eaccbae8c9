#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "apps/camera/capture.hpp"
#include "messaging/codec/message.hpp"
#include "sensors/sensor_health.hpp"
#include "traffic/camera.hpp"
#include "vision/pipeline.hpp"

namespace chorraha::camera {

/// What the camera makes of its pictures: detections, its health, and the picture that an operator
/// asked for. Each opening of the source begins a new pipeline; counts go on.
/// Threads: one owner at a time.
class CameraWork {
 public:
  explicit CameraWork(CameraConfig camera);

  struct Outcome {
    std::vector<Detection> detections;  // of lines that have a detector
    std::optional<Fault> fault;         // once an opening: pictures that do not fit the camera file
  };
  [[nodiscard]] Outcome see(const Shot& shot);

  /// Shares and rate; `streaming` and `trouble` are the caller's.
  [[nodiscard]] CameraHealth health(Instant at) const { return health_.report(at); }

  /// The picture drawn clean, boxes and counts beside it.
  [[nodiscard]] Picture picture(const Shot& shot) const;

 private:
  [[nodiscard]] std::optional<Fault> begin(const Shot& shot);

  CameraConfig camera_;
  SensorHealth health_;
  std::optional<CountingPipeline> pipeline_;
  std::uint64_t opening_ = 0;
  double elapsed_s_ = 0;  // of earlier openings, so that health's time never runs back
  double last_time_s_ = 0;
  std::vector<std::uint64_t> counted_before_;  // by line, in earlier openings
};

}  // namespace chorraha::camera
