#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "traffic/result.hpp"

namespace chorraha {

/// The Unix datagram sockets of one running system lie in var/run, mode 0700: who can reach them is
/// one of us. `name` tells apart pairs of controller and monitor processes; the driver answers to
/// whoever sends.
struct RunFolder {
  std::filesystem::path folder;
  [[nodiscard]] std::filesystem::path driver() const { return folder / "driver.sock"; }
  [[nodiscard]] std::filesystem::path controller(const std::string& name) const {
    return folder / ("controller-" + name + ".sock");
  }
  [[nodiscard]] std::filesystem::path monitor(const std::string& name) const {
    return folder / ("monitor-" + name + ".sock");
  }
};
/// Makes var/run; a Fault (cannot_run) when it is not ours alone.
[[nodiscard]] Result<RunFolder> open_run_folder(const std::filesystem::path& var);

/// When a datagram was sent, on the steady clock. The kernel stamps by the wall clock alone, so all
/// that is taken of it is how long the datagram lay in the queue; an age below zero or over half a
/// second says that the wall clock was set meanwhile: then it was sent when it was taken.
[[nodiscard]] std::chrono::nanoseconds sent_on_steady_clock(std::chrono::nanoseconds wall_stamp,
                                                            std::chrono::nanoseconds wall_now,
                                                            std::chrono::nanoseconds steady_now);

/// One Unix datagram socket. Never waits: a datagram that nobody takes at once is dropped, as
/// silence is what its receiver watches for.
/// Threads: the one of the executor.
class DatagramSocket {
 public:
  struct Datagram {
    std::span<const std::byte> bytes;
    std::filesystem::path sender;
    std::chrono::nanoseconds sent{0};  // steady clock when it was sent, never before the last one
  };
  using Received = std::function<void(const Datagram&)>;

  /// Faults: cannot_run when another process serves `path`. A path left by a dead one is taken
  /// over.
  [[nodiscard]] static Result<std::unique_ptr<DatagramSocket>> open(
      const boost::asio::any_io_executor& executor, const std::filesystem::path& path,
      Received received);
  ~DatagramSocket();
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;
  DatagramSocket(DatagramSocket&&) = delete;
  DatagramSocket& operator=(DatagramSocket&&) = delete;

  /// False when nobody is there or its queue is full.
  bool send(const std::filesystem::path& to, std::span<const std::byte> bytes);

 private:
  struct Impl;
  explicit DatagramSocket(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace chorraha
