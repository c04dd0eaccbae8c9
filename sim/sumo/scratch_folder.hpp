#pragma once

// Inside sim/sumo only: where everything SUMO reads and writes stands.

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha::sumo {

/// A folder of its own below the system's temporary one, named after this process; gone with the
/// object.
class ScratchFolder {
 public:
  /// Removes as well what processes of our user that were killed have left: whatever shares the
  /// temporary folder must share the process numbers (PIDs) too.
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

}  // namespace chorraha::sumo
