#include <exception>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include "apps/monitor/monitor_files.hpp"
#include "apps/monitor/monitor_process.hpp"
#include "apps/monitor/options.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/log.hpp"
#include "formats/city/city_check.hpp"
#include "formats/city/city_folder.hpp"

namespace chorraha {
namespace {

int failed(const Fault& fault) {
  log_error(fault.text());
  return exit_code_of(fault.reason);
}

int accept(const MonitorOptions& options) {
  const Result<City> city = read_city(options.city);
  if (!city) return failed(city.error());
  for (const IntersectionConfig& config : city->intersections) {
    for (const std::string& warning : city::warnings_of(config)) log_warning(warning);
  }
  if (const Done done = MonitorFiles(options.var).accept(city->intersections); !done)
    return failed(done.error());
  log_info(fmt::format("accepted {} configurations of {}", city->intersections.size(),
                       options.city.string()));
  return exit_ok;
}

int reset(const MonitorOptions& options) {
  if (const Done done = MonitorFiles(options.var).reset(IntersectionId{options.intersection});
      !done)
    return failed(done.error());
  log_info(options.intersection + ": latch cleared; the monitor gives its permit within 1 s");
  return exit_ok;
}

int run(const MonitorOptions& options) {
  boost::asio::io_context io(1);
  int end = exit_ok;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    end = exit_code_of_signal(signal);
    io.stop();
  });
  const auto process = MonitorProcess::open(io, options);
  if (!process) return failed(process.error());
  log_info("watching");
  io.run();
  return end;
}

}  // namespace
}  // namespace chorraha

int main(int argc, char** argv) {
  using namespace chorraha;  // NOLINT(google-build-using-namespace)
  try {
    const MonitorOptions options = read_options(argc, argv);
    open_log(options.quiet ? LogLevel::warnings : LogLevel::everything);
    switch (options.command) {
      case MonitorOptions::Command::accept:
        return accept(options);
      case MonitorOptions::Command::reset:
        return reset(options);
      case MonitorOptions::Command::run:
        return run(options);
    }
    return exit_usage;
  } catch (const std::exception& error) {
    log_error(error.what());
    return exit_cannot_run;
  }
}
