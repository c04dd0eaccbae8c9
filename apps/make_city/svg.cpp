#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "apps/make_city/make_city.hpp"

namespace chorraha::make_city {
namespace {

/// Draws in metres, y up, on the colours of a dim map.
class Drawing {
 public:
  explicit Drawing(const City& city) : city_(city) {
    for (const Lane& lane : city.network.lanes()) {
      for (const Point point : lane.shape) {
        least_ = {std::min(least_.x_m, point.x_m), std::min(least_.y_m, point.y_m)};
        most_ = {std::max(most_.x_m, point.x_m), std::max(most_.y_m, point.y_m)};
      }
    }
  }

  std::string draw() {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{:.0f} {:.0f} {:.0f} {:.0f}\">\n"
        "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"100%\" height=\"100%\" fill=\"#1f2327\"/>\n",
        least_.x_m, -most_.y_m, most_.x_m - least_.x_m, most_.y_m - least_.y_m, least_.x_m,
        -most_.y_m);
    for (const MapArea& area : city_.background) {
      shape("polygon", area.polygon,
            area.kind == MapArea::Kind::river ? "fill=\"#28323a\"" : "fill=\"#242b29\"");
    }
    for (const Lane& lane : city_.network.lanes()) {
      const LinkClass link_class = city_.link_classes[lane.link.value()];
      const char* colour = link_class == LinkClass::arterial    ? "#525c66"
                           : link_class == LinkClass::collector ? "#454e57"
                                                                : "#3a424a";
      line(lane.shape, colour, lane.width_m - 0.3);
    }
    for (const Junction& junction : city_.network.junctions())
      shape("polygon", junction.outline, "fill=\"#4a535c\"");
    for (const Crossing& crossing : city_.network.crossings())
      line(crossing.shape, "#9aa3ab\" stroke-opacity=\"0.5", crossing.width_m * 0.8);
    for (const Movement& movement : city_.network.movements())
      line(movement.shape, movement.turn == Turn::left ? "#d9a548" : "#8ab8e0", 0.3);
    for (const Detector& detector : city_.network.detectors()) draw_detector(detector);
    for (const Junction& junction : city_.network.junctions()) draw_name(junction);
    for (const CameraConfig& camera : city_.cameras) {
      if (!camera.pose) continue;
      text_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"#ff6b5e\"/>\n",
                           camera.pose->x_m, -camera.pose->y_m);
    }
    return text_ + "</svg>\n";
  }

 private:
  void shape(const char* kind, const Polyline& points, const std::string& style) {
    text_ += fmt::format("<{} points=\"", kind);
    for (const Point point : points) text_ += fmt::format("{},{} ", point.x_m, -point.y_m);
    text_ += fmt::format("\" {}/>\n", style);
  }
  void line(const Polyline& points, const char* colour, double width_m) {
    shape("polyline", points,
          fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", colour, width_m));
  }
  void draw_detector(const Detector& detector) {
    if (!detector.lane.valid()) return;
    const Pose pose = pose_at(city_.network.lane(detector.lane).shape, detector.position_m);
    text_ += fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"0.9\" fill=\"{}\"/>\n",
                         pose.at.x_m, -pose.at.y_m, detector.camera ? "#ff6b5e" : "#58b98a");
  }
  void draw_name(const Junction& junction) {
    text_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"18\" fill=\"#e6e9ec\">{} {}</text>\n",
                         junction.centre.x_m + 14, -junction.centre.y_m - 14, junction.id.text(),
                         junction.name);
  }

  const City& city_;
  std::string text_;
  Point least_{1e9, 1e9};
  Point most_{-1e9, -1e9};
};

}  // namespace

std::string svg_of(const City& city) {
  return Drawing(city).draw();
}

}  // namespace chorraha::make_city
