#include "apps/monitor/options.hpp"

#include <cstdlib>

#include <CLI/CLI.hpp>

#include "apps/process/exit_code.hpp"

namespace chorraha {

MonitorOptions read_options(int argc, char** argv) {
  MonitorOptions options;
  std::string intersections = "all";
  CLI::App app{
      "Watches the lamps as they are read back, on its own copy of each configuration, and gives "
      "or\n"
      "withdraws the permit to light them.\n"
      "Example: chorraha-monitor accept demo_city --var var && chorraha-monitor run --var var",
      "chorraha-monitor"};
  app.require_subcommand(1);
  CLI::App* run = app.add_subcommand("run", "watch until asked to stop");
  run->add_option("DIR", options.city, "city folder: refuse to start when it has changed");
  run->add_option("--name", options.name, "of the controller process it belongs to (main)");
  run->add_option("--intersections", intersections, "all, or ID,ID (all that were accepted)");
  run->add_flag("--quiet", options.quiet, "warnings and errors only");
  CLI::App* accept = app.add_subcommand("accept", "copy the configurations of a city folder");
  accept->add_option("DIR", options.city, "city folder")->required();
  CLI::App* reset = app.add_subcommand("reset", "clear the latched fault of an intersection");
  reset->add_option("ID", options.intersection, "intersection")->required();
  for (CLI::App* command : {run, accept, reset})
    command->add_option("--var", options.var, "state and sockets (var)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? exit_ok : exit_usage);  // NOLINT(concurrency-mt-unsafe)
  }
  if (accept->parsed()) options.command = MonitorOptions::Command::accept;
  if (reset->parsed()) options.command = MonitorOptions::Command::reset;
  if (intersections != "all") options.intersections = CLI::detail::split(intersections, ',');
  return options;
}

}  // namespace chorraha
