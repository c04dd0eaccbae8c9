#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "apps/camera/log.hpp"

namespace chorraha::test {

/// Keeps the lines instead of writing them. Threads: any.
class QuietLog final : public camera::Log {
 public:
  void info(const std::string& line) override { keep(line); }
  void warn(const std::string& line) override { keep(line); }
  void error(const std::string& line) override { keep(line); }

  [[nodiscard]] bool has(const std::string& words) const {
    const std::scoped_lock lock(guards_lines_);
    for (const std::string& line : lines_)
      if (line.find(words) != std::string::npos) return true;
    return false;
  }

 private:
  void keep(const std::string& line) {
    const std::scoped_lock lock(guards_lines_);
    lines_.push_back(line);
  }
  mutable std::mutex guards_lines_;
  std::vector<std::string> lines_;
};

}  // namespace chorraha::test
