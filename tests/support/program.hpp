#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace chorraha::test {

/// A program of ours as it is, with what it says in a file; killed with the test.
class Program {
 public:
  /// `name` as it lies in the build tree; standard output and error go to `log`.
  Program(const std::string& name, std::vector<std::string> arguments, std::filesystem::path log);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  /// Its exit code once it has ended; 128 + N where signal N killed it.
  [[nodiscard]] std::optional<int> ended();
  [[nodiscard]] std::string said() const;
  [[nodiscard]] pid_t pid() const { return pid_; }  // also once it has ended

 private:
  std::filesystem::path log_;
  pid_t pid_ = 0;
  std::optional<int> code_;
};

/// Asks every 100 ms whether `condition` holds; false when it did not within `patience`.
template <class Condition>
[[nodiscard]] bool holds_within(std::chrono::seconds patience, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool holds = condition();
  while (!holds && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    holds = condition();
  }
  return holds;
}

/// The text of a file; empty where there is none.
[[nodiscard]] std::string text_of(const std::filesystem::path& file);

}  // namespace chorraha::test
