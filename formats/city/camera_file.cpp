#include "formats/city/camera_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/city/json_text.hpp"
#include "formats/city/table.hpp"

namespace chorraha {
namespace {

using city::Node;
using city::Reading;
using city::Table;

constexpr std::int64_t side_min_px = 16;
constexpr std::int64_t side_max_px = 16384;
constexpr double metres_max = 1e7;

enum class Extent { camera, truth };

class CameraReader {
 public:
  CameraReader(Table& file, Extent extent) : file_(file), extent_(extent) {}

  CameraConfig read() {
    camera_.width = static_cast<int>(file_.integer("width", side_min_px, side_max_px));
    camera_.height = static_cast<int>(file_.integer("height", side_min_px, side_max_px));
    file_.each("lines", [this](Table& table) { read_line(table); });
    if (extent_ == Extent::truth) {
      (void)file_.whole();
      return std::move(camera_);
    }
    camera_.id = CameraId{file_.text_or("id", "")};
    camera_.intersection = file_.text_or("intersection", "");
    camera_.source = file_.text_or("source", "");
    camera_.show_pictures = file_.flag_or("show_pictures", false);
    file_.each_if_any("lanes", [this](Table& table) {
      camera_.areas.push_back({.name = "",
                               .role = "lane",
                               .detector = DetectorId{table.text("detector")},
                               .polygon = pixels(table, "polygon")});
    });
    file_.each_if_any("zones", [this](Table& table) { read_zone(table); });
    if (file_.has("mask")) camera_.mask = pixels(file_, "mask");
    if (file_.has("metres_per_pixel"))
      camera_.metres_per_pixel = file_.number("metres_per_pixel", {1e-6, 1e3});
    if (file_.has("homography")) read_homography();
    if (file_.has("pose")) file_.table("pose", [this](Table& table) { read_pose(table); });
    return std::move(camera_);
  }

 private:
  void check_inside(Table& table, const char* key, Pixel pixel) {
    if (!file_.has("width") || !file_.has("height")) return;  // said apart
    if (pixel.x >= 0 && pixel.y >= 0 && pixel.x <= camera_.width && pixel.y <= camera_.height)
      return;
    table.refuse(
        key, fmt::format("[{}, {}]", pixel.x, pixel.y),
        fmt::format("inside the picture of {} x {} pixels", camera_.width, camera_.height));
  }

  Pixel pixel(Table& table, const char* key) {
    const Point point = table.point(key);
    const Pixel pixel{point.x_m, point.y_m};
    check_inside(table, key, pixel);
    return pixel;
  }

  std::vector<Pixel> pixels(Table& table, const char* key) {
    std::vector<Pixel> all;
    for (const Point point : table.polyline(key, 3)) {
      all.push_back({point.x_m, point.y_m});
      check_inside(table, key, all.back());
    }
    return all;
  }

  void read_line(Table& table) {
    CountingLine line;
    line.name = table.text("name");
    line.p1 = pixel(table, "p1");
    line.p2 = pixel(table, "p2");
    line.direction =
        table.word("direction", picture_direction_named, "up, down, left, right, both");
    if (extent_ == Extent::camera) {
      line.detector = DetectorId{table.text_or("detector", "")};
    } else {
      (void)table.whole();
    }
    if (table.has("name") && (line.name.empty() || !names_.insert(line.name).second))
      table.refuse("name", '"' + line.name + "\" empty or twice", "each name once");
    if (table.has("p1") && table.has("p2") && line.p1 == line.p2)
      table.refuse("p2", "the same pixel as p1", "another pixel: a line has a length");
    camera_.lines.push_back(std::move(line));
  }

  void read_zone(Table& table) {
    PictureArea area;
    area.name = table.text("name");
    area.role = table.text("role");
    if (table.has("role") && area.role != "entry" && area.role != "exit")
      table.refuse("role", '"' + area.role + '"', "entry, exit");
    area.polygon = pixels(table, "polygon");
    camera_.areas.push_back(std::move(area));
  }

  void read_homography() {
    const Node* rows = file_.value("homography");
    std::vector<double> numbers;
    for (const Node& row : rows->items) {
      for (const Node& item : row.items) {
        if (item.kind == Node::Kind::number || item.kind == Node::Kind::integer)
          numbers.push_back(item.number);
      }
    }
    std::array<double, 9> matrix{};
    if (rows->items.size() != 3 || numbers.size() != matrix.size() ||
        rows->items[0].items.size() != 3 || rows->items[1].items.size() != 3) {
      file_.refuse("homography", rows->shown(), "3 rows of 3 numbers");
      return;
    }
    std::ranges::copy(numbers, matrix.begin());
    camera_.homography = matrix;
  }

