#include "apps/process/log.hpp"

#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chorraha {
namespace {

std::shared_ptr<spdlog::logger> plain_logger(const char* name, const char* pattern) {
  auto logger = spdlog::stderr_logger_st(name);
  logger->set_pattern(pattern);
  return logger;
}

}  // namespace

void open_log(LogLevel least) {
  spdlog::drop_all();
  plain_logger("info", "%Y-%m-%dT%H:%M:%S.%eZ %v")
      ->set_level(least == LogLevel::everything ? spdlog::level::info : spdlog::level::off);
  spdlog::get("info")->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
  plain_logger("warning", "warning: %v");
  plain_logger("error", "error: %v");
}

void log_info(std::string_view text) {
  if (const auto logger = spdlog::get("info")) logger->info(text);
}
void log_warning(std::string_view text) {
  if (const auto logger = spdlog::get("warning")) logger->warn(text);
}
void log_error(std::string_view text) {
  if (const auto logger = spdlog::get("error")) logger->error(text);
}

}  // namespace chorraha
