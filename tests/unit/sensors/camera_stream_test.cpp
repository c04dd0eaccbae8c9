#include "sensors/camera_stream.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

using test::ScratchFolder;

cv::Mat picture(int grey) {
  return cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(grey));
}

std::string video_of(const ScratchFolder& folder, int frames) {
  const std::string path = folder.file("street.avi");
  cv::VideoWriter writer(path, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10,
                         cv::Size(64, 48));
  for (int i = 0; i < frames; ++i) writer.write(picture(10 * i));
  return path;
}

TEST(FrameSource, reads_a_video_in_order_and_ends_without_a_fault) {
  const ScratchFolder folder;
  auto source = open_frame_source(video_of(folder, 5), {CameraId{"C"}, {}}).value();

  for (int i = 0; i < 5; ++i) {
    const Frame frame = source->next().value().value();
    EXPECT_EQ(frame.number, i);
    EXPECT_DOUBLE_EQ(frame.time_s, i / 10.0);
    EXPECT_EQ(frame.camera, CameraId{"C"});
    EXPECT_EQ(frame.format, Frame::Format::bgr24);
    ASSERT_EQ(frame.bytes->size(), 64U * 48U * 3U);
    EXPECT_NEAR((*frame.bytes)[0], 10 * i, 4);
  }

  EXPECT_EQ(source->next().value(), std::nullopt);
  EXPECT_FALSE(source->live());
  EXPECT_EQ(source->frames_promised(), 5);
}

TEST(FrameSource, keeps_a_frame_while_the_stream_goes_on) {
  const ScratchFolder folder;
  auto source = open_frame_source(video_of(folder, 6), {}).value();
  const Frame first = source->next().value().value();
  const auto before = *first.bytes;

  for (int i = 0; i < 5; ++i) EXPECT_TRUE(source->next().value().has_value());

  EXPECT_EQ(*first.bytes, before);
}

TEST(FrameSource, stamps_frames_with_the_clock_it_is_given) {
  const ScratchFolder folder;
  const Instant noon{Milliseconds{1'700'000'000'000}};
  auto source = open_frame_source(video_of(folder, 1), {{}, [&] { return noon; }}).value();

  EXPECT_EQ(source->next().value().value().captured, noon);
}

TEST(FrameSource, reads_a_folder_of_pictures_by_name) {
  const ScratchFolder folder;
  cv::imwrite(folder.file("b.png"), picture(200));
  cv::imwrite(folder.file("a.PNG"), picture(100));
  std::ofstream(folder.file("notes.txt")) << "not a picture";
  auto source = open_frame_source(folder.path().string(), {}).value();

  EXPECT_EQ((*source->next().value().value().bytes)[0], 100);
  EXPECT_EQ((*source->next().value().value().bytes)[0], 200);
  EXPECT_EQ(source->next().value(), std::nullopt);
}

TEST(FrameSource, names_a_picture_that_cannot_be_read_or_has_another_size) {
  const ScratchFolder folder;
  cv::imwrite(folder.file("a.png"), picture(100));
  cv::imwrite(folder.file("b.png"), cv::Mat(10, 20, CV_8UC3, cv::Scalar::all(0)));
  auto sizes = open_frame_source(folder.path().string(), {}).value();
  const ScratchFolder broken;
  std::ofstream(broken.file("a.png")) << "not a picture";
  auto unreadable = open_frame_source(broken.path().string(), {}).value();

  EXPECT_TRUE(sizes->next());
  const auto other = sizes->next();
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().seen, "20x10");
  const auto none = unreadable->next();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, Reason::bad_input);
  EXPECT_EQ(none.error().thing, broken.file("a.png"));
}

TEST(OpenFrameSource, names_what_it_cannot_read) {
  const ScratchFolder folder;
  std::ofstream(folder.file("text.mp4")) << "this is no video";
  std::ofstream(folder.file("empty.mp4")) << "";
  for (const std::string& path :
       {folder.file("missing.mp4"), folder.file("text.mp4"), folder.file("empty.mp4"),
        folder.path().string(), std::string("concat:a|b"), std::string("ftp://x/y.mp4")}) {
    const auto source = open_frame_source(path, {});

    ASSERT_FALSE(source) << path;
    EXPECT_EQ(source.error().reason, Reason::bad_input) << path;
    EXPECT_EQ(source.error().thing, path);
    EXPECT_NE(source.error().allowed.find("video"), std::string::npos);
  }
}

TEST(OpenFrameSource, a_video_cut_short_gives_what_it_has) {
  const ScratchFolder folder;
  const std::string path = video_of(folder, 20);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) * 6 / 10);

  auto source = open_frame_source(path, {});

  ASSERT_TRUE(source);
  int frames = 0;
  while (true) {
    const auto frame = (*source)->next();
    if (!frame || !frame->has_value()) break;
    ++frames;
  }
  EXPECT_GT(frames, 0);
  EXPECT_LT(frames, 20);
}

TEST(OpenFrameSource, a_live_source_that_is_not_there_is_lost) {
  const auto stream = open_frame_source("http://127.0.0.1:9/none.mjpg", {});
  const auto device = open_frame_source("/dev/video977", {});

  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().reason, Reason::lost);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().reason, Reason::lost);
}

}  // namespace
}  // namespace chorraha
