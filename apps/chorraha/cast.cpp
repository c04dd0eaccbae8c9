#include "apps/chorraha/cast.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include <boost/process/args.hpp>
#include <boost/process/io.hpp>
#include <boost/process/system.hpp>
#include <fmt/format.h>

#include "apps/chorraha/cast_camera.hpp"
#include "apps/common/http_get.hpp"
#include "apps/common/places.hpp"
#include "apps/keys/device_keys.hpp"
#include "apps/monitor/monitor_files.hpp"
#include "apps/scenario/scenario_city.hpp"
#include "formats/city/city_folder.hpp"
#include "sim/sumo/sumo_street.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
namespace process = boost::process;
using namespace std::chrono_literals;

constexpr auto demo_begins_at = 7h + 30min;
constexpr std::uint16_t devices_port = 5570;
constexpr std::uint16_t pictures_port = 8090;
constexpr std::uint16_t feed_port = 5600;

Instant wall_clock() {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Milliseconds offset_to_the_demo(const City& city) {
  const Instant now = wall_clock();
  const auto zone = offset_at(city.zone, now);
  const auto today = std::chrono::floor<std::chrono::days>(now + zone);
  return Instant{today} + demo_begins_at - zone - now;
}

Milliseconds offset_to_the_begin(const ScenarioCity& scenario) {
  const Milliseconds begin{std::llround(scenario.config.begin_s * 1000)};
  return midnight_of(scenario.city) + begin - wall_clock();
}

Done make_keys(const City& city, const std::vector<CameraId>& cameras, const RunSetting& setting,
               std::vector<std::string>& steps) {
  std::vector<IntersectionId> controllers;
  controllers.reserve(city.intersections.size());
  for (const IntersectionConfig& config : city.intersections) controllers.push_back(config.id());
  const fs::path folder = setting.var / "keys";
  const Result<MadeKeys> keys = make_device_keys(folder, device_key_names(controllers, cameras));
  if (!keys) return keys.error();
  if (!keys->made.empty())
    steps.push_back(fmt::format("made {} keys in {}", keys->made.size(), folder.string()));
  return {};
}

Done accept_on_first_use(const RunSetting& setting, std::vector<std::string>& steps) {
  if (!MonitorFiles(setting.var).untouched()) return {};
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

void cast_field(const RunSetting& setting, const std::optional<CameraRole>& camera,
                std::vector<ChildProgram>& programs) {
  const std::string city = setting.city_folder.string();
  const std::string var = setting.var.string();
  std::vector<std::string> street{"street",
                                  "--city",
                                  city,
                                  "--var",
                                  var,
                                  "--centre",
                                  setting.centre,
                                  "--camera-port",
                                  std::to_string(setting.pictures),
                                  "--clock-offset-ms",
                                  setting.clock_offset_ms};
  if (setting.scenario) street.insert(street.end(), {"--scenario", setting.scenario->string()});
  programs.push_back(child("street", "chorraha", std::move(street)));
  programs.push_back(child("monitor", "chorraha-monitor", {"run", city, "--var", var}));
  std::vector<std::string> controller{"--city",
                                      city,
                                      "--var",
                                      var,
                                      "--centre",
                                      setting.centre,
                                      "--clock-offset-ms",
                                      setting.clock_offset_ms};
  if (camera && !camera->listener.empty())
    controller.insert(controller.end(), {"--camera-feed", camera->listener});
  programs.push_back(child("controller", "chorraha-controller", std::move(controller)));
}

Done check_together(const RunOptions& options) {
  if (options.video.empty() != options.camera.empty()) {
    return Fault{Reason::not_built_yet, "--video and --camera",
                 options.video.empty() ? "only --camera" : "only --video", "both or neither"};
  }
  if (options.scenario.empty()) return {};
  if (!options.city.empty())
    return Fault{Reason::not_built_yet, "--scenario and --city", "both", "one: each is a city"};
  if (!options.video.empty())
    return Fault{Reason::not_built_yet, "--scenario and --video", "both",
                 "one: a camera sees no street of a scenario"};
  return {};
}

/// From here on the folder of state is ours alone.
Done take_var(const RunSetting& setting, Cast& cast) {
  Result<VarLock> lock = VarLock::take(setting.var);
  if (!lock) return lock.error();
  cast.lock = *std::move(lock);
  cast.var = setting.var;
  for (const char* name : {"run", "log"}) {
    const fs::path folder = setting.var / name;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
      return Fault{Reason::cannot_run, folder.string(), failed.message(),
                   "a folder that can be written"};
  }
  std::error_code ignored;
  fs::permissions(setting.var / "run", fs::perms::owner_all, ignored);
  return {};
}

/// The city of a scenario, in a folder and with a state of its own: nothing of the demo's is used.
Result<City> import_scenario(const RunOptions& options, RunSetting& setting, Cast& cast) {
  Result<ScenarioCity> scenario = read_scenario_city(options.scenario);
  if (!scenario) return scenario.error();
  if (const Done sumo = SumoStreet::can_run(); !sumo) return sumo.error();
  const std::string name = scenario_name(options.scenario);
  setting.scenario = fs::absolute(options.scenario);
  setting.var = setting.var / "scenario" / name;
  setting.city_folder = setting.var / name;
  setting.clock_offset_ms = std::to_string(offset_to_the_begin(*scenario).count());
  if (const Done taken = take_var(setting, cast); !taken) return taken.error();
  if (const Done written = write_city(scenario->city, setting.city_folder); !written)
    return written.error();
  cast.steps.push_back(
      fmt::format("imported {}: {} signals, {} detectors; keys, state and logs in {}",
                  options.scenario, scenario->city.intersections.size(),
                  scenario->city.network.detectors().size(), setting.var.string()));
  return std::move(scenario->city);
}

Result<City> open_city(const RunOptions& options, RunSetting& setting, Cast& cast) {
  if (!options.scenario.empty()) return import_scenario(options, setting, cast);
  setting.city_folder = fs::absolute(options.city.empty() ? demo_city() : fs::path(options.city));
  Result<City> city = read_city(setting.city_folder);
  if (!city) return city;
  setting.clock_offset_ms = std::to_string(offset_to_the_demo(*city).count());
  if (const Done taken = take_var(setting, cast); !taken) return taken.error();
  return city;
}

ChildProgram cast_centre(const RunOptions& options, const RunSetting& setting) {
  std::vector<std::string> arguments{"--city",
                                     setting.city_folder.string(),
                                     "--var",
                                     setting.var.string(),
                                     "--listen",
                                     setting.centre,
                                     "--port",
                                     std::to_string(options.port),
                                     "--clock-offset-ms",
                                     setting.clock_offset_ms};
  if (!options.camera.empty())
    arguments.insert(arguments.end(), {"--camera", fs::absolute(options.camera).string()});
  return child("centre", "chorraha-centre", std::move(arguments));
}

}  // namespace

Result<Cast> cast_for(const RunOptions& options) {
  if (const Done together = check_together(options); !together) return together.error();
  RunSetting setting;
  setting.var = fs::absolute(options.var.empty() ? default_var() : fs::path(options.var));
  Cast cast;
  const Result<City> city = open_city(options, setting, cast);
  if (!city) return city.error();
  setting.centre = fmt::format("tcp://127.0.0.1:{}", near_port(devices_port));
  setting.pictures = near_port(pictures_port);
  setting.feed = fmt::format("tcp://127.0.0.1:{}", near_port(feed_port));

  const Result<std::optional<CameraRole>> found = cast_camera(options, setting, *city);
  if (!found) return found.error();
  const std::optional<CameraRole>& camera = *found;
  std::vector<CameraId> cameras;
  if (camera) cameras.push_back(camera->id);
  if (const Done made = make_keys(*city, cameras, setting, cast.steps); !made) return made.error();
  if (const Done accepted = accept_on_first_use(setting, cast.steps); !accepted)
    return accepted.error();
  cast.programs.push_back(cast_centre(options, setting));
  cast_field(setting, camera, cast.programs);
  if (camera) cast.programs.push_back(camera->program);
  return cast;
}

}  // namespace chorraha
