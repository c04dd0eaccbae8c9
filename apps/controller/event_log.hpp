#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "messaging/codec/message.hpp"
#include "traffic/event.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Events of one controller on their way to the centre: numbered from 1, kept until the centre has
/// them on disk, sent again after each reconnection and when no acknowledgement comes.
/// Queue: 10,000 events (SAFETY.md D); beyond it the oldest are dropped, and the numbers show the
/// gap.
class EventLog {
 public:
  static constexpr std::size_t kept_max = 10'000;
  static constexpr std::size_t batch_max = 100;
  static constexpr Ticks acknowledged_within{100};

  explicit EventLog(BootId boot) : boot_(boot) {}

  void add(std::vector<Event> events);
  /// What to send now; nothing when all was sent. Each call counts as sent.
  [[nodiscard]] std::optional<Events> next(Tick now);
  void seen(const EventsSeen& seen);
  /// What was sent and not acknowledged may be lost: after a reconnection.
  void send_again() { sent_ = acknowledged_; }
  [[nodiscard]] std::size_t waiting() const { return kept_.size(); }

 private:
  BootId boot_;
  std::deque<Event> kept_;  // numbers first_, first_ + 1 ...
  std::uint64_t first_ = 1;
  std::uint64_t sent_ = 0;  // highest number sent
  std::uint64_t acknowledged_ = 0;
  Tick progress_;  // when an acknowledgement came, or waiting for one began
  bool progressed_ = false;
};

}  // namespace chorraha
