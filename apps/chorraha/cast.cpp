#include "apps/chorraha/cast.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include <boost/process/args.hpp>
#include <boost/process/io.hpp>
#include <boost/process/system.hpp>
#include <fmt/format.h>

#include "apps/common/http_get.hpp"
#include "apps/common/places.hpp"
#include "formats/city/camera_file.hpp"
#include "formats/city/city_folder.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
namespace process = boost::process;
using namespace std::chrono_literals;

constexpr auto demo_begins_at = 7h + 30min;
constexpr std::uint16_t devices_port = 5570;
constexpr std::uint16_t pictures_port = 8090;
constexpr std::uint16_t feed_port = 5600;

/// What the arguments of all programs are made of.
struct Setting {
  fs::path city_folder;
  fs::path var;
  std::string centre;  // tcp://127.0.0.1:PORT
  std::uint16_t pictures = 0;
  std::string feed;  // of the camera's detections
  std::string clock_offset_ms;
  std::optional<fs::path> camera_file;  // of --video
};

Milliseconds offset_to_the_demo(const City& city) {
  const Instant now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  const auto zone = offset_at(city.zone, now);
  const auto today = std::chrono::floor<std::chrono::days>(now + zone);
  return Instant{today} + demo_begins_at - zone - now;
}

Done make_keys(const City& city, const std::vector<std::string>& cameras, Setting& setting,
               std::vector<std::string>& steps) {
  const KeyStore store(setting.var / "keys");
  std::vector<std::string> names{key_name(DeviceRole::centre), key_name(DeviceRole::street)};
  for (const IntersectionConfig& config : city.intersections)
    names.push_back(key_name(DeviceRole::controller, config.id().text()));
  for (const std::string& camera : cameras) names.push_back(key_name(DeviceRole::camera, camera));
  int made = 0;
  for (const std::string& name : names) {
    const Result<bool> one = store.make(name);
    if (!one) return one.error();
    if (*one) ++made;
  }
  if (made > 0) steps.push_back(fmt::format("made {} keys in {}", made, store.folder().string()));
  return {};
}

Done accept_on_first_use(const Setting& setting, std::vector<std::string>& steps) {
  std::error_code ignored;
  if (fs::exists(setting.var / "monitor", ignored)) return {};
  const fs::path program = program_folder() / "chorraha-monitor";
  process::ipstream complaint;
  const std::vector<std::string> arguments{"accept", setting.city_folder.string(), "--var",
                                           setting.var.string()};
  std::error_code failed;
  const int code =
      process::system(program.string(), process::args(arguments), process::std_out > process::null,
                      process::std_err > complaint, failed);
  if (failed)
    return Fault{Reason::cannot_run, program.string(), failed.message(), "a program that starts"};
  std::string line;
  std::getline(complaint, line);
  if (code != 0)
    return Fault{code == 3 ? Reason::bad_input : Reason::cannot_run,
                 line.empty() ? program.string() + " accept" : line,
                 {},
                 {}};
  steps.push_back("the monitor accepted the configuration of " +
                  setting.city_folder.filename().string());
  return {};
}

ChildProgram child(const std::string& name, const std::string& program,
                   std::vector<std::string> arguments) {
  return {name, program_folder() / program, std::move(arguments)};
}

std::uint16_t near_port(std::uint16_t wanted) {
  constexpr int tries = 200;
  for (int i = 0; i < tries; ++i) {
    const auto port = static_cast<std::uint16_t>(wanted + i);
    if (port_is_free(port)) return port;
  }
  return wanted;  // whoever binds it says what is wrong
}

void cast_field(const Setting& setting, const std::vector<std::string>& cameras,
                std::vector<ChildProgram>& programs) {
  const std::string city = setting.city_folder.string();
  const std::string var = setting.var.string();
  programs.push_back(
      child("street", "chorraha",
            {"street", "--city", city, "--var", var, "--centre", setting.centre, "--camera-port",
             std::to_string(setting.pictures), "--clock-offset-ms", setting.clock_offset_ms}));
  programs.push_back(child("monitor", "chorraha-monitor", {"run", city, "--var", var}));
  std::vector<std::string> controller{"--city",
                                      city,
                                      "--var",
                                      var,
                                      "--centre",
                                      setting.centre,
                                      "--clock-offset-ms",
                                      setting.clock_offset_ms};
  for (const std::string& camera : cameras) {
    controller.emplace_back("--camera-feed");
    controller.push_back(camera + "=" + setting.feed);
  }
  programs.push_back(child("controller", "chorraha-controller", std::move(controller)));
}

