#include "tests/support/painted_street.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace chorraha::test {
namespace {

constexpr int width = PaintedStreet::width;
constexpr int height = PaintedStreet::height;

constexpr std::size_t size() {
  return static_cast<std::size_t>(width) * height;
}
std::size_t at(int x, int y) {
  return static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x);
}
int mark(int x, int y) {
  return x % 80 < 3 && y % 40 < 20 ? 60 : 0;
}

// Body with a dark windscreen, a light roof and two lamps: what a camera sees of a car.
int paint_of(const PaintedVehicle& vehicle, double along, double across) {
  if (along < 0.08 && (across < 0.25 || across > 0.75)) return 245;
  if (along > 0.3 && along < 0.45) return 40;
  if (along > 0.85) return vehicle.grey - 50;
  // Patches that do not repeat, else a motion could be mistaken for its opposite.
  const auto patch = static_cast<unsigned>(along * 10) * 7U + static_cast<unsigned>(across * 6);
  const int grain = static_cast<int>(patch * 2654435761U >> 28U) * 2;
  return vehicle.grey + grain - 15;
}

}  // namespace

PaintedStreet::PaintedStreet(std::vector<PaintedVehicle> vehicles, std::uint32_t seed)
    : vehicles_(std::move(vehicles)), noise_(seed), grain_(2 * size()), road_(size()) {
  for (auto& level : grain_) level = static_cast<std::int8_t>(static_cast<int>(noise_() % 7) - 3);
  std::uniform_int_distribution<int> grain(-6, 6);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      road_[at(x, y)] = static_cast<std::uint8_t>(100 + grain(noise_) + mark(x, y));
}

void PaintedStreet::shake_by(int x_px, int y_px) {
  shake_x_ = x_px;
  shake_y_ = y_px;
}

Frame PaintedStreet::picture(std::int64_t number, double time_s) {
  std::vector<std::uint8_t> still = road_;
  for (const PaintedVehicle& vehicle : vehicles_) paint(vehicle, time_s, still);
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(size());
  const std::size_t offset = noise_() % size();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int from_x = std::clamp(x + shake_x_, 0, width - 1);
      const int from_y = std::clamp(y + shake_y_, 0, height - 1);
      const int level = still[at(from_x, from_y)] + grain_[at(x, y) + offset];
      (*bytes)[at(x, y)] = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
    }
  Frame frame;
  frame.number = number;
  frame.time_s = time_s;
  frame.captured = Instant{Milliseconds{static_cast<std::int64_t>(time_s * 1000)}};
  frame.width = width;
  frame.height = height;
  frame.stride_bytes = width;
  frame.format = Frame::Format::grey8;
  frame.bytes = std::move(bytes);
  return frame;
}

void PaintedStreet::paint(const PaintedVehicle& vehicle, double time_s,
                          std::vector<std::uint8_t>& still) const {
  const double front = vehicle.front_px(time_s);
  const bool up = vehicle.speed_px_per_s < 0;
  const double top = up ? front : front - vehicle.length_px;
  for (int y = std::max(0, static_cast<int>(top)); y < height && y < top + vehicle.length_px; ++y) {
    const double along = (up ? y - top : top + vehicle.length_px - y) / vehicle.length_px;
    const double right = vehicle.left_px + vehicle.width_px;
    for (int x = std::max(0, static_cast<int>(vehicle.left_px)); x < width && x < right; ++x) {
      const int level = paint_of(vehicle, along, (x - vehicle.left_px) / vehicle.width_px);
      still[at(x, y)] = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
    }
    if (!vehicle.shadow) continue;
    for (int x = static_cast<int>(right); x < width && x < right + vehicle.width_px; ++x)
      still[at(x, y)] = static_cast<std::uint8_t>(still[at(x, y)] * 6 / 10);
  }
}

}  // namespace chorraha::test
