// The one file that includes OpenCV videoio.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "sensors/frame_buffers.hpp"
#include "sensors/sources.hpp"

namespace chorraha::sensors {
namespace {

constexpr int open_timeout_ms = 3000;
constexpr int read_timeout_ms = 2000;

// FFmpeg and OpenCV write to standard error on their own; people read our faults instead. Must
// happen before the first capture of the process.
void quieten_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);  // NOLINT(concurrency-mt-unsafe): once, at the start
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);  // parallel by camera, not within a picture
  });
}

class VideoStream final : public FrameSource {
 public:
  VideoStream(std::string source, SourceOptions options, const cv::VideoCapture& capture)
      : source_(std::move(source)),
        options_(std::move(options)),
        live_(is_live_source(source_)),
        capture_(capture) {
    const double stated = capture_.get(cv::CAP_PROP_FPS);
    if (std::isfinite(stated) && stated >= 1.0 && stated <= 1000.0) fps_ = stated;
    const double promised = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    if (!live_ && std::isfinite(promised) && promised > 0 && promised < 1e12)
      promised_ = static_cast<std::int64_t>(promised);
  }

  Result<std::optional<Frame>> next() override {
    // Read in place: the picture goes from the decoder into a buffer of the pool, once.
    auto bytes = buffers_.take(row_bytes() * static_cast<std::size_t>(height_));
    cv::Mat picture;
    if (height_ > 0) picture = cv::Mat(height_, width_, CV_8UC3, bytes->data(), row_bytes());
    try {
      if (!capture_.read(picture) || picture.empty()) return end();
    } catch (const cv::Exception& trouble) {
      return Fault{live_ ? Reason::lost : Reason::bad_input, source_, trouble.err,
                   "pictures that can be decoded"};
    }
    if (picture.type() != CV_8UC3)
      return Fault{Reason::bad_input, source_, "pictures that are not 8-bit colour",
                   "8-bit colour"};
    if (picture.data != bytes->data()) bytes = copied(picture);
    return std::optional<Frame>(frame_of(std::move(bytes)));
  }

  [[nodiscard]] double fps() const override { return fps_; }
  [[nodiscard]] bool live() const override { return live_; }
  [[nodiscard]] std::int64_t frames_promised() const override { return promised_; }

 private:
  Result<std::optional<Frame>> end() {
    if (live_) return Fault{Reason::lost, source_, "no picture", "one picture every 2 s at least"};
    if (number_ == 0)
      return Fault{Reason::bad_input, source_, "no picture that can be decoded", allowed_sources};
    return std::optional<Frame>{};
  }

  [[nodiscard]] std::size_t row_bytes() const { return static_cast<std::size_t>(width_) * 3; }

  // The first picture, and any whose size differs from the one before.
  std::shared_ptr<FrameBuffers::Bytes> copied(const cv::Mat& picture) {
    width_ = picture.cols;
    height_ = picture.rows;
    auto bytes = buffers_.take(row_bytes() * static_cast<std::size_t>(height_));
    cv::Mat copy(height_, width_, CV_8UC3, bytes->data(), row_bytes());
    picture.copyTo(copy);
    return bytes;
  }

  Frame frame_of(std::shared_ptr<FrameBuffers::Bytes> bytes) {
    Frame frame;
    frame.camera = options_.camera;
    frame.number = number_++;
    frame.width = width_;
    frame.height = height_;
    frame.stride_bytes = width_ * 3;
    frame.format = Frame::Format::bgr24;
    frame.bytes = std::move(bytes);
    stamp(frame);
    return frame;
  }

  void stamp(Frame& frame) {
    frame.time_s = static_cast<double>(frame.number) / fps_;
    frame.captured = options_.now ? options_.now() : instant_of(frame.time_s);
    if (!live_ || !options_.now) return;
    if (!first_captured_) first_captured_ = frame.captured;
    frame.time_s = to_seconds(frame.captured - *first_captured_);
  }

  std::string source_;
  SourceOptions options_;
  bool live_;
  cv::VideoCapture capture_;
  int width_ = 0;  // of the last picture
  int height_ = 0;
  FrameBuffers buffers_;
  double fps_ = default_fps;
  std::int64_t promised_ = 0;
  std::int64_t number_ = 0;
  std::optional<Instant> first_captured_;
};

bool open_capture(cv::VideoCapture& capture, const std::string& source) {
  if (source.starts_with("/dev/video")) return capture.open(source, cv::CAP_V4L2);
  const std::vector<int> deadlines({cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms,
                                    cv::CAP_PROP_READ_TIMEOUT_MSEC, read_timeout_ms});
  return capture.open(source, cv::CAP_FFMPEG, deadlines);
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_video(const std::string& source, SourceOptions options) {
  quieten_libraries();
  const bool live = is_live_source(source);
  std::string target = source;
  if (!live) {
    // An absolute path: the library behind would read a bare "concat:a" as a protocol.
    std::error_code trouble;
    target = std::filesystem::absolute(source, trouble).string();
    if (trouble) return Fault{Reason::bad_input, source, trouble.message(), allowed_sources};
  }
  cv::VideoCapture capture;
  bool opened = false;
  try {
    opened = open_capture(capture, target);
  } catch (const cv::Exception&) {
    opened = false;
  }
  if (!opened) {
    if (live) return Fault{Reason::lost, source, "no answer", "a stream that opens within 3 s"};
    return Fault{Reason::bad_input, source, "not a video that can be decoded", allowed_sources};
  }
  return std::unique_ptr<FrameSource>(
      std::make_unique<VideoStream>(source, std::move(options), capture));
}

}  // namespace chorraha::sensors
