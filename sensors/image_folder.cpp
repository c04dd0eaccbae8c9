#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "sensors/frame_buffers.hpp"
#include "sensors/sources.hpp"

namespace chorraha::sensors {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 4> endings{".jpg", ".jpeg", ".png", ".bmp"};
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(endings, ending) != endings.end();
}

class ImageFolder final : public FrameSource {
 public:
  ImageFolder(std::vector<fs::path> pictures, SourceOptions options)
      : pictures_(std::move(pictures)), options_(std::move(options)) {}

  Result<std::optional<Frame>> next() override {
    if (number_ == pictures_.size()) return std::optional<Frame>{};
    const fs::path& path = pictures_[number_];
    cv::Mat picture;
    try {
      picture = cv::imread(path.string(), cv::IMREAD_COLOR);
    } catch (const cv::Exception&) {
      picture.release();
    }
    if (picture.empty())
      return Fault{Reason::bad_input, path.string(), "not a picture that can be decoded",
                   "JPEG, PNG or BMP"};
    Frame frame = frame_of(picture);
    if (width_ == 0) std::tie(width_, height_) = std::pair(frame.width, frame.height);
    if (frame.width != width_ || frame.height != height_)
      return Fault{Reason::bad_input, path.string(), size_text(frame.width, frame.height),
                   size_text(width_, height_) + " as the first picture of the folder"};
    return std::optional<Frame>(std::move(frame));
  }

  [[nodiscard]] double fps() const override { return default_fps; }
  [[nodiscard]] bool live() const override { return false; }
  [[nodiscard]] std::int64_t frames_promised() const override {
    return static_cast<std::int64_t>(pictures_.size());
  }

 private:
  static std::string size_text(int width, int height) {
    return std::to_string(width) + "x" + std::to_string(height);
  }

  Frame frame_of(const cv::Mat& picture) {
    Frame frame;
    frame.camera = options_.camera;
    frame.number = static_cast<std::int64_t>(number_++);
    frame.width = picture.cols;
    frame.height = picture.rows;
    frame.stride_bytes = picture.cols * 3;
    const auto row_bytes = static_cast<std::size_t>(frame.stride_bytes);
    auto bytes = buffers_.take(row_bytes * static_cast<std::size_t>(picture.rows));
    cv::Mat copy(picture.rows, picture.cols, CV_8UC3, bytes->data(), row_bytes);
    picture.copyTo(copy);
    frame.bytes = std::move(bytes);
    frame.time_s = static_cast<double>(frame.number) / default_fps;
    frame.captured = options_.now ? options_.now() : instant_of(frame.time_s);
    return frame;
  }

  std::vector<fs::path> pictures_;
  SourceOptions options_;
  FrameBuffers buffers_;
  std::size_t number_ = 0;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_image_folder(const std::string& folder,
                                                       SourceOptions options) {
  std::vector<fs::path> pictures;
  std::error_code trouble;
  for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    if (is_picture(entry->path())) pictures.push_back(entry->path());
  }
  if (trouble) return Fault{Reason::bad_input, folder, trouble.message(), allowed_sources};
  if (pictures.empty())
    return Fault{Reason::bad_input, folder, "a folder without pictures", allowed_sources};
  std::ranges::sort(pictures);
  return std::unique_ptr<FrameSource>(
      std::make_unique<ImageFolder>(std::move(pictures), std::move(options)));
}

}  // namespace chorraha::sensors
