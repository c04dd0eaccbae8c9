#include <exception>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <sys/resource.h>

#include "apps/controller/controller_process.hpp"
#include "apps/controller/options.hpp"
#include "apps/process/exit_code.hpp"
#include "apps/process/log.hpp"

namespace chorraha {
namespace {

/// Each device takes three sockets: a city needs more than the usual 1024 descriptors.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const ControllerOptions& options) {
  boost::asio::io_context io(1);
  int end = exit_ok;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int signal) {
    if (error) return;
    end = exit_code_of_signal(signal);
    io.stop();
  });
  const auto process = ControllerProcess::open(io, options);
  if (!process) {
    log_error(process.error().text());
    return exit_code_of(process.error().reason);
  }
  log_info("controllers are running");
  io.run();
  return end;
}

}  // namespace
}  // namespace chorraha

int main(int argc, char** argv) {
  using namespace chorraha;  // NOLINT(google-build-using-namespace)
  try {
    const ControllerOptions options = read_options(argc, argv);
    open_log(options.quiet ? LogLevel::warnings : LogLevel::everything);
    allow_many_files();
    return run(options);
  } catch (const std::exception& error) {
    log_error(error.what());
    return exit_cannot_run;
  }
}
