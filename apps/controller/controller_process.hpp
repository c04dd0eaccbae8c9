#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "apps/controller/options.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// All controllers of one process on one thread: a DEALER and key each, one datagram socket to the
/// lamp driver and the monitor, one clock of 10 Hz.
/// Time: a step that comes late moves all later ones, so that no lamp is shown shorter than its
/// controller meant; Tick counts steps.
class ControllerProcess {
 public:
  /// Faults: bad_input (city), cannot_run (a key, a socket, a configuration the monitor has not
  /// accepted).
  [[nodiscard]] static Result<std::unique_ptr<ControllerProcess>> open(
      boost::asio::io_context& io, const ControllerOptions& options);
  ~ControllerProcess();
  ControllerProcess(const ControllerProcess&) = delete;
  ControllerProcess& operator=(const ControllerProcess&) = delete;
  ControllerProcess(ControllerProcess&&) = delete;
  ControllerProcess& operator=(ControllerProcess&&) = delete;

 private:
  struct Impl;
  explicit ControllerProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorraha
