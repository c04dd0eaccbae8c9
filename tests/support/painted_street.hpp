#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "traffic/frame.hpp"

namespace chorraha::test {

/// A street painted picture by picture: textured asphalt, lane marks, textured vehicles with
/// shadows, camera noise. Travel is down the picture. 320x240, 25 pictures a second.
struct PaintedVehicle {
  double begins_s = 0;   // when its front is at `from_px`
  double left_px = 100;  // of the picture
  double width_px = 36;
  double length_px = 50;
  double from_px = -10;        // where its front is at `begins_s`
  double speed_px_per_s = 90;  // negative: up the picture
  double stops_at_px = 1e9;    // its front halts here …
  double drives_on_s = 0;      // … until then
  int grey = 170;
  bool shadow = false;  // a dark one to its right, as long as it is wide

  [[nodiscard]] double front_px(double time_s) const {
    if (time_s < begins_s) return -1e6;
    const double free_px = from_px + speed_px_per_s * (time_s - begins_s);
    if (free_px <= stops_at_px) return free_px;
    if (time_s <= drives_on_s) return stops_at_px;
    const double reached_s = begins_s + (stops_at_px - from_px) / speed_px_per_s;
    const double waited_s = drives_on_s > reached_s ? drives_on_s - reached_s : 0.0;
    return free_px - speed_px_per_s * waited_s;
  }
};

class PaintedStreet {
 public:
  static constexpr int width = 320;
  static constexpr int height = 240;
  static constexpr double fps = 25.0;

  explicit PaintedStreet(std::vector<PaintedVehicle> vehicles, std::uint32_t seed = 1);

  /// Shifts the whole picture, as a shaking mast does.
  void shake_by(int x_px, int y_px);

  [[nodiscard]] Frame picture(std::int64_t number, double time_s);
  [[nodiscard]] Frame picture(std::int64_t number) {
    return picture(number, static_cast<double>(number) / fps);
  }

 private:
  void paint(const PaintedVehicle& vehicle, double time_s, std::vector<std::uint8_t>& still) const;

  std::vector<PaintedVehicle> vehicles_;
  std::mt19937 noise_;
  std::vector<std::int8_t> grain_;  // of the camera; each picture reads it from another place
  std::vector<std::uint8_t> road_;
  int shake_x_ = 0;
  int shake_y_ = 0;
};

}  // namespace chorraha::test
