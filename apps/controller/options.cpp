#include "apps/controller/options.hpp"

#include <cstdint>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "apps/process/exit_code.hpp"

namespace chorraha {
namespace {

/// "ID=tcp://HOST:PORT" or "ID@INTERSECTION=tcp://HOST:PORT".
std::string feed_trouble(const std::string& text) {
  const std::size_t equals = text.rfind("=tcp://");
  if (equals == std::string::npos || equals == 0)
    return "'" + text + "' is not CAMERA_ID=tcp://HOST:PORT";
  return {};
}
ControllerOptions::Feed feed_of(const std::string& text) {
  const std::size_t equals = text.rfind("=tcp://");
  const std::string camera = text.substr(0, equals);
  const std::size_t at = camera.find('@');
  if (at == std::string::npos) return {camera, {}, text.substr(equals + 1)};
  return {camera.substr(0, at), camera.substr(at + 1), text.substr(equals + 1)};
}

}  // namespace

ControllerOptions read_options(int argc, char** argv) {
  ControllerOptions options;
  std::string intersections = "all";
  std::vector<std::string> feeds;
  std::int64_t offset_ms = 0;
  CLI::App app{
      "Controllers of the intersections of a city: take plans, keep safe, light lamps.\n"
      "Example: chorraha-controller --city demo_city --var var --centre tcp://127.0.0.1:7700",
      "chorraha-controller"};
  app.add_option("--city", options.city, "city folder")->required();
  app.add_option("--var", options.var, "state, keys and sockets (var)");
  app.add_option("--centre", options.centre, "tcp://HOST:PORT of the centre")->required();
  app.add_option("--name", options.name, "of this process and its monitor in VAR/run (main)");
  app.add_option("--intersections", intersections, "all, or ID,ID (all)");
  app.add_option("--camera-feed", feeds,
                 "CAMERA_ID=tcp://HOST:PORT of a camera's detections; CAMERA_ID@INTERSECTION=… for "
                 "one that the city does not know")
      ->check(feed_trouble);
  app.add_option("--clock-offset-ms", offset_ms, "added to UTC (0)");
  app.add_flag("--quiet", options.quiet, "warnings and errors only");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? exit_ok : exit_usage);  // NOLINT(concurrency-mt-unsafe)
  }
  options.clock_offset = Milliseconds{offset_ms};
  if (intersections != "all") options.intersections = CLI::detail::split(intersections, ',');
  for (const std::string& feed : feeds) options.feeds.push_back(feed_of(feed));
  return options;
}

}  // namespace chorraha
