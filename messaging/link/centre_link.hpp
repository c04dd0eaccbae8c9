#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "messaging/codec/message.hpp"
#include "messaging/link/link_context.hpp"
#include "messaging/link/link_state.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// A device as the centre knows it: by its key. `boot` and `served` are of its last Hello.
struct Peer {
  std::string name;  // of its key
  DeviceRole role = DeviceRole::controller;
  LinkState state = LinkState::searching;
  BootId boot{};
  std::vector<Served> served;
  Tick heard;  // last valid heartbeat
};

/// The centre's end: one ROUTER for all devices, CURVE only.
/// Who: a peer is its ZAP User-Id, looked up in the allow-list at each message; routing ids are
/// addresses, never claims. A revoked key is refused and its messages are dropped from the next
/// reading of the allow-list on (every 5 beats, so within 10 s).
/// What: a device says only what its role says, and only of the intersection or camera that its key
/// is named after; anything else is dropped and told as trouble. Hello comes first.
/// Silence: a heartbeat newer than the last counts as life, nothing else.
/// Queues: 1000 messages a device; send() says when one is full, the message is dropped and
/// counted. Threads: the one of the context's executor.
class CentreLink {
 public:
  struct Settings {
    std::string endpoint;        // "tcp://127.0.0.1:7700"; port 0: any free one
    std::filesystem::path keys;  // centre.key and the devices' NAME.pub
    Milliseconds beat{1000};     // between heartbeats; the allow-list is read every fifth
  };
  struct Handlers {
    std::function<void(const Peer&, Message)> received;  // no heartbeats
    std::function<void(const Peer&)> changed;            // state or Hello
    OnTrouble trouble;                                   // once per peer and thing
  };

  /// Faults: cannot_run for a missing or bad key and a port that is taken.
  [[nodiscard]] static Result<std::unique_ptr<CentreLink>> open(LinkContext& context,
                                                                const Settings& settings,
                                                                LinkClocks clocks,
                                                                Handlers handlers);
  ~CentreLink();
  CentreLink(const CentreLink&) = delete;
  CentreLink& operator=(const CentreLink&) = delete;
  CentreLink(CentreLink&&) = delete;
  CentreLink& operator=(CentreLink&&) = delete;

  [[nodiscard]] const std::string& endpoint() const;  // with the real port
  /// Faults: lost (not connected now, or its queue is full), refused (revoked).
  [[nodiscard]] Done send(std::string_view name, const Message& message);
  /// nullptr: never heard since the start.
  [[nodiscard]] const Peer* find(std::string_view name) const;
  [[nodiscard]] std::vector<Peer> peers() const;
  [[nodiscard]] std::uint64_t dropped() const;  // messages for want of queue space, since start

  /// Reads the allow-list now. Faults: the folder cannot be read; the old list stays.
  [[nodiscard]] Done reload();

 private:
  struct Impl;
  explicit CentreLink(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

/// Whether a device of this role and key name may send this message (the rule above).
[[nodiscard]] bool may_say(DeviceRole role, std::string_view name, const Message& message);

}  // namespace chorraha
