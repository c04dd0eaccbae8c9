#include "apps/camera/jpeg.hpp"

#include <algorithm>
#include <cstdint>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "traffic/expect.hpp"

namespace chorraha::camera {
namespace {
constexpr int quality = 80;
constexpr int width_max_px = 1920;
}  // namespace

double jpeg_scale(int width_px) {
  return std::min(1.0, static_cast<double>(width_max_px) / std::max(1, width_px));
}

std::vector<std::byte> jpeg_of(const Frame& frame) {
  const int type = frame.format == Frame::Format::grey8 ? CV_8UC1 : CV_8UC3;
  // OpenCV has no view of constant bytes; nothing below writes to it.
  cv::Mat picture(frame.height, frame.width, type, const_cast<std::uint8_t*>(frame.bytes->data()),
                  static_cast<std::size_t>(frame.stride_bytes));
  const double scale = jpeg_scale(frame.width);
  if (scale < 1.0) {
    cv::Mat smaller;
    cv::resize(picture, smaller, cv::Size(), scale, scale, cv::INTER_AREA);
    picture = smaller;
  }
  std::vector<std::uint8_t> encoded;
  CHORRAHA_EXPECT(cv::imencode(".jpg", picture, encoded, {cv::IMWRITE_JPEG_QUALITY, quality}));
  std::vector<std::byte> bytes(encoded.size());
  std::ranges::transform(encoded, bytes.begin(), [](std::uint8_t b) { return std::byte{b}; });
  return bytes;
}

}  // namespace chorraha::camera
