#include "apps/count/drawing.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include "apps/count/overlay.hpp"
#include "traffic/expect.hpp"

namespace chorraha::count {

struct Drawing::Inside {
  cv::VideoWriter writer;
  std::vector<CountingLine> lines;
};

Drawing::Drawing(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Drawing::Drawing(Drawing&&) noexcept = default;
Drawing& Drawing::operator=(Drawing&&) noexcept = default;
Drawing::~Drawing() = default;

Result<Drawing> Drawing::open(const std::string& path, const CameraConfig& camera, double fps) {
  auto inside = std::make_unique<Inside>();
  inside->lines = camera.lines;
  bool opened = false;
  try {
    opened = inside->writer.open(path, cv::VideoWriter::fourcc('m', 'p', '4', 'v'), fps,
                                 cv::Size(camera.width, camera.height));
  } catch (const cv::Exception&) {
    opened = false;
  }
  if (!opened)
    return Fault{Reason::cannot_run, path, "cannot be written as video", "a path ending in .mp4"};
  return Drawing(std::move(inside));
}

void Drawing::add(const Frame& frame, const std::vector<LineFigures>& figures,
                  const std::vector<VehicleOutline>& outlines) {
  CHORRAHA_EXPECT(frame.format == Frame::Format::bgr24);
  const cv::Mat seen(frame.height, frame.width, CV_8UC3,
                     const_cast<std::uint8_t*>(frame.bytes->data()),
                     static_cast<std::size_t>(frame.stride_bytes));
  cv::Mat picture = seen.clone();
  draw_overlay(picture, inside_->lines, figures, outlines);
  inside_->writer.write(picture);
}

}  // namespace chorraha::count
