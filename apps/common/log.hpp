#pragma once

#include <string>

namespace chorraha {

/// One line on standard error: local time, level, text. Thread-safe. spdlog stays in log.cpp.
void log_info(const std::string& line);
void log_warning(const std::string& line);
void log_error(const std::string& line);

}  // namespace chorraha
