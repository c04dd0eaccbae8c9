#pragma once

#include <string_view>

namespace chorraha {

/// Lines on standard error: "warning: …", "error: …", and with a time what merely goes on.
enum class LogLevel { everything, warnings };
void open_log(LogLevel least);
void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);

}  // namespace chorraha
