#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "apps/monitor/monitor_files.hpp"
#include "apps/process/newest.hpp"
#include "field/driver_frame.hpp"
#include "field/monitor.hpp"

namespace chorraha {

/// The monitor of one intersection with its latch on disk. No socket, no clock.
/// Lamps:   judged by when the driver sent each read-back, so a delay of ours shortens no amber; on
///          the steady clock, so setting the wall clock does not either.
/// Blind:   without a read-back for silence_max there is no permit; nothing is latched by it.
/// Latches: on disk before the permit is asked for again; a reset takes the file away.
class Watch {
 public:
  Watch(MonitorFiles::Accepted accepted, MonitorFiles files);

  /// What tripped in this read-back.
  /// `sent`: steady clock.
  [[nodiscard]] std::vector<Trip> hear_lamps(BootId boot, const ReadBackFrame::Entry& entry,
                                             std::chrono::nanoseconds sent);
  void hear_controller(BootId boot, const HeartbeatFrame::Entry& entry);

  /// Each 100 ms.
  void step(Tick now);
  /// Each second: keeps or clears the latch. True when people have reset it.
  [[nodiscard]] Result<bool> mind_latch();

  [[nodiscard]] bool permit() const;
  [[nodiscard]] PermitFrame::Entry permit_entry() const;
  [[nodiscard]] HeartbeatFrame::Entry heartbeat() const;
  [[nodiscard]] const IntersectionConfig& config() const { return config_; }
  [[nodiscard]] const Monitor& monitor() const { return monitor_; }
  [[nodiscard]] bool sees_lamps() const;

 private:
  [[nodiscard]] Milliseconds elapsed_until(std::chrono::nanoseconds sent);

  IntersectionConfig config_;
  ConfigHash hash_;
  MonitorFiles files_;
  Monitor monitor_;
  Newest lamp_frames_, beats_;
  Tick now_;
  std::uint64_t frames_ = 0;  // sent
  std::optional<Tick> lamps_seen_;
  std::optional<std::chrono::nanoseconds> judged_until_;
  std::optional<ConfigHash> beat_;  // came since the last read-back
  bool unsaved_ = false;
};

/// "B1 conflict of NS and EW, 310 ms": for logs.
[[nodiscard]] std::string text_of(const IntersectionConfig& config, const Trip& trip);

}  // namespace chorraha
