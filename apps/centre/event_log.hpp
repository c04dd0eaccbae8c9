#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "messaging/codec/message.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// Events of devices on disk, a line each, appended and synced before they are acknowledged.
/// Repeats (a device sends again what was not acknowledged) are dropped by boot and number.
/// Threads: one owner.
class EventLog {
 public:
  /// Faults: cannot_run if the file cannot be written.
  [[nodiscard]] static Result<EventLog> open(const std::filesystem::path& file);

  struct Kept {
    EventsSeen seen;            // what to acknowledge
    std::size_t first_new = 0;  // events before this place were known already
  };
  /// Faults: lost if the disk refuses; then nothing may be acknowledged.
  [[nodiscard]] Result<Kept> keep(const std::string& device, const Events& events);

 private:
  struct Close {
    // The pointer that calls it is the owner.
    void operator()(std::FILE* file) const {
      std::fclose(file);  // NOLINT(cppcoreguidelines-owning-memory)
    }
  };
  explicit EventLog(std::unique_ptr<std::FILE, Close> file) : file_(std::move(file)) {}

  std::unique_ptr<std::FILE, Close> file_;
  std::unordered_map<std::string, std::pair<BootId, std::uint64_t>> last_;  // by device
};

}  // namespace chorraha
