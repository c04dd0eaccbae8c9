#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/program.hpp"

namespace chorraha::test {

/// What `GET /api/status` says.
struct SystemStatus {
  int signals = 0;
  int follow = 0;
  int off_plan = 0;
  int silent = 0;
  int starting = 0;
  int counts = 0;                      // of the chain
  std::string plan;                    // of the chain: EPOCH/NUMBER
  std::string lamps;                   // of the chain
  std::string missing = "the centre";  // of the chain; empty: closed
};

/// A port of 127.0.0.1 that was free just now.
[[nodiscard]] std::uint16_t free_port();

/// Now as the programs' logs write it: 2024-05-13T02:30:00.125Z. Such texts sort as their times.
[[nodiscard]] std::string stamp(std::chrono::system_clock::time_point at);

/// Command lines of all living programs that were given this var folder.
[[nodiscard]] std::vector<std::string> programs_of(const std::filesystem::path& var);

/// `chorraha run` with all that it starts, on a page port of its own; killed with the test.
class RunningSystem {
 public:
  /// `state`: where logs and state lie, if not in `var` itself.
  explicit RunningSystem(std::filesystem::path var, std::vector<std::string> more = {},
                         std::filesystem::path state = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Program& run() { return *run_; }
  [[nodiscard]] const std::filesystem::path& var() const { return var_; }

  /// Nothing while the page does not answer.
  [[nodiscard]] std::optional<SystemStatus> status() const;
  [[nodiscard]] bool all_follow() const;
  /// "centre", "street", "monitor", "controller" or "camera", while it lives.
  [[nodiscard]] std::optional<pid_t> child(std::string_view name) const;
  /// The SUMO that the street drives, while both live.
  [[nodiscard]] std::optional<pid_t> sumo() const;
  /// False when it does not live.
  bool send(std::string_view name, int signal) const;
  /// What a child was given for `option`.
  [[nodiscard]] std::string argument(std::string_view name, std::string_view option) const;
  /// Lines of log/NAME.log from `since` (a stamp) on.
  [[nodiscard]] std::vector<std::string> log(std::string_view name, const std::string& since) const;
  /// For the message of a test that failed.
  [[nodiscard]] std::string story() const;

 private:
  std::filesystem::path var_, state_;
  std::uint16_t port_;
  std::unique_ptr<Program> run_;
};

/// Lines of `text` that begin with a stamp not before `since`.
[[nodiscard]] std::vector<std::string> lines_since(const std::string& text,
                                                   const std::string& since);

}  // namespace chorraha::test
