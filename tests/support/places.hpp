#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace chorraha::test {

/// The root of the sources; ctest hands it in.
inline std::filesystem::path source_root() {
  const char* root = std::getenv("CHORRAHA_SOURCE");
  return root != nullptr ? std::filesystem::path(root) : std::filesystem::current_path();
}

/// The build tree under test, where the programs lie; ctest hands it in.
inline std::filesystem::path build_root() {
  const char* root = std::getenv("CHORRAHA_BUILD");
  return root != nullptr ? std::filesystem::path(root) : source_root() / "build" / "dev";
}

/// Test data that may not be shipped: CHORRAHA_SHARED, by default ../shared; nothing where absent.
inline std::optional<std::filesystem::path> shared_data() {
  const char* named = std::getenv("CHORRAHA_SHARED");
  const std::filesystem::path root =
      named != nullptr ? std::filesystem::path(named) : source_root() / ".." / "shared";
  if (!std::filesystem::is_directory(root)) return std::nullopt;
  return root;
}

}  // namespace chorraha::test
