#include "vision/background.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "traffic/expect.hpp"

namespace chorraha::vision {
namespace {

constexpr std::array<double, 3> time_constant_s{1.5, 3.0, 60.0};  // by Cover
constexpr float step_max_grey = 24.0F;  // per time constant: a median's patience with outliers
constexpr int shake_max_px = 2;
constexpr int shake_stride_px = 3;
constexpr double shake_gain_min = 0.08;  // a shift must explain this share of the difference

double difference_at(const cv::Mat& grey, const cv::Mat& background, const cv::Mat& cover,
                     cv::Point shift) {
  std::int64_t sum = 0;
  std::int64_t count = 0;
  for (int y = shake_max_px; y < grey.rows - shake_max_px; y += shake_stride_px) {
    const auto* seen = grey.ptr<std::uint8_t>(y + shift.y);
    const auto* known = background.ptr<std::uint8_t>(y);
    const auto* covered = cover.ptr<std::uint8_t>(y);
    for (int x = shake_max_px; x < grey.cols - shake_max_px; x += shake_stride_px) {
      if (covered[x] != 0) continue;
      sum += std::min(std::abs(seen[x + shift.x] - known[x]), 40);
      ++count;
    }
  }
  return count == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(count);
}

}  // namespace

void Background::start(const std::vector<cv::Mat>& pictures) {
  CHORRAHA_EXPECT(!pictures.empty());
  const cv::Mat& first = pictures.front();
  level_.create(first.size(), CV_32FC1);
  std::vector<std::uint8_t> seen(pictures.size());
  const auto middle = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2);
  for (int y = 0; y < first.rows; ++y) {
    for (int x = 0; x < first.cols; ++x) {
      for (std::size_t i = 0; i < pictures.size(); ++i)
        seen[i] = pictures[i].ptr<std::uint8_t>(y)[x];
      std::ranges::nth_element(seen, middle);
      level_.ptr<float>(y)[x] = *middle;
    }
  }
  level_.convertTo(grey_, CV_8U);
}

void Background::learn(const cv::Mat& grey, const cv::Mat& cover, double step_s) {
  std::array<float, 3> gain{};
  for (std::size_t i = 0; i < gain.size(); ++i)
    gain[i] = static_cast<float>(1.0 - std::exp(-std::max(0.0, step_s) / time_constant_s[i]));
  for (int y = 0; y < grey.rows; ++y) {
    const auto* seen = grey.ptr<std::uint8_t>(y);
    const auto* covered = cover.ptr<std::uint8_t>(y);
    auto* level = level_.ptr<float>(y);
    for (int x = 0; x < grey.cols; ++x) {
      const float off =
          std::clamp(static_cast<float>(seen[x]) - level[x], -step_max_grey, step_max_grey);
      level[x] += gain[covered[x]] * off;
    }
  }
  level_.convertTo(grey_, CV_8U);
}

cv::Mat steadied(const cv::Mat& grey, const cv::Mat& background, const cv::Mat& cover) {
  const double still = difference_at(grey, background, cover, {0, 0});
  double best = still;
  cv::Point shift(0, 0);
  for (int dy = -shake_max_px; dy <= shake_max_px; ++dy) {
    for (int dx = -shake_max_px; dx <= shake_max_px; ++dx) {
      const double here = difference_at(grey, background, cover, {dx, dy});
      if (here < best) std::tie(best, shift) = std::pair(here, cv::Point(dx, dy));
    }
  }
  if (shift == cv::Point(0, 0) || best > (1.0 - shake_gain_min) * still) return grey;
  const cv::Matx23d back(1, 0, shift.x, 0, 1, shift.y);
  cv::Mat moved;
  cv::warpAffine(grey, moved, back, grey.size(), cv::INTER_NEAREST | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return moved;
}

}  // namespace chorraha::vision
