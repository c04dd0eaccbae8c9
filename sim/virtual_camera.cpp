#include "sim/virtual_camera.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "sim/dice.hpp"
#include "sim/flat_shapes.hpp"

namespace chorraha {
namespace {

using sim::beside;
using sim::level;

constexpr double pi = 3.141592653589793;
constexpr double near_m = 0.3;  // nothing nearer than this is drawn
constexpr std::size_t noise_size = 1U << 16U;

std::array<std::array<double, 3>, 3> axes_of(const CameraPose& pose) {
  const double yaw = pose.yaw_deg * pi / 180;
  const double pitch = pose.pitch_deg * pi / 180;
  const std::array<double, 3> forward{std::cos(pitch) * std::cos(yaw),
                                      std::cos(pitch) * std::sin(yaw), std::sin(pitch)};
  const std::array<double, 3> right{std::sin(yaw), -std::cos(yaw), 0};
  const std::array<double, 3> down{std::sin(pitch) * std::cos(yaw), std::sin(pitch) * std::sin(yaw),
                                   -std::cos(pitch)};
  return {right, down, forward};
}

std::array<double, 3> along_axes(const std::array<std::array<double, 3>, 3>& axes,
                                 const CameraPose& pose, double x_m, double y_m, double z_m) {
  const double dx = x_m - pose.x_m;
  const double dy = y_m - pose.y_m;
  const double dz = z_m - pose.z_m;
  std::array<double, 3> answer{};
  for (std::size_t i = 0; i < 3; ++i)
    answer[i] = axes[i][0] * dx + axes[i][1] * dy + axes[i][2] * dz;
  return answer;
}

std::uint8_t with_noise(int value, int noise) {
  return static_cast<std::uint8_t>(std::clamp(value + noise, 0, 255));
}

int luma_of(const std::uint8_t* bgr) {
  return (bgr[0] * 29 + bgr[1] * 150 + bgr[2] * 77) >> 8;  // BT.601
}

}  // namespace

std::optional<Pixel> project(const CameraPose& pose, PictureSize size, Point at, double z_m) {
  const auto [x, y, z] = along_axes(axes_of(pose), pose, at.x_m, at.y_m, z_m);
  if (z < near_m) return std::nullopt;
  return Pixel{size.width / 2.0 + pose.focal_px * x / z, size.height / 2.0 + pose.focal_px * y / z};
}

VirtualCamera::VirtualCamera(const Network& network, Setup setup)
    : setup_(std::move(setup)), axes_(axes_of(setup_.pose)) {
  const auto pixels =
      static_cast<std::size_t>(setup_.size.width) * static_cast<std::size_t>(setup_.size.height);
  picture_.resize(pixels * 3);
  const sim::Dice dice(setup_.seed);
  noise_.resize(noise_size);
  for (std::size_t i = 0; i < noise_size; ++i) {
    const double draw = dice.normal(sim::Purpose::paint, i) * setup_.noise_levels;
    noise_[i] = static_cast<std::int16_t>(std::clamp(draw, -100.0, 100.0));
  }
  draw_background(network);
  background_ = picture_;
}

VirtualCamera::Corner VirtualCamera::seen(Place place) const {
  const auto [x, y, z] = along_axes(axes_, setup_.pose, place.x_m, place.y_m, place.z_m);
  return {x, y, z};
}

// Fills a convex polygon: clipped at the near plane, projected, filled row by row.
template <class Paint>
void VirtualCamera::cover(std::span<const Place> polygon, Paint paint) {
  constexpr std::size_t corners_max = 16;
  std::array<Corner, corners_max> clipped{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Corner a = seen(polygon[i]);
    const Corner b = seen(polygon[(i + 1) % polygon.size()]);
    if (a.z >= near_m && count < corners_max) clipped[count++] = a;
    if ((a.z >= near_m) == (b.z >= near_m) || count == corners_max) continue;
    const double share = (near_m - a.z) / (b.z - a.z);
    clipped[count++] = {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y), near_m};
  }
  if (count < 3) return;
  std::array<Pixel, corners_max> at{};
  double top = 1e9;
  double bottom = -1e9;
  for (std::size_t i = 0; i < count; ++i) {
    at[i] = {setup_.size.width / 2.0 + setup_.pose.focal_px * clipped[i].x / clipped[i].z,
             setup_.size.height / 2.0 + setup_.pose.focal_px * clipped[i].y / clipped[i].z};
    top = std::min(top, at[i].y);
    bottom = std::max(bottom, at[i].y);
  }
  const int first = static_cast<int>(std::clamp(std::ceil(top - 0.5), 0.0, 1e6));
  const int last =
      static_cast<int>(std::clamp(std::floor(bottom - 0.5), -1.0, setup_.size.height - 1.0));
  for (int row = first; row <= last; ++row) {
    const double y = row + 0.5;
    double left = 1e9;
    double right = -1e9;
    for (std::size_t i = 0; i < count; ++i) {
      const Pixel p = at[i];
      const Pixel q = at[(i + 1) % count];
      if ((p.y <= y) == (q.y <= y)) continue;
      const double x = p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x);
      left = std::min(left, x);
      right = std::max(right, x);
    }
    const double width = setup_.size.width;
    const int begin = static_cast<int>(std::clamp(std::ceil(left - 0.5), 0.0, width));
    const int end = static_cast<int>(std::clamp(std::floor(right - 0.5) + 1, 0.0, width));
    std::uint8_t* pixel =
        picture_.data() + 3 * (static_cast<std::ptrdiff_t>(row) * setup_.size.width + begin);
    for (int column = begin; column < end; ++column, pixel += 3) paint(pixel);
  }
}

