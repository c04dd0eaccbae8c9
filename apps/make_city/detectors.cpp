#include "apps/make_city/detectors.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "apps/make_city/geometry.hpp"
#include "sim/virtual_camera.hpp"

namespace chorraha::make_city {
namespace {

constexpr double stop_line_loop_m = 5;
constexpr double upstream_loop_m = 80;
constexpr double loop_length_m = 2;
// A line is shorter than its lane is wide, so that a car in the next lane does not touch it.
constexpr double line_share_of_lane = 0.8;

struct Watch {
  const CameraDescription* camera = nullptr;
  std::size_t crossroads = 0;
  std::size_t arm = 0;
};

Result<Watch> watch_of(const CameraDescription& camera, const Layout& layout) {
  const auto named = [&](const Arm& arm, const std::string& street) {
    return layout.streets[arm.street].description.id == street;
  };
  for (std::size_t c = 0; c < layout.crossroads.size(); ++c) {
    const auto& arms = layout.crossroads[c].arms;
    const bool crosses =
        std::ranges::any_of(arms, [&](const Arm& arm) { return named(arm, camera.cross_street); });
    for (std::size_t a = 0; crosses && a < arms.size(); ++a) {
      if (named(arms[a], camera.street) && arms[a].compass == camera.towards)
        return Watch{&camera, c, a};
    }
  }
  return Fault{Reason::not_possible, "camera " + camera.id,
               fmt::format("{} x {} from {}", camera.street, camera.cross_street, camera.towards),
               "an approach of a crossroads"};
}

class Installer {
 public:
  Installer(const Layout& layout, Streets& streets) : layout_(layout), streets_(streets) {}

  Result<Detectors> install(const std::vector<CameraDescription>& cameras) {
    for (const CameraDescription& camera : cameras) {
      const Result<Watch> watch = watch_of(camera, layout_);
      if (!watch) return watch.error();
      watches_.push_back(*watch);
    }
    for (std::size_t c = 0; c < layout_.crossroads.size(); ++c) {
      for (std::size_t a = 0; a < layout_.crossroads[c].arms.size(); ++a) equip(c, a);
    }
    for (std::size_t i = 0; i < streets_.parts.crossings.size(); ++i) add_button(CrossingIndex{i});
    for (const Watch& watch : watches_) {
      if (const Done done = add_camera(watch); !done) return done.error();
    }
    return std::move(detectors_);
  }

 private:
  void equip(std::size_t c, std::size_t a) {
    const auto watched = std::ranges::find_if(
        watches_, [&](const Watch& watch) { return watch.crossroads == c && watch.arm == a; });
    for (const LaneIndex lane : streets_.arms[c][a].in) {
      LaneDetectors here;
      here.lane = lane;
      here.at_stop_line = watched == watches_.end()
                              ? add_loop(c, lane, stop_line_loop_m)
                              : add_line(c, lane, watched->camera->line_before_stop_line_m);
      if (lane_of(lane).length_m > upstream_loop_m + loop_length_m)
        here.upstream = add_loop(c, lane, upstream_loop_m);
      detectors_.lanes.push_back(here);
    }
  }

  [[nodiscard]] const Lane& lane_of(LaneIndex lane) const {
    return streets_.parts.lanes[lane.value()];
  }

  DetectorIndex add(Detector detector) {
    streets_.parts.detectors.push_back(std::move(detector));
    return DetectorIndex{streets_.parts.detectors.size() - 1};
  }

  DetectorIndex add_loop(std::size_t c, LaneIndex lane, double before_m) {
    Detector loop;
    loop.id = DetectorId{fmt::format("{}.{:.0f}m", lane_of(lane).id.text(), before_m)};
    loop.kind = Detector::Kind::presence;
    loop.lane = lane;
    loop.position_m = to_cm(lane_of(lane).length_m - before_m);
    loop.length_m = loop_length_m;
    loop.intersection = IntersectionIndex{c};
    return add(std::move(loop));
  }

  DetectorIndex add_line(std::size_t c, LaneIndex lane, double before_m) {
    Detector line;
    line.id = DetectorId{lane_of(lane).id.text() + ".camera"};
    line.kind = Detector::Kind::crossing;
    line.lane = lane;
    line.position_m = to_cm(lane_of(lane).length_m - before_m);
    line.camera = true;
    line.intersection = IntersectionIndex{c};
    return add(std::move(line));
  }

