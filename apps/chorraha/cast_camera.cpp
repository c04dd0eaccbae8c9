#include "apps/chorraha/cast_camera.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/common/places.hpp"
#include "formats/city/camera_file.hpp"
#include "formats/city/city_check.hpp"
#include "sensors/camera_stream.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

ChildProgram camera_program(const RunSetting& setting, const fs::path& file,
                            const std::string& source) {
  return {"camera",
          program_folder() / "chorraha-camera",
          {"--camera", file.string(), "--var", setting.var.string(), "--centre", setting.centre,
           "--publish", setting.feed, "--source", source, "--clock-offset-ms",
           setting.clock_offset_ms}};
}

/// A URL may come up later, a file or device that is not there will not.
Done video_is_there(const std::string& video) {
  std::error_code unreadable;
  if (video.find("://") != std::string::npos || fs::exists(video, unreadable)) return {};
  return Fault{Reason::bad_input, "--video " + video, unreadable ? unreadable.message() : "nothing",
               "a file, device or folder of pictures that is there, or a URL"};
}

/// A file or folder that holds no pictures today holds none tomorrow; what is live may come up.
Done video_has_pictures(const std::string& video) {
  if (is_live_source(video)) return {};
  const auto source = open_frame_source(video, {});
  if (source) return {};
  Fault fault = source.error();
  fault.thing = "--video " + fault.thing;
  return fault;
}

Result<CameraConfig> camera_of(const RunOptions& options) {
  if (const Done there = video_is_there(options.video); !there) return there.error();
  Result<CameraConfig> camera = read_camera(options.camera);
  if (!camera) return camera;
  if (camera->id.empty())
    return Fault{Reason::bad_input, options.camera + " id", "none", "an id, as in camera-ID.key"};
  for (const CountingLine& line : camera->lines) {
    if (line.detector.empty() && options.headless_check) {
      return Fault{Reason::not_built_yet, options.camera + " line " + line.name, "no detector",
                   "a detector of the network (--headless-check)"};
    }
  }
  return camera;
}

bool uses_cameras(const IntersectionConfig& config) {
  return std::ranges::any_of(config.detectors(), [](const DetectorUse& use) {
    return use.input == DetectorUse::Input::camera;
  });
}

bool drives_something(const CameraConfig& camera) {
  return std::ranges::any_of(camera.lines,
                             [](const CountingLine& line) { return !line.detector.empty(); });
}

/// Who listens to a camera of --video: whom its file names, else whom the city names, else the one
/// intersection that has room for it; nobody if it drives nothing. CAMERA_ID[@INTERSECTION]=FEED.
Result<std::string> listener_of(const CameraConfig& camera, const std::string& file,
                                const City& city, const std::string& feed) {
  const std::string id = camera.id.text();
  if (!camera.intersection.empty()) {
    if (city.network.find(IntersectionId{camera.intersection}).valid())
      return id + "@" + camera.intersection + "=" + feed;
    return Fault{Reason::bad_input, file + " intersection", camera.intersection,
                 "an intersection of the city"};
  }
  const bool known =
      std::ranges::find(city.cameras, camera.id, &CameraConfig::id) != city.cameras.end();
  const auto rooms = std::ranges::count_if(city.intersections, uses_cameras);
  if (known || rooms == 1) return id + "=" + feed;
  if (!drives_something(camera)) return std::string();
  return Fault{Reason::not_built_yet, file + " intersection", "none",
               fmt::format("the id of the intersection it counts for: {} of the city's have "
                           "detectors of cameras",
                           rooms)};
}

}  // namespace

Result<std::optional<CameraRole>> cast_camera(const RunOptions& options, const RunSetting& setting,
                                              const City& city) {
  if (!options.video.empty()) {
    const Result<CameraConfig> camera = camera_of(options);
    if (!camera) return camera.error();
    const Result<std::string> listener = listener_of(*camera, options.camera, city, setting.feed);
    if (!listener) return listener.error();
    if (const Done counts = city::check_against_network(*camera, city.network, options.camera);
        !counts)
      return counts.error();
    if (const Done pictures = video_has_pictures(options.video); !pictures) return pictures.error();
    return std::optional(
        CameraRole{camera->id, *listener,
                   camera_program(setting, fs::absolute(options.camera), options.video)});
  }
  // One camera process; a city with more cameras starts theirs beside it.
  if (city.cameras.empty()) return std::optional<CameraRole>{};
  const CameraConfig& camera = city.cameras.front();
  const std::string id = camera.id.text();
  const std::string rendered =
      fmt::format("http://127.0.0.1:{}/cameras/{}.mjpg", setting.pictures, id);
  const fs::path file = setting.city_folder / "cameras" / (file_stem(id) + ".json");
  return std::optional(
      CameraRole{camera.id, id + "=" + setting.feed,
                 camera_program(setting, file, camera.pose ? rendered : camera.source)});
}

}  // namespace chorraha