void VirtualCamera::fill(std::span<const Place> polygon, Colour colour) {
  const std::array<std::uint8_t, 3> levels{level(colour.b), level(colour.g), level(colour.r)};
  cover(polygon, [&](std::uint8_t* pixel) { std::ranges::copy(levels, pixel); });
}

void VirtualCamera::darken(std::span<const Place> polygon, float factor) {
  const auto scale = static_cast<unsigned>(factor * 256);
  cover(polygon, [scale](std::uint8_t* pixel) {
    for (int i = 0; i < 3; ++i) pixel[i] = static_cast<std::uint8_t>(pixel[i] * scale >> 8U);
  });
}

Frame VirtualCamera::render(std::span<const VehicleView> vehicles,
                            std::span<const PersonView> people, std::int64_t number,
                            Instant captured) {
  picture_ = background_;
  struct Item {
    double far_m;
    const VehicleView* vehicle;
    const PersonView* person;
  };
  std::vector<Item> items;
  for (const VehicleView& vehicle : vehicles) {
    const Point middle = beside({vehicle.front, vehicle.heading_rad}, -vehicle.length_m / 2, 0);
    const Corner at = seen({middle.x_m, middle.y_m, 0});
    if (at.z > -vehicle.length_m) items.push_back({std::hypot(at.x, at.z), &vehicle, nullptr});
  }
  for (const PersonView& person : people) {
    const Corner at = seen({person.at.x_m, person.at.y_m, 0});
    if (at.z > 0) items.push_back({std::hypot(at.x, at.z), nullptr, &person});
  }
  std::ranges::stable_sort(items, std::greater<>{}, &Item::far_m);
  for (const Item& item : items) {
    if (item.vehicle == nullptr) continue;
    const VehicleView& vehicle = *item.vehicle;
    const Point middle = beside({vehicle.front, vehicle.heading_rad}, -vehicle.length_m / 2, 0);
    const bool tall =
        vehicle.vehicle_class == VehicleClass::truck || vehicle.vehicle_class == VehicleClass::bus;
    draw_shadow({middle, vehicle.heading_rad, vehicle.length_m / 2, vehicle.width_m / 2, 0,
                 tall ? 3.0 : 1.3, 0});
  }
  for (const Item& item : items) {
    if (item.vehicle != nullptr) {
      draw_vehicle(*item.vehicle);
    } else {
      draw_person(*item.person);
    }
  }
  return finish(number, captured);
}

// Adds the sensor's noise: the same grey to all three colours, another part of the table each row.
Frame VirtualCamera::finish(std::int64_t number, Instant captured) {
  const bool grey = setup_.format == Frame::Format::grey8;
  const int width = setup_.size.width;
  const int depth = grey ? 1 : 3;
  const int colours = grey ? 0 : 3;
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(
      static_cast<std::size_t>(width * depth) * static_cast<std::size_t>(setup_.size.height));
  const std::uint8_t* from = picture_.data();
  std::uint8_t* to = bytes->data();
  for (int row = 0; row < setup_.size.height; ++row) {
    const std::uint64_t word = sim::mixed(static_cast<std::uint64_t>(number) * 100003 +
                                          static_cast<std::uint64_t>(row) + setup_.seed);
    std::size_t place = word % noise_size;
    for (int column = 0; column < width; ++column, from += 3, to += depth) {
      const std::int16_t noise = noise_[place++ & (noise_size - 1)];
      if (grey) to[0] = with_noise(luma_of(from), noise);
      for (int i = 0; i < colours; ++i) to[i] = with_noise(from[i], noise);
    }
  }
  Frame frame;
  frame.camera = setup_.id;
  frame.number = number;
  frame.captured = captured;
  frame.width = width;
  frame.height = setup_.size.height;
  frame.stride_bytes = width * depth;
  frame.format = setup_.format;
  frame.bytes = std::move(bytes);
  return frame;
}

}  // namespace chorraha
