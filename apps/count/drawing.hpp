#pragma once

#include <memory>
#include <string>
#include <vector>

#include "traffic/camera.hpp"
#include "traffic/frame.hpp"
#include "traffic/result.hpp"
#include "vision/pipeline.hpp"

namespace chorraha::count {

/// Writes the pictures with lines, counts and outlines drawn in as an MPEG-4 file.
class Drawing {
 public:
  /// Faults: cannot_run where the file cannot be written.
  [[nodiscard]] static Result<Drawing> open(const std::string& path, const CameraConfig& camera,
                                            double fps);
  Drawing(Drawing&&) noexcept;
  Drawing& operator=(Drawing&&) noexcept;
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;
  ~Drawing();

  /// Needs a bgr24 frame of the camera's size.
  void add(const Frame& frame, const std::vector<LineFigures>& figures,
           const std::vector<VehicleOutline>& outlines);

 private:
  struct Inside;
  explicit Drawing(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace chorraha::count
