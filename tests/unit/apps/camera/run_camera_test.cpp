#include "apps/camera/run_camera.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include "messaging/link/centre_link.hpp"
#include "messaging/link/detection_feed.hpp"
#include "messaging/link/keys.hpp"
#include "tests/support/painted_street.hpp"
#include "tests/support/quiet_log.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha::camera {
namespace {

using test::PaintedStreet;
using test::PaintedVehicle;

constexpr const char* camera_text =
    R"({"id":"K1","intersection":"X1","show_pictures":true,"width":320,"height":240,"lines":[
       {"name":"in","p1":[40,130],"p2":[280,130],"direction":"down","detector":"D1"}]})";

class RunCamera : public testing::Test {
 protected:
  RunCamera() {
    write("K1.json", camera_text);
    options_.camera_file = folder_.file("K1.json");
    options_.var = folder_.path().string();
    options_.centre = "tcp://127.0.0.1:9";
    options_.source = folder_.file("street.avi");
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.file(name), std::ios::binary) << text;
  }
  void make_keys() const {
    for (const char* name : {"centre", "camera-K1", "controller-X1"}) ASSERT_TRUE(keys_.make(name));
  }

  // A car that crosses the line 2 s after the begin.
  void film() const {
    PaintedVehicle car;
    car.begins_s = 1.2;
    PaintedStreet street({car});
    cv::VideoWriter writer(options_.source, cv::CAP_FFMPEG,
                           cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), PaintedStreet::fps,
                           cv::Size(PaintedStreet::width, PaintedStreet::height));
    for (int i = 0; i < 110; ++i) {
      const Frame frame = street.picture(i);
      const cv::Mat grey(frame.height, frame.width, CV_8UC1,
                         const_cast<std::uint8_t*>(frame.bytes->data()));
      cv::Mat colour;
      cv::merge(std::vector<cv::Mat>{grey, grey, grey}, colour);
      writer.write(colour);
    }
  }

  test::ScratchFolder folder_;
  KeyStore keys_{folder_.path() / "keys"};
  CameraOptions options_;
  test::QuietLog log_;
};

TEST_F(RunCamera, does_not_start_without_its_key) {
  EXPECT_EQ(run_camera(options_, log_, {}), 4);
  EXPECT_TRUE(log_.has("camera-K1.key"));
}

TEST_F(RunCamera, refuses_a_camera_file_that_is_wrong) {
  write("K1.json", R"({"id":"K1","width":320,"height":240,"colour":1,"lines":[]})");
  EXPECT_EQ(run_camera(options_, log_, {}), 3);
  EXPECT_TRUE(log_.has("colour"));

  write("K1.json", R"({"width":320,"height":240,"lines":[
      {"name":"in","p1":[40,130],"p2":[280,130],"direction":"down"}]})");
  EXPECT_EQ(run_camera(options_, log_, {}), 3);
  EXPECT_TRUE(log_.has("the camera's id"));
}

TEST_F(RunCamera, needs_a_source) {
  options_.source.clear();

  EXPECT_EQ(run_camera(options_, log_, {}), 2);
}

// The centre and the controller of the test, on this thread; the program on another.
TEST_F(RunCamera, tells_centre_and_controller_what_crossed_and_shows_a_picture_when_asked) {
  make_keys();
  film();
  boost::asio::io_context io;
  LinkContext context(io.get_executor(), {});
  std::vector<Detection> at_centre;
  std::vector<Detection> at_controller;
  std::optional<CameraHealth> health;
  std::optional<Picture> picture;
  const LinkClocks clocks{[] { return Tick{}; }, [] { return Instant{}; }};
  CentreLink::Handlers heard;
  heard.received = [&](const Peer&, const Message& message) {
    if (const auto* batch = std::get_if<Detections>(&message))
      at_centre.insert(at_centre.end(), batch->detections.begin(), batch->detections.end());
    if (const auto* report = std::get_if<CameraHealth>(&message)) health = *report;
    if (const auto* shown = std::get_if<Picture>(&message)) picture = *shown;
  };
  auto centre = CentreLink::open(context, {"tcp://127.0.0.1:0", keys_.folder()}, clocks, heard);
  ASSERT_TRUE(centre) << centre.error().text();
  options_.centre = (*centre)->endpoint();
  const std::jthread program(
      [&](const std::stop_token& stop) { EXPECT_EQ(run_camera(options_, log_, stop), 0); });
  std::unique_ptr<DetectionSubscriber> controller;
  const auto listen = [&] {
    std::ifstream told(folder_.path() / "run" / "camera-K1.endpoint");
    std::string endpoint;
    if (controller || !std::getline(told, endpoint)) return;
    auto opened = DetectionSubscriber::open(
        context, {endpoint, keys_.folder(), "controller-X1", "camera-K1"},
        {[&](const std::vector<Detection>& batch) {
           at_controller.insert(at_controller.end(), batch.begin(), batch.end());
         },
         {}});
    ASSERT_TRUE(opened) << opened.error().text();
    controller = std::move(*opened);
  };

  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  const auto done = [&] {
    return !at_centre.empty() && !at_controller.empty() && health && health->streaming && picture;
  };
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    listen();
    if (health && !picture)
      static_cast<void>((*centre)->send("camera-K1", PictureWanted{CameraId{"K1"}, 5}));
    io.restart();
    io.run_for(std::chrono::milliseconds{100});
  }

  ASSERT_TRUE(done());
  EXPECT_EQ(at_centre[0].detector, DetectorId{"D1"});
  EXPECT_EQ(at_controller[0].detector, DetectorId{"D1"});
  EXPECT_EQ(health->camera, CameraId{"K1"});
  EXPECT_GT(picture->jpeg.size(), 1000U);
  EXPECT_EQ(picture->counts.at(0).line, "in");
}

}  // namespace
}  // namespace chorraha::camera
