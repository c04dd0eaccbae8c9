#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/network.hpp"

namespace chorraha {

/// Travel direction across a counting line, as seen in the picture.
enum class PictureDirection : std::uint8_t { up, down, left, right, both };
[[nodiscard]] std::string_view name_of(PictureDirection direction);
[[nodiscard]] std::optional<PictureDirection> picture_direction_named(std::string_view name);

struct Pixel {
  double x = 0;  // origin top left
  double y = 0;
  friend bool operator==(const Pixel&, const Pixel&) = default;
};

struct CountingLine {
  std::string name;
  Pixel p1, p2;
  PictureDirection direction = PictureDirection::both;
  DetectorId detector;  // in the network; empty: shown, drives nothing
};

/// Where a rendered (or surveyed) camera stands. Yaw: east = 0, anticlockwise; pitch: down is
/// negative.
struct CameraPose {
  double x_m = 0, y_m = 0, z_m = 0;
  double yaw_deg = 0, pitch_deg = 0;
  double focal_px = 0;
};

/// A named part of the picture with a role: a lane of a detector, or an entry or exit zone.
struct PictureArea {
  std::string name;
  std::string role;     // "lane", "entry", "exit"
  DetectorId detector;  // of a lane
  std::vector<Pixel> polygon;
};

/// CAMERA.json: one schema for real and simulated cameras (docs/cli.md).
struct CameraConfig {
  CameraId id;
  std::string intersection;    // id; empty if it serves none
  std::string source;          // URL, device or file; empty: given on the command line
  bool show_pictures = false;  // pictures may leave the camera when an operator asks
  int width = 0;
  int height = 0;
  std::vector<CountingLine> lines;
  std::vector<PictureArea> areas;
  std::vector<Pixel> mask;  // polygon that is ignored
  std::optional<double> metres_per_pixel;
  std::optional<std::array<double, 9>> homography;  // picture -> local metres, row by row
  std::optional<CameraPose> pose;
};

}  // namespace chorraha
