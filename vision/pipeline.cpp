#include "vision/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <opencv2/core.hpp>

#include "traffic/expect.hpp"
#include "vision/counting_line.hpp"
#include "vision/motion_detector.hpp"

namespace chorraha {
namespace {

using vision::LinePatch;

// Classes by footprint. With a scale, metres: widths and lengths of usual vehicles (a picture shows
// length foreshortened and height as length, so the limits are wide). Without one, relative to the
// vehicles counted before on the same line.
VehicleClass class_by_metres(double width_m, double length_m) {
  if (width_m < 1.3) return VehicleClass::motorcycle;
  if (length_m > 10.0) return VehicleClass::bus;
  if (length_m > 7.0 || width_m > 2.9) return VehicleClass::truck;
  return VehicleClass::car;
}
VehicleClass class_by_ratio(double width, double area) {
  if (width < 0.6 && area < 0.45) return VehicleClass::motorcycle;
  if (area > 4.0) return VehicleClass::bus;
  if (area > 2.3) return VehicleClass::truck;
  return VehicleClass::car;
}

std::vector<PictureDirection> directions_of(const CountingLine& line) {
  if (line.direction != PictureDirection::both) return {line.direction};
  const bool flat = std::abs(line.p2.x - line.p1.x) >= std::abs(line.p2.y - line.p1.y);
  if (flat) return {PictureDirection::down, PictureDirection::up};
  return {PictureDirection::right, PictureDirection::left};
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

}  // namespace

std::optional<Detection> detection_of(const LineEvent& event, const CameraConfig& camera) {
  CHORRAHA_EXPECT(event.line < camera.lines.size());
  const DetectorId& detector = camera.lines[event.line].detector;
  if (detector.empty()) return std::nullopt;
  Detection detection;
  detection.detector = detector;
  detection.at = event.at;
  detection.kind = Detection::Kind::crossing;
  detection.vehicle_class = event.vehicle_class;
  detection.speed_mps = event.speed_mps;
  detection.confidence = event.confidence;
  return detection;
}

struct CountingPipeline::Inside {
  struct Counter {
    std::size_t line = 0;
    vision::CountingLine counting;
    std::vector<cv::Size2d> sizes;  // of the last vehicles counted, at most 64
  };

  CameraConfig camera;
  double frame_s = 0.04;
  std::vector<Counter> counters;
  std::vector<std::uint64_t> counts;
  std::vector<std::pair<std::int64_t, Instant>> recent;  // stamps of the last pictures
  double first_time_s = 0;
  double last_time_s = 0;
  bool seen_any = false;

  [[nodiscard]] std::optional<Pixel> metres_at(Pixel at) const {
    if (camera.homography) {
      const auto& h = *camera.homography;
      const double w = h[6] * at.x + h[7] * at.y + h[8];
      if (std::abs(w) < std::numeric_limits<double>::epsilon()) return std::nullopt;
      return Pixel{(h[0] * at.x + h[1] * at.y + h[2]) / w, (h[3] * at.x + h[4] * at.y + h[5]) / w};
    }
    if (camera.metres_per_pixel)
      return Pixel{at.x * *camera.metres_per_pixel, at.y * *camera.metres_per_pixel};
    return std::nullopt;
  }

  // Metres on the road between two places of a patch; none without a scale.
  [[nodiscard]] std::optional<double> metres_between(const LinePatch& patch, cv::Point2d a,
                                                     cv::Point2d b) const {
    const auto from = metres_at(patch.in_picture(a.x, a.y));
    const auto to = metres_at(patch.in_picture(b.x, b.y));
    if (!from || !to) return std::nullopt;
    return std::hypot(to->x - from->x, to->y - from->y);
  }

  [[nodiscard]] std::optional<double> speed_of(const LinePatch& patch,
                                               const vision::Crossing& crossing) const {
    constexpr double span_s = 0.1;
    const cv::Point2d at(crossing.box.x + crossing.box.width / 2, LinePatch::line_row);
    const auto metres = metres_between(patch, at, at + crossing.velocity_px_per_s * span_s);
    if (!metres) return std::nullopt;
    return *metres / span_s;
  }

  [[nodiscard]] VehicleClass class_of(Counter& counter, cv::Rect2d box) const {
    constexpr double blur_px = 5.0;  // by which the detector's window makes a box larger
    box.width = std::max(1.0, box.width - blur_px);
    box.height = std::max(1.0, box.height - blur_px);
    const cv::Point2d on_line(box.x, LinePatch::line_row);
    const LinePatch& patch = counter.counting.patch();
    const auto width_m = metres_between(patch, on_line, on_line + cv::Point2d(box.width, 0));
    const auto length_m = metres_between(patch, on_line, on_line - cv::Point2d(0, box.height));
    if (width_m && length_m) return class_by_metres(*width_m, *length_m);

    constexpr std::size_t sizes_kept = 64;
    constexpr std::size_t sizes_needed = 5;
    auto& sizes = counter.sizes;
    sizes.push_back(box.size());
    if (sizes.size() > sizes_kept) sizes.erase(sizes.begin());
    if (sizes.size() < sizes_needed) return VehicleClass::car;
    std::vector<double> widths;
    std::vector<double> areas;
    for (const cv::Size2d& size : sizes) {
      widths.push_back(size.width);
      areas.push_back(size.area());
    }
    const auto middle = static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::ranges::nth_element(widths, widths.begin() + middle);
    std::ranges::nth_element(areas, areas.begin() + middle);
    return class_by_ratio(box.width / widths[sizes.size() / 2],
                          box.area() / areas[sizes.size() / 2]);
  }

