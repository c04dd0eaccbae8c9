#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/street.hpp"
#include "traffic/camera.hpp"
#include "traffic/frame.hpp"
#include "traffic/network.hpp"

namespace chorraha {

/// Where a place appears in a picture of `width` x `height` pixels; nothing if it is behind the
/// camera. A pinhole without distortion; its axis goes through the middle of the picture.
struct PictureSize {
  int width = 640;
  int height = 360;
};
[[nodiscard]] std::optional<Pixel> project(const CameraPose& pose, PictureSize size, Point at,
                                           double z_m = 0);

/// Draws what one camera of the simulated street sees: roads with kerbs, markings, stop lines and
/// crossings, vehicles and people as shaded solids with shadows, and the noise of a sensor.
/// In:      a network, a pose; per picture the vehicles and people (interpolated by the caller).
/// Out:     a Frame of bgr24 (or grey8). The background is drawn once; a picture costs the noise
///          and whoever moves.
/// Threads: one owner at a time; several cameras may draw side by side.
class VirtualCamera {
 public:
  struct Setup {
    CameraId id;
    CameraPose pose;
    PictureSize size;
    Frame::Format format = Frame::Format::bgr24;
    std::uint64_t seed = 1;     // of textures, noise and paint
    double noise_levels = 2.0;  // deviation of the sensor's noise, in grey levels of 255
  };

  VirtualCamera(const Network& network, Setup setup);

  [[nodiscard]] Frame render(std::span<const VehicleView> vehicles,
                             std::span<const PersonView> people, std::int64_t number,
                             Instant captured);

 private:
  struct Colour {
    float b = 0, g = 0, r = 0;
  };
  struct Corner {  // in camera coordinates: x right, y down, z forward, metres
    double x = 0, y = 0, z = 0;
  };
  struct Place {  // in the city's plane
    double x_m = 0, y_m = 0, z_m = 0;
  };

  [[nodiscard]] Corner seen(Place place) const;
  void fill(std::span<const Place> polygon, Colour colour);
  void darken(std::span<const Place> polygon, float factor);
  template <class Paint>
  void cover(std::span<const Place> polygon, Paint paint);

  void draw_background(const Network& network);
  void draw_ground();
  void wear();
  void draw_strip(const Polyline& line, double half_width_m, double z_m, Colour colour);
  void draw_dashes(const Polyline& line, double from_m, double to_m);
  void draw_lane(const Network& network, const Lane& lane);
  void draw_crossing(const Crossing& crossing);

  struct Block {  // an upright box that may taper to its roof
    Point middle;
    double heading_rad = 0;
    double half_length_m = 0, half_width_m = 0;
    double bottom_m = 0, top_m = 0;
    double taper_m = 0;  // how much shorter the roof is at each end
  };
  void draw_block(const Block& block, Colour sides, Colour roof);
  void draw_shadow(const Block& block);
  void draw_vehicle(const VehicleView& vehicle);
  void draw_wheels(const VehicleView& vehicle, Point middle);
  void draw_person(const PersonView& person);
  [[nodiscard]] Frame finish(std::int64_t number, Instant captured);

  Setup setup_;
  std::array<std::array<double, 3>, 3> axes_{};     // right, down, forward
  std::vector<std::uint8_t> background_, picture_;  // bgr24
  std::vector<std::int16_t> noise_;
};

}  // namespace chorraha