  void read_pose(Table& table) {
    CameraPose pose;
    pose.x_m = table.number("x_m", {-metres_max, metres_max});
    pose.y_m = table.number("y_m", {-metres_max, metres_max});
    pose.z_m = table.number("z_m", {0.1, 1000});
    pose.yaw_deg = table.number("yaw_deg", {-360, 360});
    pose.pitch_deg = table.number("pitch_deg", {-90, 90});
    pose.focal_px = table.number("focal_px", {1, 1e6});
    camera_.pose = pose;
  }

  Table& file_;
  Extent extent_;
  CameraConfig camera_;
  std::set<std::string> names_;
};

Result<CameraConfig> read_as(std::string_view text, const std::string& file, Extent extent) {
  const Result<Node> node = city::parse_json(text, file);
  if (!node) return node.error();
  Reading reading(file);
  CameraConfig camera;
  {
    Table table(reading, *node, "");
    camera = CameraReader(table, extent).read();
  }
  if (const Done done = reading.done(); !done) return done.error();
  return camera;
}

std::string pixel_text(Pixel pixel) {
  return city::json_point({pixel.x, pixel.y});
}

std::string polygon_text(const std::vector<Pixel>& polygon) {
  Polyline line;
  for (const Pixel pixel : polygon) line.push_back({pixel.x, pixel.y});
  return city::json_points(line);
}

std::string line_text(const CountingLine& line) {
  return city::JsonObject()
      .text("name", line.name)
      .raw("p1", pixel_text(line.p1))
      .raw("p2", pixel_text(line.p2))
      .text("direction", name_of(line.direction))
      .text_if_any("detector", line.detector.text())
      .done();
}

std::string pose_text(const CameraPose& pose) {
  return city::JsonObject()
      .number("x_m", pose.x_m)
      .number("y_m", pose.y_m)
      .number("z_m", pose.z_m)
      .number("yaw_deg", pose.yaw_deg)
      .number("pitch_deg", pose.pitch_deg)
      .number("focal_px", pose.focal_px)
      .done();
}

}  // namespace

Result<CameraConfig> read_camera_text(std::string_view text, const std::string& file) {
  return read_as(text, file, Extent::camera);
}

Result<CameraConfig> read_camera(const std::filesystem::path& path) {
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  return read_as(*text, path.string(), Extent::camera);
}

Result<CameraConfig> read_truth_as_camera(const std::filesystem::path& path) {
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  return read_as(*text, path.string(), Extent::truth);
}

std::string camera_text(const CameraConfig& camera) {
  std::vector<std::string> lines, lanes, zones;
  for (const CountingLine& line : camera.lines) lines.push_back(line_text(line));
  for (const PictureArea& area : camera.areas) {
    const std::string polygon = polygon_text(area.polygon);
    if (area.role == "lane") {
      lanes.push_back(
          city::JsonObject().text("detector", area.detector.text()).raw("polygon", polygon).done());
    } else {
      zones.push_back(city::JsonObject()
                          .text("name", area.name)
                          .text("role", area.role)
                          .raw("polygon", polygon)
                          .done());
    }
  }
  std::vector<std::string> fields;
  const auto field = [&fields](std::string_view key, const std::string& json) {
    fields.push_back(city::json_text(key) + ": " + json);
  };
  if (!camera.id.empty()) field("id", city::json_text(camera.id.text()));
  if (!camera.intersection.empty()) field("intersection", city::json_text(camera.intersection));
  if (!camera.source.empty()) field("source", city::json_text(camera.source));
  if (camera.show_pictures) field("show_pictures", "true");
  field("width", std::to_string(camera.width));
  field("height", std::to_string(camera.height));
  if (camera.pose) field("pose", pose_text(*camera.pose));
  field("lines", city::json_lines(lines, 2));
  if (!lanes.empty()) field("lanes", city::json_lines(lanes, 2));
  if (!zones.empty()) field("zones", city::json_lines(zones, 2));
  if (!camera.mask.empty()) field("mask", polygon_text(camera.mask));
  if (camera.metres_per_pixel)
    field("metres_per_pixel", city::json_number(*camera.metres_per_pixel));
  if (camera.homography) {
    const auto& h = *camera.homography;
    field("homography", fmt::format("[[{},{},{}],[{},{},{}],[{},{},{}]]", h[0], h[1], h[2], h[3],
                                    h[4], h[5], h[6], h[7], h[8]));
  }
  std::string text = "{";
  for (const std::string& line : fields) text += (text.size() > 1 ? ",\n " : "\n ") + line;
  return text + "\n}\n";
}

}  // namespace chorraha
