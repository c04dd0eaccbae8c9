#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "apps/camera/latest.hpp"
#include "apps/camera/log.hpp"
#include "sensors/camera_stream.hpp"
#include "traffic/frame.hpp"

namespace chorraha::camera {

/// A picture, and which opening of the source it came from: numbers and times begin anew with each.
struct Shot {
  Frame frame;
  std::uint64_t opening = 0;
  double fps = 0;
};

/// Waits 1, 2, 4 … 30 s between attempts; a picture that arrives begins anew.
class BackOff {
 public:
  [[nodiscard]] std::chrono::seconds next();
  void begin_anew() { wait_ = std::chrono::seconds{1}; }

 private:
  std::chrono::seconds wait_{1};
};

/// Whether the source delivers, for health reports. Threads: any.
class StreamState {
 public:
  struct Value {
    bool streaming = false;
    std::string trouble = "not opened yet";
  };
  void set(Value value);
  [[nodiscard]] Value get() const;

 private:
  mutable std::mutex guards_value_;
  Value value_;
};

struct CaptureSettings {
  std::string source;
  SourceOptions options;
};

/// Reads the source into `newest` until asked to stop; opens it again when it dies. A recording is
/// played at its own speed, and from its begin again when it ends.
/// Threads: to be run on one of its own.
void capture(const std::stop_token& stop, const CaptureSettings& settings, Latest<Shot>& newest,
             StreamState& state, Log& log);

}  // namespace chorraha::camera
