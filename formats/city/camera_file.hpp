#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "traffic/camera.hpp"
#include "traffic/result.hpp"

namespace chorraha {

// CAMERA.json, one schema for real and rendered cameras. Needed: width, height, lines[] {name, p1,
// p2, direction}. Optional: id, intersection, source, show_pictures, lines[].detector,
// lanes[] {detector, polygon}, zones[] {name, role, polygon}, mask, metres_per_pixel, homography
// (3 rows of 3), pose {x_m, y_m, z_m, yaw_deg, pitch_deg, focal_px}. Pixels from the top left.
// Faults: bad_input with file, line, value seen and value allowed; unknown keys are faults, as are
// lines without length or twice of one name, and pixels outside the picture.

[[nodiscard]] Result<CameraConfig> read_camera(const std::filesystem::path& path);
/// `file` names the text in faults.
[[nodiscard]] Result<CameraConfig> read_camera_text(std::string_view text, const std::string& file);

/// A file of ground truth in place of a camera: only width, height and lines[].name, p1, p2 and
/// direction are looked at; all else in it is never read.
[[nodiscard]] Result<CameraConfig> read_truth_as_camera(const std::filesystem::path& path);

/// The text that `read_camera_text` reads back to an equal camera.
[[nodiscard]] std::string camera_text(const CameraConfig& camera);

}  // namespace chorraha
