#include "apps/count/count.hpp"

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/painted_street.hpp"
#include "tests/support/places.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha::count {
namespace {

using nlohmann::json;
using test::PaintedStreet;
using test::PaintedVehicle;

constexpr const char* camera_text =
    R"({"width":320,"height":240,"lines":[
       {"name":"line","p1":[40,130],"p2":[280,130],"direction":"down","detector":"D1"}]})";
constexpr const char* truth_text =
    R"({"name":"painted","width":320,"height":240,"lines":[
       {"name":"line","p1":[40,130],"p2":[280,130],"direction":"down",
        "crossings":[[60,95],[110,145]],"optional":[]}]})";

struct Ran {
  int exit = -1;
  std::string out, err;
};

class Count : public testing::Test {
 protected:
  Count() {
    write("camera.json", camera_text);
    write("truth.json", truth_text);
    options_.video = folder_.file("street.avi");
    options_.camera = folder_.file("camera.json");
    options_.quiet = true;
  }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name), std::ios::binary) << text;
    return folder_.file(name);
  }

  // Two cars that cross the line at about 80 and 130.
  void film(int pictures = 180) {
    PaintedVehicle first;
    first.begins_s = 1.2;
    PaintedVehicle second = first;
    second.begins_s = 3.2;
    second.left_px = 170;
    PaintedStreet street({first, second});
    cv::VideoWriter writer(options_.video, cv::CAP_FFMPEG,
                           cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), PaintedStreet::fps,
                           cv::Size(PaintedStreet::width, PaintedStreet::height));
    for (int i = 0; i < pictures; ++i) {
      const Frame frame = street.picture(i);
      const cv::Mat grey(frame.height, frame.width, CV_8UC1,
                         const_cast<std::uint8_t*>(frame.bytes->data()));
      cv::Mat colour;
      cv::merge(std::vector<cv::Mat>{grey, grey, grey}, colour);
      writer.write(colour);
    }
  }

  Ran run() {
    std::ostringstream out;
    std::ostringstream err;
    const int exit = run_count(options_, out, err);
    return {exit, out.str(), err.str()};
  }

  test::ScratchFolder folder_;
  CountOptions options_;
};

TEST_F(Count, writes_exactly_one_object_with_every_field) {
  film();
  options_.json = "-";
  options_.truth = folder_.file("truth.json");

  const Ran ran = run();

  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.err, "");
  const json found = json::parse(ran.out);
  EXPECT_EQ(found["video"], options_.video);
  EXPECT_EQ(found["frames"], 180);
  EXPECT_EQ(found["fps"], 25.0);
  EXPECT_GE(found["cpu_s"].get<double>(), found["decode_cpu_s"].get<double>());
  const json& line = found["lines"].at(0);
  EXPECT_EQ(line["name"], "line");
  EXPECT_EQ(line["count"], 2);
  ASSERT_EQ(line["events"].size(), 2U);
  const json& event = line["events"][0];
  EXPECT_NEAR(event["frame"].get<double>(), 85, 25);
  EXPECT_NEAR(event["time_s"].get<double>(), event["frame"].get<double>() / 25.0, 1e-3);
  EXPECT_EQ(event["class"], "car");
  EXPECT_TRUE(event["speed_kmh"].is_null());
  EXPECT_TRUE(event["lane"].is_null());
  EXPECT_GT(event["confidence"].get<double>(), 0.0);
  EXPECT_GT(line["occupancy"].get<double>(), 0.0);
  EXPECT_TRUE(line["queue_max_m"].is_null());
  for (const char* key : {"dark", "blurred", "moved", "frozen"})
    EXPECT_EQ(found["health"][key], 0.0) << key;
  EXPECT_EQ(found["score"],
            (json{{"required", 2}, {"missed", 0}, {"false", 0}, {"event_error", 0.0}}));
}

