#include "apps/camera/camera_work.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "apps/camera/jpeg.hpp"

namespace chorraha::camera {
namespace {

constexpr std::size_t boxes_max = 1024;  // of a Picture message
constexpr std::size_t counts_max = 64;

PictureBox box_of(const VehicleOutline& outline, double scale) {
  const auto [left, right] = std::ranges::minmax(outline.corners, {}, &Pixel::x);
  const auto [top, bottom] = std::ranges::minmax(outline.corners, {}, &Pixel::y);
  PictureBox box;
  box.x_px = static_cast<float>(left.x * scale);
  box.y_px = static_cast<float>(top.y * scale);
  box.width_px = static_cast<float>((right.x - left.x) * scale);
  box.height_px = static_cast<float>((bottom.y - top.y) * scale);
  box.confidence = static_cast<float>(outline.confidence);
  box.track = outline.track;
  return box;
}

}  // namespace

CameraWork::CameraWork(CameraConfig camera)
    : camera_(std::move(camera)), health_(camera_.id), counted_before_(camera_.lines.size(), 0) {}

std::optional<Fault> CameraWork::begin(const Shot& shot) {
  if (pipeline_) {
    const std::vector<LineFigures> figures = pipeline_->figures();
    for (std::size_t i = 0; i < figures.size(); ++i) counted_before_[i] += figures[i].count;
  }
  opening_ = shot.opening;
  elapsed_s_ += last_time_s_;
  last_time_s_ = 0;
  pipeline_.reset();
  auto made = CountingPipeline::make(camera_, shot.fps);
  if (!made) return made.error();
  if (const Done fits = made->check(shot.frame); !fits) return fits.error();
  pipeline_ = std::move(*made);
  return std::nullopt;
}

CameraWork::Outcome CameraWork::see(const Shot& shot) {
  Outcome outcome;
  if (shot.opening != opening_) outcome.fault = begin(shot);
  last_time_s_ = shot.frame.time_s;
  Frame on_one_clock = shot.frame;
  on_one_clock.time_s += elapsed_s_;
  health_.see(on_one_clock);
  if (!pipeline_ || !pipeline_->check(shot.frame)) return outcome;
  for (const LineEvent& event : pipeline_->see(shot.frame)) {
    auto detection = detection_of(event, camera_);
    if (detection) outcome.detections.push_back(std::move(*detection));
  }
  return outcome;
}

Picture CameraWork::picture(const Shot& shot) const {
  Picture picture;
  picture.camera = camera_.id;
  picture.at = shot.frame.captured;
  picture.frame = static_cast<std::uint64_t>(shot.frame.number);
  picture.jpeg = jpeg_of(shot.frame);
  if (!pipeline_) return picture;
  const double scale = jpeg_scale(shot.frame.width);
  for (const VehicleOutline& outline : pipeline_->outlines()) {
    if (picture.boxes.size() < boxes_max) picture.boxes.push_back(box_of(outline, scale));
  }
  const std::vector<LineFigures> figures = pipeline_->figures();
  for (std::size_t i = 0; i < figures.size() && i < counts_max; ++i)
    picture.counts.push_back({camera_.lines[i].name, counted_before_[i] + figures[i].count});
  return picture;
}

}  // namespace chorraha::camera
