#pragma once

#include <memory>
#include <string>

namespace chorraha::camera {

/// Lines for people, with the time before each. Threads: any.
class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  Log(Log&&) = delete;
  Log& operator=(Log&&) = delete;
  virtual ~Log() = default;

  virtual void info(const std::string& line) = 0;
  virtual void warn(const std::string& line) = 0;
  virtual void error(const std::string& line) = 0;
};

/// On standard error.
[[nodiscard]] std::unique_ptr<Log> open_log();

}  // namespace chorraha::camera
