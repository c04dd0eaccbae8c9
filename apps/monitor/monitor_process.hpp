#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "apps/monitor/options.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// The monitors of one controller process, on one thread and one datagram socket: read-backs 50 Hz
/// in, permits and heartbeats 10 Hz out; a trip withdraws the permit at once.
class MonitorProcess {
 public:
  /// Faults: cannot_run (nothing accepted, socket taken), bad_input (a damaged copy).
  [[nodiscard]] static Result<std::unique_ptr<MonitorProcess>> open(boost::asio::io_context& io,
                                                                    const MonitorOptions& options);
  ~MonitorProcess();
  MonitorProcess(const MonitorProcess&) = delete;
  MonitorProcess& operator=(const MonitorProcess&) = delete;
  MonitorProcess(MonitorProcess&&) = delete;
  MonitorProcess& operator=(MonitorProcess&&) = delete;

 private:
  struct Impl;
  explicit MonitorProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace chorraha