  [[nodiscard]] Instant instant_of(std::int64_t frame) const {
    const auto found = std::ranges::find(recent, frame, &std::pair<std::int64_t, Instant>::first);
    return found == recent.end() ? recent.back().second : found->second;
  }

  void add(Counter& counter, const std::vector<vision::Crossing>& crossings,
           std::vector<LineEvent>& events) {
    for (const vision::Crossing& crossing : crossings) {
      LineEvent event;
      event.line = counter.line;
      event.frame = crossing.frame;
      event.time_s = crossing.time_s;
      event.at = instant_of(crossing.frame);
      event.vehicle_class = class_of(counter, crossing.box);
      event.speed_mps = speed_of(counter.counting.patch(), crossing);
      event.confidence = crossing.confidence;
      events.push_back(event);
      ++counts[counter.line];
    }
  }
};

CountingPipeline::CountingPipeline(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
CountingPipeline::CountingPipeline(CountingPipeline&&) noexcept = default;
CountingPipeline& CountingPipeline::operator=(CountingPipeline&&) noexcept = default;
CountingPipeline::~CountingPipeline() = default;

Result<CountingPipeline> CountingPipeline::make(const CameraConfig& camera, double fps) {
  auto inside = std::make_unique<Inside>();
  inside->camera = camera;
  if (fps > 0) inside->frame_s = 1.0 / fps;
  inside->counts.assign(camera.lines.size(), 0);
  for (std::size_t i = 0; i < camera.lines.size(); ++i) {
    for (const PictureDirection direction : directions_of(camera.lines[i])) {
      const cv::Size picture(camera.width, camera.height);
      const auto patch = LinePatch::make(camera.lines[i], direction, picture);
      if (!patch) return patch.error();
      auto detector = std::make_unique<vision::MotionDetector>();
      inside->counters.push_back(
          {i, vision::CountingLine(*patch, patch->visible(camera.mask), std::move(detector)), {}});
    }
  }
  return CountingPipeline(std::move(inside));
}

Done CountingPipeline::check(const Frame& frame) const {
  const CameraConfig& camera = inside_->camera;
  if (frame.width == camera.width && frame.height == camera.height) return {};
  return Fault{Reason::bad_input, "picture size", size_text(frame.width, frame.height),
               size_text(camera.width, camera.height) + " as the camera file says"};
}

std::vector<LineEvent> CountingPipeline::see(const Frame& frame) {
  CHORRAHA_EXPECT(check(frame).has_value());
  constexpr std::size_t stamps_kept = 128;  // more than the pictures that a line keeps back
  Inside& in = *inside_;
  if (!in.seen_any) in.first_time_s = frame.time_s;
  in.seen_any = true;
  in.last_time_s = frame.time_s;
  in.recent.emplace_back(frame.number, frame.captured);
  if (in.recent.size() > stamps_kept) in.recent.erase(in.recent.begin());

  const int type = frame.format == Frame::Format::grey8 ? CV_8UC1 : CV_8UC3;
  // OpenCV has no view of constant bytes; nothing below writes to it.
  const cv::Mat picture(frame.height, frame.width, type,
                        const_cast<std::uint8_t*>(frame.bytes->data()),
                        static_cast<std::size_t>(frame.stride_bytes));
  std::vector<LineEvent> events;
  for (auto& counter : in.counters) {
    const cv::Mat grey = counter.counting.patch().cut(picture);
    in.add(counter, counter.counting.see({frame.number, frame.time_s, grey}), events);
  }
  std::ranges::stable_sort(events, {}, &LineEvent::frame);
  return events;
}

std::vector<LineEvent> CountingPipeline::finish() {
  std::vector<LineEvent> events;
  for (auto& counter : inside_->counters) inside_->add(counter, counter.counting.finish(), events);
  std::ranges::stable_sort(events, {}, &LineEvent::frame);
  return events;
}

std::vector<VehicleOutline> CountingPipeline::outlines() const {
  std::vector<VehicleOutline> outlines;
  std::uint64_t counter_number = 0;
  for (const auto& counter : inside_->counters) {
    const LinePatch& patch = counter.counting.patch();
    for (const vision::Track& track : counter.counting.tracks()) {
      if (track.hits < 2) continue;
      VehicleOutline outline;
      outline.line = counter.line;
      outline.track = track.id * inside_->counters.size() + counter_number;
      const cv::Rect2d& box = track.box;
      outline.corners = {patch.in_picture(box.x, box.y), patch.in_picture(box.br().x, box.y),
                         patch.in_picture(box.br().x, box.br().y),
                         patch.in_picture(box.x, box.br().y)};
      outline.confidence = std::min(1.0, 0.5 + 0.05 * track.hits);
      outline.counted = track.counted;
      outlines.push_back(outline);
    }
    ++counter_number;
  }
  return outlines;
}

std::vector<LineFigures> CountingPipeline::figures() const {
  const Inside& in = *inside_;
  std::vector<LineFigures> figures(in.camera.lines.size());
  for (std::size_t i = 0; i < figures.size(); ++i) figures[i].count = in.counts[i];
  const double span_s = in.last_time_s - in.first_time_s;
  for (const auto& counter : in.counters) {
    LineFigures& line = figures[counter.line];
    line.occupied = line.occupied || counter.counting.occupied();
    if (span_s > 0)
      line.occupancy = std::min(1.0, line.occupancy + counter.counting.occupied_s() / span_s);
  }
  return figures;
}

}  // namespace chorraha
