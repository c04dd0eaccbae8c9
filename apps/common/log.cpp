#include "apps/process/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chorraha {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> one = [] {
    auto made = spdlog::stderr_logger_mt("chorraha");
    made->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *one;
}

}  // namespace

void log_info(const std::string& line) {
  logger().info(line);
}
void log_warning(const std::string& line) {
  logger().warn(line);
}
void log_error(const std::string& line) {
  logger().error(line);
}

}  // namespace chorraha
