#include "apps/camera/camera_work.hpp"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/painted_street.hpp"

namespace chorraha::camera {
namespace {

using test::PaintedStreet;
using test::PaintedVehicle;

CameraConfig camera_file() {
  CameraConfig camera;
  camera.id = CameraId{"K1"};
  camera.width = PaintedStreet::width;
  camera.height = PaintedStreet::height;
  camera.lines.push_back({"in", {40, 130}, {280, 130}, PictureDirection::down, DetectorId{"D1"}});
  camera.lines.push_back({"silent", {40, 110}, {280, 110}, PictureDirection::down, {}});
  return camera;
}

PaintedStreet street_with_one_car() {
  PaintedVehicle car;
  car.begins_s = 1.2;
  return PaintedStreet({car});
}

std::vector<Detection> play(CameraWork& work, std::uint64_t opening) {
  PaintedStreet street = street_with_one_car();
  std::vector<Detection> detections;
  for (int i = 0; i < 110; ++i) {
    const auto outcome = work.see({street.picture(i), opening, PaintedStreet::fps});
    EXPECT_FALSE(outcome.fault);
    detections.insert(detections.end(), outcome.detections.begin(), outcome.detections.end());
  }
  return detections;
}

TEST(CameraWork, sends_detections_of_lines_that_have_a_detector_only) {
  CameraWork work(camera_file());

  const std::vector<Detection> detections = play(work, 1);

  ASSERT_EQ(detections.size(), 1U);
  EXPECT_EQ(detections[0].detector, DetectorId{"D1"});
  EXPECT_EQ(detections[0].kind, Detection::Kind::crossing);
}

TEST(CameraWork, counts_go_on_when_the_source_is_opened_again) {
  CameraWork work(camera_file());
  play(work, 1);
  play(work, 2);

  PaintedStreet street = street_with_one_car();
  const Picture picture = work.picture({street.picture(0), 2, PaintedStreet::fps});

  ASSERT_EQ(picture.counts.size(), 2U);
  EXPECT_EQ(picture.counts[0], (LineCount{"in", 2}));
  EXPECT_EQ(picture.counts[1], (LineCount{"silent", 2}));
}

TEST(CameraWork, draws_nothing_into_the_picture_and_sends_boxes_beside_it) {
  CameraWork work(camera_file());
  PaintedStreet street = street_with_one_car();
  Shot shot;
  for (int i = 0; i < 62; ++i) {
    shot = {street.picture(i), 1, PaintedStreet::fps};
    static_cast<void>(work.see(shot));
  }

  const Picture picture = work.picture(shot);

  EXPECT_EQ(picture.camera, CameraId{"K1"});
  EXPECT_EQ(picture.frame, 61U);
  ASSERT_FALSE(picture.boxes.empty());
  EXPECT_NEAR(picture.boxes[0].x_px, 100, 20);
  EXPECT_NEAR(picture.boxes[0].width_px, 36, 24);
  const std::vector<std::uint8_t> bytes(
      reinterpret_cast<const std::uint8_t*>(picture.jpeg.data()),
      reinterpret_cast<const std::uint8_t*>(picture.jpeg.data()) + picture.jpeg.size());
  const cv::Mat shown = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
  const cv::Mat seen(shot.frame.height, shot.frame.width, CV_8UC1,
                     const_cast<std::uint8_t*>(shot.frame.bytes->data()));
  ASSERT_EQ(shown.size(), seen.size());
  EXPECT_LT(cv::norm(shown, seen, cv::NORM_L1) / static_cast<double>(seen.total()), 4.0);
}

TEST(CameraWork, says_once_that_pictures_do_not_fit_the_camera_file) {
  CameraConfig camera = camera_file();
  camera.width = 640;
  CameraWork work(camera);
  PaintedStreet street({});

  const auto first = work.see({street.picture(0), 1, 25});
  const auto second = work.see({street.picture(1), 1, 25});

  ASSERT_TRUE(first.fault);
  EXPECT_EQ(first.fault->seen, "320x240");
  EXPECT_FALSE(second.fault);
}

}  // namespace
}  // namespace chorraha::camera
