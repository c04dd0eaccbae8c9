#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "messaging/codec/message.hpp"
#include "messaging/link/link_context.hpp"
#include "messaging/link/link_state.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// A device's end: one DEALER to the centre's ROUTER, CURVE only, no routing id.
/// Connection: found and found again by itself, spread by jitter; Hello goes first each time.
/// ZMQ_IMMEDIATE: nothing is stored up while the centre is away, send() says so.
/// Silence: only a heartbeat newer than the last counts as life; replays and plans reset nothing.
/// Queue: 1000 messages; when it is full send() says so, the message is dropped and counted.
/// A centre that refuses our key, or that is not the one whose key we know, is told as trouble once
/// until a connection succeeds.
/// Threads: the one of the context's executor.
class DeviceLink {
 public:
  struct Settings {
    std::string endpoint;        // of the centre
    std::filesystem::path keys;  // NAME.key and centre.pub
    std::string name;            // of our key
    Hello hello;
    Milliseconds reconnect{1000};  // least wait, up to eight times that; plus jitter of as much
    Milliseconds beat{1000};       // between heartbeats
  };
  struct Handlers {
    std::function<void(Message)> received;   // no heartbeats
    std::function<void()> alive;             // at each heartbeat that counts
    std::function<void(LinkState)> changed;  // LinkState::online also tells that Hello was heard
    OnTrouble trouble;
  };

  /// Faults: cannot_run for a missing or bad key or endpoint. A centre that is away is no fault.
  [[nodiscard]] static Result<std::unique_ptr<DeviceLink>> open(LinkContext& context,
                                                                const Settings& settings,
                                                                LinkClocks clocks,
                                                                Handlers handlers);
  ~DeviceLink();
  DeviceLink(const DeviceLink&) = delete;
  DeviceLink& operator=(const DeviceLink&) = delete;
  DeviceLink(DeviceLink&&) = delete;
  DeviceLink& operator=(DeviceLink&&) = delete;

  /// Faults: lost (not connected now, or the queue is full).
  [[nodiscard]] Done send(const Message& message);
  [[nodiscard]] LinkState state() const;
  /// Whether Hello has been sent on the connection there is now.
  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::uint64_t dropped() const;  // messages for want of queue space, since start

 private:
  struct Impl;
  explicit DeviceLink(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace chorraha
