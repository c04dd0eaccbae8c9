// The one file of this program that includes spdlog.
#include "apps/camera/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chorraha::camera {
namespace {

class StandardError final : public Log {
 public:
  StandardError() : logger_("camera", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  }
  void info(const std::string& line) override { logger_.info(line); }
  void warn(const std::string& line) override { logger_.warn(line); }
  void error(const std::string& line) override { logger_.error(line); }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> open_log() {
  return std::make_unique<StandardError>();
}

}  // namespace chorraha::camera
