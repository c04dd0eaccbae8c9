// Vehicles and people of the virtual camera: upright boxes with cabins, wheels and shadows.
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

constexpr std::array<std::pair<int, int>, 4> corner_order{{{1, 1}, {1, -1}, {-1, -1}, {-1, 1}}};

}  // namespace

void VirtualCamera::draw_shadow(const Block& block) {
  constexpr double east_m = 0.45;  // of a shadow, per metre of height
  constexpr double south_m = 0.30;
  const Pose pose{block.middle, block.heading_rad};
  Polyline outlines;
  for (const double lift_m : {0.0, block.top_m}) {
    for (const auto& [ahead, left] : corner_order) {
      const Point p = beside(pose, ahead * block.half_length_m, left * block.half_width_m);
      outlines.push_back({p.x_m + lift_m * east_m, p.y_m - lift_m * south_m});
    }
  }
  std::vector<Place> ring;
  for (const Point p : hull_of(std::move(outlines))) ring.push_back({p.x_m, p.y_m, 0});
  darken(ring, 0.6F);
}

void VirtualCamera::draw_block(const Block& block, Colour sides, Colour roof) {
  const Pose pose{block.middle, block.heading_rad};
  std::array<Place, 4> low{};
  std::array<Place, 4> high{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto [ahead, left] = corner_order[i];
    const Point p = beside(pose, ahead * block.half_length_m, left * block.half_width_m);
    const Point q = beside(pose, ahead * (block.half_length_m - block.taper_m),
                           left * (block.half_width_m - block.taper_m * 0.3));
    low[i] = {p.x_m, p.y_m, block.bottom_m};
    high[i] = {q.x_m, q.y_m, block.top_m};
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t j = (i + 1) % 4;
    // Outward normal of the face; the sun stands in the north-west.
    const double nx = low[i].y_m - low[j].y_m;
    const double ny = low[j].x_m - low[i].x_m;
    const double away = nx * (low[i].x_m - setup_.pose.x_m) + ny * (low[i].y_m - setup_.pose.y_m);
    if (away > 0) continue;
    const double length = std::max(1e-6, std::hypot(nx, ny));
    const auto light = static_cast<float>(0.72 + 0.22 * (-0.83 * nx + 0.55 * ny) / length);
    fill(std::array<Place, 4>{low[i], low[j], high[j], high[i]},
         {sides.b * light, sides.g * light, sides.r * light});
  }
  if (setup_.pose.z_m > block.top_m) fill(high, roof);
}

void VirtualCamera::draw_wheels(const VehicleView& vehicle, Point middle) {
  const Pose pose{middle, vehicle.heading_rad};
  for (const double ahead : {0.3, -0.3}) {
    for (const double side : {0.5, -0.5}) {
      const Point at = beside(pose, ahead * vehicle.length_m, side * vehicle.width_m);
      draw_block({at, vehicle.heading_rad, 0.33, 0.08, 0, 0.6, 0}, {30, 30, 30}, {30, 30, 30});
    }
  }
}

void VirtualCamera::draw_vehicle(const VehicleView& vehicle) {
  constexpr std::array<Colour, 9> paints{{{225, 226, 228},
                                          {50, 48, 46},
                                          {150, 150, 148},
                                          {40, 42, 168},
                                          {150, 84, 40},
                                          {70, 100, 52},
                                          {52, 176, 214},
                                          {190, 190, 184},
                                          {96, 60, 44}}};
  const auto draw = static_cast<std::size_t>(sim::mixed(vehicle.number ^ setup_.seed));
  const Colour paint = paints[draw % paints.size()];
  const Colour roof{std::min(255.0F, paint.b * 1.1F + 8), std::min(255.0F, paint.g * 1.1F + 8),
                    std::min(255.0F, paint.r * 1.1F + 8)};
  const Colour glass{64, 56, 48};
  const double half_m = vehicle.length_m / 2;
  const double heading = vehicle.heading_rad;
  const Point middle = beside({vehicle.front, heading}, -half_m, 0);
  const Pose pose{middle, heading};
  const double half_width_m = vehicle.width_m / 2;
  using enum VehicleClass;
  if (vehicle.vehicle_class == motorcycle || vehicle.vehicle_class == bicycle) {
    draw_block({middle, heading, half_m, 0.15, 0, 0.8, 0.2}, paint, roof);
    draw_block({middle, heading, 0.25, 0.25, 0.6, 1.6, 0.05}, glass, paint);
    return;
  }
  draw_wheels(vehicle, middle);
  if (vehicle.vehicle_class == bus) {
    draw_block({middle, heading, half_m, half_width_m, 0.35, 1.3, 0}, paint, roof);
    draw_block({middle, heading, half_m, half_width_m, 1.3, 2.3, 0}, glass, glass);
    draw_block({middle, heading, half_m, half_width_m, 2.3, 3.0, 0.05}, paint, roof);
    return;
  }
  if (vehicle.vehicle_class == truck) {
    const double cab_m = std::min(2.2, vehicle.length_m * 0.3);
    const Block body{beside(pose, -cab_m / 2 - 0.1, 0),
                     heading,
                     half_m - cab_m / 2 - 0.1,
                     half_width_m,
                     0.7,
                     3.3,
                     0};
    const Point cab = beside(pose, half_m - cab_m / 2, 0);
    const bool towards = (body.middle.x_m - setup_.pose.x_m) * std::cos(heading) +
                             (body.middle.y_m - setup_.pose.y_m) * std::sin(heading) <
                         0;
    if (towards) draw_block(body, {196, 198, 200}, {222, 224, 226});
    draw_block({cab, heading, cab_m / 2, half_width_m, 0.4, 1.5, 0}, paint, roof);
    draw_block({cab, heading, cab_m / 2, half_width_m, 1.5, 2.3, 0.15}, glass, roof);
    if (!towards) draw_block(body, {196, 198, 200}, {222, 224, 226});
    return;
  }
  draw_block({middle, heading, half_m, half_width_m, 0.25, 0.85, 0.06}, paint, roof);
  draw_block({beside(pose, -0.05 * vehicle.length_m, 0), heading, 0.29 * vehicle.length_m,
              half_width_m - 0.08, 0.85, 1.45, 0.45},
             glass, roof);
}

void VirtualCamera::draw_person(const PersonView& person) {
  const auto draw = static_cast<std::size_t>(sim::mixed(person.number * 7 + setup_.seed));
  const auto shade = static_cast<float>(60 + draw % 120);
  const Colour coat{shade, static_cast<float>(50 + draw / 128 % 130), 255 - shade};
  draw_block({person.at, person.heading_rad, 0.12, 0.18, 0, 0.85, 0}, {60, 52, 48}, {60, 52, 48});
  draw_block({person.at, person.heading_rad, 0.15, 0.25, 0.85, 1.5, 0.02}, coat, coat);
  draw_block({person.at, person.heading_rad, 0.1, 0.1, 1.5, 1.75, 0.02}, {140, 165, 205},
             {50, 55, 60});
}

}  // namespace chorraha
