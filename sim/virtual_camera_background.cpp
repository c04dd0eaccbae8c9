// What lies still before the virtual camera: ground, roads, markings, wear.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/dice.hpp"
#include "sim/flat_shapes.hpp"
#include "sim/virtual_camera.hpp"

namespace chorraha {
namespace {

using sim::beside;
using sim::hull_of;
using sim::level;

// Smooth noise of about `cell_m` metres, -1 to 1: hashed lattice, bilinear.
double texture(double x_m, double y_m, double cell_m, std::uint64_t seed) {
  const double x = x_m / cell_m;
  const double y = y_m / cell_m;
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const auto corner = [&](double cx, double cy) {
    const auto ix = static_cast<std::uint64_t>(static_cast<std::int64_t>(cx));
    const auto iy = static_cast<std::uint64_t>(static_cast<std::int64_t>(cy));
    const std::uint64_t word = sim::mixed(sim::mixed(ix ^ seed) ^ iy);
    return static_cast<double>(word >> 11U) * 0x1.0p-52 - 1;
  };
  const double tx = x - fx;
  const double ty = y - fy;
  const double low = corner(fx, fy) * (1 - tx) + corner(fx + 1, fy) * tx;
  const double high = corner(fx, fy + 1) * (1 - tx) + corner(fx + 1, fy + 1) * tx;
  return low * (1 - ty) + high * ty;
}

}  // namespace

void VirtualCamera::draw_background(const Network& network) {
  draw_ground();
  const Colour kerb{150, 152, 154};
  const Colour asphalt{84, 82, 80};
  for (const Lane& lane : network.lanes()) draw_strip(lane.shape, lane.width_m / 2 + 0.5, 0, kerb);
  for (const Movement& movement : network.movements()) draw_strip(movement.shape, 2.4, 0, asphalt);
  for (const Junction& junction : network.junctions()) {  // what lies between its ways
    Polyline middles;
    for (const MovementIndex index : junction.movements) {
      const Polyline& shape = network.movement(index).shape;
      if (middles.size() < 12) middles.push_back(pose_at(shape, length_m(shape) / 2).at);
    }
    std::vector<Place> area;
    for (const Point p : hull_of(std::move(middles))) area.push_back({p.x_m, p.y_m, 0});
    fill(area, asphalt);
  }
  for (const Lane& lane : network.lanes()) draw_strip(lane.shape, lane.width_m / 2, 0, asphalt);
  for (const Lane& lane : network.lanes()) draw_lane(network, lane);
  for (const Crossing& crossing : network.crossings()) draw_crossing(crossing);
  wear();
}

// Wear and dirt of road and ground, by place so that it lies still under everything.
void VirtualCamera::wear() {
  const int width = setup_.size.width;
  for (int row = 0; row < setup_.size.height; ++row) {
    for (int column = 0; column < width; ++column) {
      const double right = (column + 0.5 - width / 2.0) / setup_.pose.focal_px;
      const double down = (row + 0.5 - setup_.size.height / 2.0) / setup_.pose.focal_px;
      const double drop = axes_[0][2] * right + axes_[1][2] * down + axes_[2][2];
      if (drop > -0.02) continue;  // sky and haze
      const double t = -setup_.pose.z_m / drop;
      const double x =
          setup_.pose.x_m + t * (axes_[0][0] * right + axes_[1][0] * down + axes_[2][0]);
      const double y =
          setup_.pose.y_m + t * (axes_[0][1] * right + axes_[1][1] * down + axes_[2][1]);
      const double fade = std::min(1.0, 40 / std::max(t, 1.0));
      const double stain =
          8 * texture(x, y, 3.1, setup_.seed) + 5 * fade * texture(x, y, 0.35, setup_.seed + 1);
      std::uint8_t* pixel =
          picture_.data() + 3 * (static_cast<std::ptrdiff_t>(row) * width + column);
      for (int i = 0; i < 3; ++i) pixel[i] = level(pixel[i] + stain);
    }
  }
}

void VirtualCamera::draw_ground() {
  const int width = setup_.size.width;
  for (int row = 0; row < setup_.size.height; ++row) {
    const double down = (row + 0.5 - setup_.size.height / 2.0) / setup_.pose.focal_px;
    const double drop = axes_[1][2] * down + axes_[2][2];
    const double haze = std::clamp(1 - std::abs(drop) * 12, 0.0, 1.0);
    const Colour far{205, 200, 192};
    const Colour near = drop > 0 ? Colour{225, 196, 160} : Colour{78, 118, 108};
    const auto mix = [haze](float a, float b) { return level(a * haze + b * (1 - haze)); };
    const std::array<std::uint8_t, 3> levels{mix(far.b, near.b), mix(far.g, near.g),
                                             mix(far.r, near.r)};
    std::uint8_t* pixel = picture_.data() + 3 * static_cast<std::ptrdiff_t>(row) * width;
    for (int column = 0; column < width; ++column, pixel += 3) std::ranges::copy(levels, pixel);
  }
}

void VirtualCamera::draw_strip(const Polyline& line, double half_width_m, double z_m,
                               Colour colour) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point a = line[i - 1];
    const Point b = line[i];
    const double length = std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
    if (length <= 0) continue;
    const double nx = -(b.y_m - a.y_m) / length * half_width_m;
    const double ny = (b.x_m - a.x_m) / length * half_width_m;
    fill(std::array<Place, 4>{Place{a.x_m + nx, a.y_m + ny, z_m},
                              {b.x_m + nx, b.y_m + ny, z_m},
                              {b.x_m - nx, b.y_m - ny, z_m},
                              {a.x_m - nx, a.y_m - ny, z_m}},
         colour);
  }
}

