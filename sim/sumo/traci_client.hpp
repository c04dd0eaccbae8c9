#pragma once

// Inside sim/sumo only: one connection to a SUMO on this machine.

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/sumo/traci_codec.hpp"
#include "traffic/result.hpp"

namespace chorraha::traci {

/// Asks and waits; every wait has a deadline.
/// Faults:  lost, when SUMO has gone away, is silent past the deadline, or answers nonsense.
/// Threads: one owner at a time.
class Client {
 public:
  /// A port of the loopback interface that is free at the moment.
  [[nodiscard]] static Result<std::uint16_t> free_port();

  /// One attempt; faults as `lost` while nobody listens.
  [[nodiscard]] static Result<Client> connect(std::uint16_t port, std::chrono::milliseconds wait);

  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  [[nodiscard]] Result<std::vector<Answer>> ask(const Request& request,
                                                std::chrono::milliseconds wait);

 private:
  struct Connection;
  explicit Client(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace chorraha::traci
