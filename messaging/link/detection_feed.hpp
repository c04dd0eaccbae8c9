#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "messaging/codec/message.hpp"
#include "messaging/link/link_context.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// A camera's detections, straight to the controllers of its intersection: PUB, CURVE; only the
/// keys named may listen. Sequence numbers are given here. PUB drops silently when a listener is
/// slow (1000 messages); the listener sees the gap. Presence should be said again each second, so
/// that a gap heals.
class DetectionPublisher {
 public:
  struct Settings {
    std::string endpoint;                // to bind; port 0: any free one
    std::filesystem::path keys;          // NAME.key and the listeners' NAME.pub
    std::string name;                    // of our key, "camera-ID"
    std::vector<std::string> listeners;  // names of keys that may listen, "controller-ID"
  };
  /// Faults: cannot_run for a missing or bad key of ours and a port that is taken.
  [[nodiscard]] static Result<std::unique_ptr<DetectionPublisher>> open(LinkContext& context,
                                                                        const Settings& settings);
  ~DetectionPublisher();
  DetectionPublisher(const DetectionPublisher&) = delete;
  DetectionPublisher& operator=(const DetectionPublisher&) = delete;
  DetectionPublisher(DetectionPublisher&&) = delete;
  DetectionPublisher& operator=(DetectionPublisher&&) = delete;

  [[nodiscard]] const std::string& endpoint() const;  // with the real port
  void publish(std::vector<Detection> detections);
  /// Reads the listeners' keys again (the caller does so every 5 s). When one that could listen may
  /// not any more, all are let go and must come back.
  [[nodiscard]] Done reload();

 private:
  struct Impl;
  explicit DetectionPublisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The controller's end: SUB. Detections in the order sent; lost ones are counted, and a camera
/// that began anew is noticed by its sequence.
class DetectionSubscriber {
 public:
  struct Settings {
    std::string endpoint;        // of the camera
    std::filesystem::path keys;  // NAME.key and the camera's .pub
    std::string name;            // of our key
    std::string camera;          // name of the camera's key
    Milliseconds reconnect{1000};
  };
  struct Handlers {
    std::function<void(std::vector<Detection>)> received;
    OnTrouble trouble;
  };
  [[nodiscard]] static Result<std::unique_ptr<DetectionSubscriber>> open(LinkContext& context,
                                                                         const Settings& settings,
                                                                         Handlers handlers);
  ~DetectionSubscriber();
  DetectionSubscriber(const DetectionSubscriber&) = delete;
  DetectionSubscriber& operator=(const DetectionSubscriber&) = delete;
  DetectionSubscriber(DetectionSubscriber&&) = delete;
  DetectionSubscriber& operator=(DetectionSubscriber&&) = delete;

  [[nodiscard]] std::uint64_t batches_lost() const;

 private:
  struct Impl;
  explicit DetectionSubscriber(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace chorraha
