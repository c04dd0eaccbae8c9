#include "formats/city/camera_file.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/places.hpp"

namespace chorraha {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* small = R"({"width":640,"height":360,
 "lines":[{"name":"exit","p1":[0,140],"p2":[300,140],"direction":"up"}]})";

Fault fault_of(const std::string& text) {
  const auto camera = read_camera_text(text, "cam.json");
  EXPECT_FALSE(camera) << text;
  return camera ? Fault{} : camera.error();
}

TEST(CameraFile, reads_the_smallest_camera) {
  const auto camera = read_camera_text(small, "cam.json");

  ASSERT_TRUE(camera) << camera.error().text();
  EXPECT_EQ(camera->width, 640);
  EXPECT_EQ(camera->height, 360);
  ASSERT_EQ(camera->lines.size(), 1U);
  EXPECT_EQ(camera->lines[0].name, "exit");
  EXPECT_EQ(camera->lines[0].p2, (Pixel{300, 140}));
  EXPECT_EQ(camera->lines[0].direction, PictureDirection::up);
  EXPECT_TRUE(camera->lines[0].detector.empty());
  EXPECT_FALSE(camera->show_pictures);
  EXPECT_FALSE(camera->pose.has_value());
}

TEST(CameraFile, writes_what_it_reads_back) {
  CameraConfig camera;
  camera.id = CameraId{"c1"};
  camera.intersection = "A1 \"x\"\n";
  camera.source = "http://127.0.0.1:8090/cameras/c1.mjpg";
  camera.show_pictures = true;
  camera.width = 960;
  camera.height = 540;
  camera.lines = {{"in 1", {10.25, 20}, {0.1, 300.3}, PictureDirection::left, DetectorId{"d1"}}};
  camera.areas = {{"", "lane", DetectorId{"d1"}, {{1, 2}, {3, 4}, {5, 6}}},
                  {"gate", "entry", {}, {{1, 2}, {3, 4}, {5.5, 6}}}};
  camera.mask = {{0, 0}, {960, 0}, {960, 50}};
  camera.metres_per_pixel = 0.05;
  camera.homography = std::array<double, 9>{1, 0, 0.1, 0, 1e-9, 3, 4, 5, 6};
  camera.pose = CameraPose{1.5, -2, 8, 45, -20.25, 900};

  const auto again = read_camera_text(camera_text(camera), "cam.json");

  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(camera_text(*again), camera_text(camera));
  EXPECT_EQ(again->intersection, camera.intersection);
  EXPECT_EQ(again->lines[0].p2, camera.lines[0].p2);
  EXPECT_EQ(again->homography, camera.homography);
  ASSERT_EQ(again->areas.size(), 2U);
  EXPECT_EQ(again->areas[1].name, "gate");
  EXPECT_EQ(again->pose.value_or(CameraPose{}).pitch_deg, -20.25);
}

TEST(CameraFile, names_an_unknown_key_with_file_and_line) {
  const Fault fault = fault_of("{\"width\":640,\n\"hight\":360,\"lines\":[]}");

  EXPECT_EQ(fault.reason, Reason::bad_input);
  EXPECT_EQ(fault.thing, "cam.json:2 hight");
  EXPECT_EQ(fault.seen, "an unknown key");
  EXPECT_THAT(fault.allowed, HasSubstr("height"));
}

TEST(CameraFile, names_a_missing_key) {
  std::string text = small;
  text.replace(text.find(R"("height":360,)"), 13, "");

  const Fault fault = fault_of(text);

  EXPECT_EQ(fault.thing, "cam.json:1 height");
  EXPECT_EQ(fault.seen, "nothing");
}

TEST(CameraFile, refuses_each_wrong_value_with_what_is_allowed) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = small;
    text.replace(text.find(from), from.size(), to);
    return fault_of(text);
  };
  EXPECT_EQ(with("640", "5").allowed, "a whole number, 16 to 16384");
  EXPECT_EQ(with("640", "640.5").seen, "640.5");
  EXPECT_EQ(with("640", "\"640\"").seen, "\"640\"");
  EXPECT_EQ(with("\"up\"", "\"upward\"").thing, "cam.json:2 lines[0].direction");
  EXPECT_EQ(with("\"up\"", "\"upward\"").allowed, "up, down, left, right, both");
  EXPECT_EQ(with("[300,140]", "[300]").allowed, "[x, y]");
  EXPECT_EQ(with("[300,140]", "[300,361]").allowed, "inside the picture of 640 x 360 pixels");
  EXPECT_EQ(with("[300,140]", "[0,140]").seen, "the same pixel as p1");
  EXPECT_EQ(with("\"name\":\"exit\",", "").seen, "nothing");
  EXPECT_EQ(with("\"lines\":[", "\"lines\":[3,").allowed, "a table");
}

TEST(CameraFile, refuses_two_lines_of_one_name) {
  const std::string line = R"({"name":"a","p1":[0,1],"p2":[3,4],"direction":"up"})";

  const Fault fault =
      fault_of("{\"width\":64,\"height\":36,\"lines\":[" + line + ",\n" + line + "]}");

  EXPECT_EQ(fault.thing, "cam.json:2 lines[1].name");
}

TEST(CameraFile, refuses_broken_json_with_its_line) {
  EXPECT_THAT(fault_of("{\n\"width\":640,\n]").thing, StartsWith("cam.json:3"));
  EXPECT_THAT(fault_of("").thing, StartsWith("cam.json:1"));
  EXPECT_THAT(fault_of("{\"width\":1,\n\"width\":2}").seen, HasSubstr("twice"));
  EXPECT_THAT(fault_of(std::string(1000, '[')).seen, HasSubstr("levels"));
  EXPECT_THAT(fault_of("[1]").allowed, "a table");
}

TEST(CameraFile, says_which_file_is_not_there) {
  const auto camera = read_camera("/nowhere/cam.json");

  ASSERT_FALSE(camera);
  EXPECT_EQ(camera.error().thing, "/nowhere/cam.json");
}

TEST(CameraFile, a_truth_file_serves_as_camera_and_its_answers_are_not_read) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "chorraha_truth_test.json";
  std::ofstream(path) <<
      R"({"name":"x","width":640,"height":360,"frames":9,"lines":[
      {"name":"exit","p1":[0,140],"p2":[300,140],"direction":"up","crossings":[[1,2]],"note":"n"}]})";

  const auto camera = read_truth_as_camera(path);
  const auto strict = read_camera(path);

  ASSERT_TRUE(camera) << camera.error().text();
  EXPECT_EQ(camera->lines[0].name, "exit");
  EXPECT_FALSE(strict);
  std::filesystem::remove(path);
}

TEST(CameraFile, reads_the_truth_of_every_shared_clip) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";
  const std::filesystem::path clips = *shared / "clips";
  if (!std::filesystem::is_directory(clips)) GTEST_SKIP() << "skipped: no shared data";

  int read = 0;
  for (const auto& clip : std::filesystem::directory_iterator(clips)) {
    if (!std::filesystem::exists(clip.path() / "truth.json")) continue;
    const auto camera = read_truth_as_camera(clip.path() / "truth.json");
    ASSERT_TRUE(camera) << camera.error().text();
    EXPECT_FALSE(camera->lines.empty());
    ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace chorraha
