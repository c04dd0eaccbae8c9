#pragma once

// Inside sim/sumo only: the child.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha::sumo {

/// The path of `program` on PATH; cannot_run where there is none, with the package to install.
[[nodiscard]] Result<std::filesystem::path> found_on_path(const std::string& program);

/// A running SUMO.
/// Dies with the thread that started it (PR_SET_PDEATHSIG), so that no SUMO outlives us.
class SumoProcess {
 public:
  /// Both outputs go to `log`.
  [[nodiscard]] static Result<SumoProcess> start(const std::filesystem::path& program,
                                                 const std::vector<std::string>& arguments,
                                                 const std::filesystem::path& log);

  SumoProcess(SumoProcess&& other) noexcept;
  SumoProcess& operator=(SumoProcess&& other) noexcept;
  SumoProcess(const SumoProcess&) = delete;
  SumoProcess& operator=(const SumoProcess&) = delete;
  ~SumoProcess();  // kills what still runs

  [[nodiscard]] bool running();
  /// Waits for its end; kills it when `wait` is over. True if it ended by itself with 0.
  bool wait_for_end(std::chrono::milliseconds wait);
  /// Processor time used so far; the last value known once it has ended.
  [[nodiscard]] double cpu_s();

 private:
  explicit SumoProcess(int pid) : pid_(pid) {}
  void reap(int status);

  int pid_ = -1;  // -1: ended
  bool ended_well_ = false;
  double cpu_s_ = 0;
};

}  // namespace chorraha::sumo