std::vector<std::string> camera_arguments(const Setting& setting, const fs::path& file,
                                          const std::string& source) {
  return {"--camera",
          file.string(),
          "--var",
          setting.var.string(),
          "--centre",
          setting.centre,
          "--publish",
          setting.feed,
          "--source",
          source,
          "--clock-offset-ms",
          setting.clock_offset_ms};
}

/// A URL may come up later, a file or device that is not there will not.
Done video_is_there(const std::string& video) {
  std::error_code unreadable;
  if (video.find("://") != std::string::npos || fs::exists(video, unreadable)) return {};
  return Fault{Reason::bad_input, "--video " + video, unreadable ? unreadable.message() : "nothing",
               "a file, device or folder of pictures that is there, or a URL"};
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

}  // namespace

Result<Cast> cast_for(const RunOptions& options) {
  if (options.video.empty() != options.camera.empty()) {
    return Fault{Reason::not_built_yet, "--video and --camera",
                 options.video.empty() ? "only --camera" : "only --video", "both or neither"};
  }
  if (!options.scenario.empty())
    return Fault{Reason::not_built_yet, "--scenario in real time", "not built yet",
                 "chorraha simulate --street sumo"};
  Setting setting;
  setting.city_folder = fs::absolute(options.city.empty() ? demo_city() : fs::path(options.city));
  setting.var = fs::absolute(options.var.empty() ? default_var() : fs::path(options.var));
  const Result<City> city = read_city(setting.city_folder);
  if (!city) return city.error();
  std::error_code failed;
  fs::create_directories(setting.var / "run", failed);
  if (failed)
    return Fault{Reason::cannot_run, setting.var.string(), failed.message(),
                 "a folder that can be written"};
  fs::permissions(setting.var / "run", fs::perms::owner_all, failed);
  setting.centre = fmt::format("tcp://127.0.0.1:{}", near_port(devices_port));
  setting.pictures = near_port(pictures_port);
  setting.feed = fmt::format("tcp://127.0.0.1:{}", near_port(feed_port));
  setting.clock_offset_ms = std::to_string(offset_to_the_demo(*city).count());

  Cast cast{setting.var, {}, {}};
  std::vector<std::string> cameras;
  std::vector<std::string> centre{"--city",
                                  setting.city_folder.string(),
                                  "--var",
                                  setting.var.string(),
                                  "--listen",
                                  setting.centre,
                                  "--port",
                                  std::to_string(options.port),
                                  "--clock-offset-ms",
                                  setting.clock_offset_ms};
  std::vector<ChildProgram> camera_programs;
  if (!options.video.empty()) {
    const Result<CameraConfig> camera = camera_of(options);
    if (!camera) return camera.error();
    cameras.push_back(camera->id.text());
    centre.insert(centre.end(), {"--camera", fs::absolute(options.camera).string()});
    camera_programs.push_back(
        child("camera", "chorraha-camera",
              camera_arguments(setting, fs::absolute(options.camera), options.video)));
  } else {
    for (const CameraConfig& camera : city->cameras) {
      cameras.push_back(camera.id.text());
      const std::string source =
          fmt::format("http://127.0.0.1:{}/cameras/{}.mjpg", setting.pictures, camera.id.text());
      const fs::path file =
          setting.city_folder / "cameras" / (file_stem(camera.id.text()) + ".json");
      camera_programs.push_back(
          child("camera", "chorraha-camera",
                camera_arguments(setting, file, camera.pose ? source : camera.source)));
      break;  // one camera process; a city with more cameras starts theirs beside it
    }
  }
  if (Done made = make_keys(*city, cameras, setting, cast.steps); !made) return made.error();
  if (Done accepted = accept_on_first_use(setting, cast.steps); !accepted) return accepted.error();
  cast.programs.push_back(child("centre", "chorraha-centre", std::move(centre)));
  cast_field(setting, cameras, cast.programs);
  for (ChildProgram& program : camera_programs) cast.programs.push_back(std::move(program));
  return cast;
}

}  // namespace chorraha
