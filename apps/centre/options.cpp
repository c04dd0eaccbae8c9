#include "apps/centre/options.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>

namespace chorraha {

std::variant<int, CentreOptions> parse_centre_options(int argc, char** argv) {
  CentreOptions options;
  CLI::App app{"Chorraha centre: runs a region and serves the operator page", "chorraha-centre"};
  app.footer("Example: chorraha-centre --city config/demo_city --var var --port 8080");
  app.add_option("--city", options.city, "city folder")->required();
  app.add_option("--var", options.var, "folder of keys, state and logs")->required();
  app.add_option("--camera", options.camera, "CAMERA.json that replaces the city's cameras");
  app.add_option("--listen", options.listen, "where devices connect");
  app.add_option("--port", options.port, "of the operator page, on 127.0.0.1")
      ->check(CLI::Range(1, 65535));
  app.add_option("--clock-offset-ms", options.clock_offset_ms, "added to the clock");
  app.add_flag("!--real-street", options.simulated, "the street is no simulation");
  app.set_version_flag("--version", CHORRAHA_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    app.exit(asked);
    return 0;
  } catch (const CLI::ParseError& wrong) {
    std::fprintf(stderr, "chorraha-centre: %s\n", wrong.what());
    return 2;
  }
  return options;
}

}  // namespace chorraha