TEST_F(Count, truth_alone_replaces_the_camera_and_table_and_file_agree) {
  film();
  options_.camera.clear();
  options_.truth = folder_.file("truth.json");
  options_.json = folder_.file("out.json");
  options_.draw = folder_.file("drawn.mp4");
  options_.quiet = false;

  const Ran ran = run();

  EXPECT_EQ(ran.exit, 0);
  EXPECT_NE(ran.out.find("event error 0.0%"), std::string::npos) << ran.out;
  std::ifstream file(options_.json);
  EXPECT_EQ(json::parse(file)["lines"][0]["count"], 2);
  const cv::VideoCapture drawn(options_.draw, cv::CAP_FFMPEG);
  EXPECT_EQ(drawn.get(cv::CAP_PROP_FRAME_COUNT), 180);
}

TEST_F(Count, without_truth_there_is_no_score) {
  film(40);
  options_.json = "-";

  EXPECT_FALSE(json::parse(run().out).contains("score"));
}

TEST_F(Count, warns_once_of_lines_without_detector) {
  film(40);
  options_.camera = write("plain.json", R"({"width":320,"height":240,"lines":[
      {"name":"line","p1":[40,130],"p2":[280,130],"direction":"down"}]})");

  const Ran ran = run();

  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.err, "warning: lines without detector are shown and drive nothing: line\n");
}

TEST_F(Count, refuses_bad_input_with_3_and_names_it) {
  film(30);
  const auto refused = [&](const CountOptions& options, const std::string& named) {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(run_count(options, out, err), 3) << named;
    EXPECT_NE(err.str().find(named), std::string::npos) << err.str();
    EXPECT_EQ(out.str(), "");
  };
  CountOptions missing = options_;
  missing.video = folder_.file("missing.mp4");
  CountOptions corrupt = options_;
  corrupt.video = write("corrupt.mp4", "no video");
  CountOptions unknown_key = options_;
  unknown_key.camera = write("key.json", R"({"width":320,"height":240,"colour":1,"lines":[
      {"name":"line","p1":[40,130],"p2":[280,130],"direction":"down"}]})");
  CountOptions other_size = options_;
  other_size.camera = write("size.json", R"({"width":640,"height":240,"lines":[
      {"name":"line","p1":[40,130],"p2":[280,130],"direction":"down"}]})");
  CountOptions other_lines = options_;
  other_lines.truth = write("lines.json", R"({"lines":[{"name":"elsewhere"}]})");

  refused(missing, "missing.mp4");
  refused(corrupt, "corrupt.mp4");
  refused(unknown_key, "colour");
  refused(other_size, "320x240");
  refused(other_lines, "elsewhere");
}

TEST_F(Count, answers_2_to_what_is_not_built_yet_and_to_a_missing_camera) {
  options_.model = "foreign.onnx";
  const Ran model = run();
  options_.model.clear();
  options_.camera.clear();

  EXPECT_EQ(model.exit, 2);
  EXPECT_NE(model.err.find("not built yet"), std::string::npos);
  EXPECT_EQ(run().exit, 2);
}

TEST_F(Count, answers_4_where_it_cannot_write) {
  film(30);
  options_.json = folder_.file("no/such/folder.json");

  EXPECT_EQ(run().exit, 4);
}

TEST_F(Count, stops_when_asked_and_keeps_what_it_has) {
  film(30);
  options_.json = "-";
  options_.stop_signal = [] { return SIGTERM; };

  const Ran ran = run();

  EXPECT_EQ(ran.exit, 143);
  EXPECT_EQ(json::parse(ran.out)["frames"], 0);
}

TEST_F(Count, holds_a_sane_bound_on_a_real_freeway) {
  const auto shared = test::shared_data();
  if (!shared) GTEST_SKIP() << "skipped: no shared data";
  const auto clip = *shared / "clips" / "tx_freeway720";
  if (!std::filesystem::exists(clip)) GTEST_SKIP() << "skipped: no shared data";
  options_.video = (clip / "video.mp4").string();
  options_.camera.clear();
  options_.truth = (clip / "truth.json").string();
  options_.json = "-";

  const json found = json::parse(run().out);

  EXPECT_EQ(found["frames"], 450);
  EXPECT_EQ(found["score"]["required"], 24);
  EXPECT_LE(found["score"]["event_error"].get<double>(), 0.15);
}

}  // namespace
}  // namespace chorraha::count
