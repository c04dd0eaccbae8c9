#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traffic/camera.hpp"
#include "traffic/detection.hpp"
#include "traffic/frame.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// One vehicle whose rear has left one counting line, or that was lost while leaving it.
struct LineEvent {
  std::size_t line = 0;    // place in CameraConfig::lines
  std::int64_t frame = 0;  // Frame::number at which it was decided
  double time_s = 0;       // Frame::time_s of that frame
  Instant at;              // Frame::captured of that frame
  VehicleClass vehicle_class = VehicleClass::unknown;
  std::optional<double> speed_mps;  // none while the camera file holds no scale
  double confidence = 0;            // 0 to 1
};

/// The event as the detection of its line's detector; none where the line has no detector.
[[nodiscard]] std::optional<Detection> detection_of(const LineEvent& event,
                                                    const CameraConfig& camera);

/// A vehicle that is being followed, for drawing.
struct VehicleOutline {
  std::size_t line = 0;
  std::uint64_t track = 0;     // stable while followed, unique in the pipeline
  std::vector<Pixel> corners;  // four, in the picture
  double confidence = 0;
  bool counted = false;
};

struct LineFigures {
  std::uint64_t count = 0;  // vehicles so far, without bicycles and persons
  double occupancy = 0;     // share of the time so far with a vehicle on the line
  bool occupied = false;    // now
};

/// Counts the vehicles that cross the lines of one camera.
/// Order:   `see` takes pictures in order and decides as if live: an event leaves within 1 s of the
///          rear's leaving the line. The first 25 different pictures (at most 1 s) are kept back to
///          learn the empty road; their events come with the last of them, stamped as they were.
/// Repeats: a picture that is the same as the one before is counted as time and otherwise skipped.
/// Size:    pictures have the camera file's width and height (`check`).
/// Threads: one owner at a time; cameras run side by side.
class CountingPipeline {
 public:
  /// Faults: bad_input for a line shorter than 8 px or outside the picture.
  [[nodiscard]] static Result<CountingPipeline> make(const CameraConfig& camera, double fps);

  CountingPipeline(CountingPipeline&&) noexcept;
  CountingPipeline& operator=(CountingPipeline&&) noexcept;
  CountingPipeline(const CountingPipeline&) = delete;
  CountingPipeline& operator=(const CountingPipeline&) = delete;
  ~CountingPipeline();

  /// Faults: bad_input where the picture's size is not the camera file's.
  [[nodiscard]] Done check(const Frame& frame) const;

  /// Needs `check(frame)`. Events of all lines, in order of time.
  [[nodiscard]] std::vector<LineEvent> see(const Frame& frame);

  /// The recording has ended: events of pictures kept back and of vehicles already past a line.
  [[nodiscard]] std::vector<LineEvent> finish();

  [[nodiscard]] std::vector<VehicleOutline> outlines() const;
  [[nodiscard]] std::vector<LineFigures> figures() const;  // by place in CameraConfig::lines

 private:
  struct Inside;
  explicit CountingPipeline(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace chorraha