  void add_button(CrossingIndex crossing) {
    Detector button;
    const Crossing& walk = streets_.parts.crossings[crossing.value()];
    button.id = DetectorId{walk.id.text() + ".button"};
    button.kind = Detector::Kind::button;
    button.crossing = crossing;
    button.intersection = walk.intersection;
    detectors_.buttons.push_back(add(std::move(button)));
  }

  // On a mast over the approach's middle, behind the stop line, looking at who comes.
  [[nodiscard]] CameraPose pose_of(const Watch& watch) const {
    const Arm& arm = layout_.crossroads[watch.crossroads].arms[watch.arm];
    const auto& in = streets_.arms[watch.crossroads][watch.arm].in;
    const Point first = lane_of(in.front()).shape.back();
    const Point last = lane_of(in.back()).shape.back();
    const Point at = 0.5 * (first + last) - watch.camera->past_stop_line_m * arm.outward;
    CameraPose pose;
    pose.x_m = to_cm(at.x_m);
    pose.y_m = to_cm(at.y_m);
    pose.z_m = watch.camera->height_m;
    pose.yaw_deg = to_cm(std::atan2(arm.outward.y_m, arm.outward.x_m) * 180 / std::numbers::pi);
    pose.pitch_deg = watch.camera->pitch_deg;
    pose.focal_px = watch.camera->focal_px;
    return pose;
  }

  [[nodiscard]] Done add_camera(const Watch& watch) {
    const CameraDescription& described = *watch.camera;
    CameraConfig camera;
    camera.id = CameraId{described.id};
    camera.intersection = layout_.crossroads[watch.crossroads].id;
    camera.source = described.source;
    camera.show_pictures = true;
    camera.width = described.width_px;
    camera.height = described.height_px;
    const CameraPose pose = pose_of(watch);
    camera.pose = pose;
    for (const LaneIndex index : streets_.arms[watch.crossroads][watch.arm].in) {
      Result<CountingLine> line = line_across(lane_of(index), pose, described);
      if (!line) return line.error();
      camera.lines.push_back(*std::move(line));
    }
    detectors_.cameras.push_back(std::move(camera));
    return {};
  }

  static Result<CountingLine> line_across(const Lane& lane, const CameraPose& pose,
                                          const CameraDescription& described) {
    const double share = 1 - described.line_before_stop_line_m / lane.length_m;
    const Pose middle = pose_at(lane.shape, length_m(lane.shape) * share);
    const Point right = (line_share_of_lane / 2 * lane.width_m) *
                        right_of({std::cos(middle.heading_rad), std::sin(middle.heading_rad)});
    const PictureSize size{described.width_px, described.height_px};
    CountingLine line;
    line.name = fmt::format("lane {}", lane.number + 1);
    // The picture shows who comes: their right is on the left.
    for (const auto& [end, place] :
         {std::pair(&line.p1, middle.at + right), std::pair(&line.p2, middle.at - right)}) {
      const std::optional<Pixel> seen = project(pose, size, place);
      if (!seen || !inside(*seen, size)) {
        return Fault{Reason::not_possible, "camera " + described.id + " " + line.name,
                     seen ? fmt::format("[{:.0f}, {:.0f}]", seen->x, seen->y) : "behind it",
                     "inside its picture"};
      }
      *end = rounded(*seen);
    }
    line.direction = PictureDirection::down;
    line.detector = DetectorId{lane.id.text() + ".camera"};
    return line;
  }

  static bool inside(Pixel pixel, PictureSize size) {
    return pixel.x >= 0 && pixel.y >= 0 && pixel.x <= size.width && pixel.y <= size.height;
  }
  static Pixel rounded(Pixel pixel) {
    constexpr double per_px = 10;
    return {std::round(pixel.x * per_px) / per_px, std::round(pixel.y * per_px) / per_px};
  }

  const Layout& layout_;
  Streets& streets_;
  std::vector<Watch> watches_;
  Detectors detectors_;
};

}  // namespace

Result<Detectors> add_detectors(const Description& description, const Layout& layout,
                                Streets& streets) {
  return Installer(layout, streets).install(description.cameras);
}

}  // namespace chorraha::make_city
