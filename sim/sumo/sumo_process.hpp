#pragma once

// Inside sim/sumo only: the child and its scratch folder.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha::sumo {

/// A folder of its own below the system's temporary one; gone with the object.
class ScratchFolder {
 public:
  [[nodiscard]] static Result<ScratchFolder> make();

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Where `file` stands inside, beside links to its neighbours, so that what SUMO writes "beside
  /// its input" is written here. Neighbours named in `written` are not linked: SUMO would write
  /// through the link.
  [[nodiscard]] Result<std::filesystem::path> mirror(const std::filesystem::path& file,
                                                     std::span<const std::string> written);

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  std::vector<std::filesystem::path> mirrored_;  // folders, by number
};

/// File names that a configuration or additional file tells SUMO to write.
[[nodiscard]] std::vector<std::string> outputs_named_in(const std::filesystem::path& file);

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
