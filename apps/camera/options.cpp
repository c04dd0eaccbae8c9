// The one file of this program that includes CLI11.
#include "apps/camera/options.hpp"

#include <CLI/CLI.hpp>

namespace chorraha::camera {

std::variant<CameraOptions, int> parse_options(int argc, char** argv) {
  constexpr int exit_usage = 2;
  CameraOptions options;
  CLI::App app{"Counts what crosses the lines of one camera and tells centre and controller."};
  app.footer(
      "Example:\n  chorraha-camera --camera city/cameras/K1.json --var var --centre "
      "tcp://127.0.0.1:7700");
  app.add_option("--camera", options.camera_file, "CAMERA.json of the camera")->required();
  app.add_option("--var", options.var, "folder of state; its keys/ holds our key")->required();
  app.add_option("--centre", options.centre, "address of the centre, tcp://HOST:PORT")->required();
  app.add_option("--source", options.source,
                 "URL, device, file or folder of pictures; default: source of the camera file");
  app.add_option("--publish", options.publish,
                 "address to publish detections on for the controller of the intersection; port 0: "
                 "any free one, written to VAR/run/NAME.endpoint")
      ->capture_default_str();
  app.add_flag("--show-pictures", options.show_pictures,
               "pictures may leave this camera when an operator asks, whatever its file says");
  app.add_option("--clock-offset-ms", options.clock_offset_ms,
                 "added to this machine's clock wherever a time is stamped")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& trouble) {
    return app.exit(trouble) == 0 ? 0 : exit_usage;
  }
  return options;
}

}  // namespace chorraha::camera
