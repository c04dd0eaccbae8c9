#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "apps/controller/event_log.hpp"
#include "apps/process/newest.hpp"
#include "field/controller.hpp"
#include "field/driver_frame.hpp"
#include "messaging/codec/message.hpp"

namespace chorraha {

/// One controller with what surrounds it: lamp driver, monitor, detectors, centre. No socket, no
/// clock: frames and messages are handed in, and what is to be sent is handed out.
/// Driver:  silent longer than silence_max, or flashing by itself: start-up begins again (B15).
/// Monitor: silent longer than silence_max, or with another configuration: flash (B12, B15).
/// Loops:   their changes are detections, acted on and forwarded; a camera's are only acted on.
/// Queues:  256 detections a tick, then dropped and counted; events as EventLog says.
class Cabinet {
 public:
  static constexpr std::size_t detections_max = 256;

  Cabinet(IntersectionConfig config, ConfigHash hash, BootId boot);

  void hear_driver(BootId boot, const BackFrame::Entry& entry, Instant utc);
  void hear_monitor(BootId boot, const HeartbeatFrame::Entry& entry);
  void see(const Detection& detection);  // of a camera
  void hear_centre() { controller_.hear_centre(now_); }
  void connected();  // to the centre, anew
  /// A message of the centre for this intersection; a plan's answer is among the next messages.
  void receive(const Message& message);

  void step(Tick now, Instant utc, LocalTime local);

  /// What the centre is to hear, since the last call. While it is away this is not called, and
  /// only events wait.
  [[nodiscard]] std::vector<Message> take_messages();
  [[nodiscard]] AspectFrame::Entry aspects() const;
  [[nodiscard]] HeartbeatFrame::Entry heartbeat() const;
  [[nodiscard]] const Controller& controller() const { return controller_; }
  [[nodiscard]] Controller::Outside outside() const { return outside_; }
  /// The monitor runs from another configuration than we do.
  [[nodiscard]] bool monitor_differs() const { return monitor_differs_; }

 private:
  void queue(const Detection& detection);
  [[nodiscard]] Controller::Outside look_outside() const;
  [[nodiscard]] bool fresh(const std::optional<Tick>& heard) const;
  [[nodiscard]] bool report_is_due(const StateReport& report) const;

  Controller controller_;
  EventLog events_;
  Ticks silence_max_;
  Tick now_;
  std::uint64_t steps_ = 0;  // number of frames

  Newest driver_frames_, monitor_beats_;
  std::optional<Tick> driver_heard_, monitor_heard_;
  bool self_flash_ = true;
  bool monitor_differs_ = false;
  Controller::Outside outside_ = Controller::Outside::self_flash;

  std::map<DetectorId, DetectorUse::Input> inputs_;
  std::map<DetectorId, bool> loops_;   // occupied, as last heard
  std::vector<Detection> seen_;        // for the next step
  std::vector<Detection> to_forward_;  // loops, for the centre
  std::uint64_t batches_ = 0;
  std::uint64_t dropped_ = 0;
  std::vector<PlanAnswer> answers_;
  std::optional<StateReport> reported_;
};

}  // namespace chorraha
