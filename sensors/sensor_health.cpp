#include "sensors/sensor_health.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace chorraha {
namespace {

constexpr double look_every_s = 1.0;
constexpr std::size_t most_looks = 60;
constexpr int look_width_px = 64;
constexpr int bright_grey = 40;
constexpr double bright_share_min = 0.02;
constexpr double sharpness_floor = 6.0;
constexpr double sharpness_share_min = 0.4;
constexpr double correlation_min = 0.4;
constexpr int looks_to_believe = 3;
constexpr float reference_gain = 0.05F;  // still edges gather over about 20 looks
constexpr std::size_t most_frame_times = 1000;
constexpr double rate_window_s = 2.0;

cv::Mat grey_of(const Frame& frame) {
  const int type = frame.format == Frame::Format::grey8 ? CV_8UC1 : CV_8UC3;
  // OpenCV has no view of constant bytes; nothing below writes to it.
  const cv::Mat view(frame.height, frame.width, type,
                     const_cast<std::uint8_t*>(frame.bytes->data()),
                     static_cast<std::size_t>(frame.stride_bytes));
  cv::Mat small;
  const int height = std::max(8, look_width_px * frame.height / std::max(1, frame.width));
  cv::resize(view, small, cv::Size(look_width_px, height), 0, 0, cv::INTER_AREA);
  if (small.channels() == 3) cv::cvtColor(small, small, cv::COLOR_BGR2GRAY);
  return small;
}

// FNV-1a over every 16th byte and the size: equal pictures are equal here, others all but never.
std::uint64_t fingerprint_of(const Frame& frame) {
  std::uint64_t sum = 14695981039346656037ULL;
  for (std::size_t i = 0; i < frame.bytes->size(); i += 16) {
    sum ^= (*frame.bytes)[i];
    sum *= 1099511628211ULL;
  }
  return sum;
}

std::vector<float> edges_of(const cv::Mat& grey) {
  cv::Mat across;
  cv::Mat down;
  cv::Sobel(grey, across, CV_32F, 1, 0);
  cv::Sobel(grey, down, CV_32F, 0, 1);
  cv::Mat size;
  cv::magnitude(across, down, size);
  return {size.begin<float>(), size.end<float>()};
}

double percentile_99(std::vector<float> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 99 / 100);
  std::ranges::nth_element(values, at);
  return *at;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const cv::Mat left(a);
  const cv::Mat right(b);
  cv::Mat mean_left;
  cv::Mat spread_left;
  cv::Mat mean_right;
  cv::Mat spread_right;
  cv::meanStdDev(left, mean_left, spread_left);
  cv::meanStdDev(right, mean_right, spread_right);
  const double spread = spread_left.at<double>(0) * spread_right.at<double>(0);
  if (spread < 1e-6) return 1.0;  // a picture without edges has not moved, it is blurred
  const double product = left.dot(right) / static_cast<double>(a.size());
  return (product - mean_left.at<double>(0) * mean_right.at<double>(0)) / spread;
}

}  // namespace

SensorHealth::SensorHealth(CameraId camera) : camera_(std::move(camera)) {}

void SensorHealth::see(const Frame& frame) {
  frame_times_s_.push_back(frame.time_s);
  while (frame_times_s_.size() > most_frame_times ||
         frame_times_s_.front() < frame.time_s - rate_window_s)
    frame_times_s_.pop_front();
  if (seen_any_ && frame.time_s < next_look_s_) return;
  looks_.push_back(judge(frame));
  if (looks_.size() > most_looks) looks_.pop_front();
  next_look_s_ = frame.time_s + look_every_s;
  seen_any_ = true;
}

SensorHealth::Look SensorHealth::judge(const Frame& frame) {
  Look look;
  const std::uint64_t fingerprint = fingerprint_of(frame);
  look.frozen = seen_any_ && fingerprint == last_fingerprint_;
  last_fingerprint_ = fingerprint;

  const cv::Mat grey = grey_of(frame);
  const double bright = cv::countNonZero(grey > bright_grey);
  look.dark = bright < bright_share_min * static_cast<double>(grey.total());
  if (look.dark) return look;

  const std::vector<float> edges = edges_of(grey);
  const double sharpness = percentile_99(edges);
  sharpest_ = std::max(sharpest_, sharpness);
  look.blurred = sharpness < std::max(sharpness_floor, sharpness_share_min * sharpest_);
  if (!look.blurred) look.moved = has_moved(edges);
  return look;
}

bool SensorHealth::has_moved(const std::vector<float>& edges) {
  if (reference_edges_.size() != edges.size()) {
    reference_edges_ = edges;
    return false;
  }
  if (correlation(edges, reference_edges_) >= correlation_min) {
    looks_elsewhere_ = 0;
    for (std::size_t i = 0; i < edges.size(); ++i)
      reference_edges_[i] += reference_gain * (edges[i] - reference_edges_[i]);
    return false;
  }
  ++looks_elsewhere_;
  if (looks_elsewhere_ >= static_cast<int>(most_looks)) {
    reference_edges_ = edges;
    looks_elsewhere_ = 0;
    return false;
  }
  return looks_elsewhere_ >= looks_to_believe;
}

CameraHealth SensorHealth::report(Instant at) const {
  CameraHealth health;
  health.camera = camera_;
  health.at = at;
  if (frame_times_s_.size() > 1) {
    const double span_s = frame_times_s_.back() - frame_times_s_.front();
    if (span_s > 0) health.frames_per_s = static_cast<double>(frame_times_s_.size() - 1) / span_s;
  }
  if (looks_.empty()) return health;
  const auto share = [&](bool Look::* what) {
    return static_cast<double>(std::ranges::count(looks_, true, what)) /
           static_cast<double>(looks_.size());
  };
  health.dark = share(&Look::dark);
  health.blurred = share(&Look::blurred);
  health.moved = share(&Look::moved);
  health.frozen = share(&Look::frozen);
  return health;
}

}  // namespace chorraha
