#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/places.hpp"

namespace chorraha::test {

/// Every C++ file of the rooms, relative to the source root, in order.
inline std::vector<std::filesystem::path> room_sources(const std::vector<std::string>& rooms) {
  std::vector<std::filesystem::path> files;
  for (const std::string& room : rooms) {
    const std::filesystem::path root = source_root() / room;
    if (!std::filesystem::is_directory(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string kind = entry.path().extension().string();
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      if (kind == ".hpp" || kind == ".cpp")
        files.push_back(entry.path().lexically_relative(source_root()));
    }
  }
  std::ranges::sort(files);
  return files;
}

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace chorraha::test