void VirtualCamera::draw_dashes(const Polyline& line, double from_m, double to_m) {
  const Colour paint{205, 208, 210};
  constexpr double dash_m = 3;
  constexpr double period_m = 9;
  const double dashes = std::floor((to_m - from_m - dash_m) / period_m) + 1;
  for (int i = 0; i < dashes; ++i) {
    const double s_m = from_m + i * period_m;
    const Polyline dash{pose_at(line, s_m).at, pose_at(line, s_m + dash_m).at};
    draw_strip(dash, 0.07, 0, paint);
  }
}

void VirtualCamera::draw_lane(const Network& network, const Lane& lane) {
  if (!lane.vehicles_allowed) return;
  const Colour paint{205, 208, 210};
  const double half_m = lane.width_m / 2;
  const double long_m = length_m(lane.shape);
  const Link& link = network.link(lane.link);
  Polyline left;
  for (std::size_t i = 0; i < lane.shape.size(); ++i) {
    const std::size_t at = std::max<std::size_t>(i, 1);
    const double heading = std::atan2(lane.shape[at].y_m - lane.shape[at - 1].y_m,
                                      lane.shape[at].x_m - lane.shape[at - 1].x_m);
    left.push_back(beside({lane.shape[i], heading}, 0, half_m));
  }
  const bool leftmost = static_cast<std::size_t>(lane.number) + 1 == link.lanes.size();
  if (leftmost) {
    draw_strip(left, 0.07, 0, paint);
  } else {
    draw_dashes(left, 2, std::max(2.0, long_m - 25));
    draw_strip({pose_at(left, std::max(0.0, long_m - 22)).at, left.back()}, 0.07, 0, paint);
  }
  if (!link.downstream.valid()) return;
  const Pose end = pose_at(lane.shape, long_m);
  draw_strip({beside(end, -0.2, -half_m), beside(end, -0.2, half_m)}, 0.2, 0, paint);
}

void VirtualCamera::draw_crossing(const Crossing& crossing) {
  const Colour paint{200, 203, 205};
  const double bars = std::floor(length_m(crossing.shape));  // one a metre
  for (int i = 0; i < bars; ++i) {
    const Pose pose = pose_at(crossing.shape, 0.5 + i);
    const double half_m = crossing.width_m / 2;
    draw_strip({beside(pose, 0, -half_m), beside(pose, 0, half_m)}, 0.25, 0, paint);
  }
}

}  // namespace chorraha
