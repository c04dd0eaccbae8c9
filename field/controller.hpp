#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "field/calls.hpp"
#include "field/safety_kernel.hpp"
#include "field/sequencer.hpp"
#include "field/start.hpp"
#include "traffic/detection.hpp"
#include "traffic/event.hpp"
#include "traffic/explanation.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// One intersection's controller: calls, sequencer, safety kernel, plan check, start-up (C2) and
/// what happens when the centre goes silent (D). No clock, no I/O.
/// Time:    step() once a Tick, ascending; receive() between steps, `now` not before the last one.
/// Centre:  a horizon ends at its lease or after 10 s without a valid message, whichever is first;
///          the timetable goes on at once, by A16. Timetables of the centre are dropped after 120 s
///          of silence. Accepted plans and hear_centre() count as valid messages.
/// Threads: one owner.
class Controller {
 public:
  struct Options {
    Start start = Start::cold;
    Ticks decision_step{1};  // starts of a change fall on multiples of it (simulation)
  };
  Controller(IntersectionConfig config, ConfigHash hash, BootId boot, Options options);
  Controller(IntersectionConfig config, ConfigHash hash, BootId boot, Start start)
      : Controller(std::move(config), hash, boot, Options{start, Ticks{1}}) {}

  [[nodiscard]] PlanAnswer receive(const Plan& plan, Tick now);
  /// A valid message other than a plan came from the centre (heartbeat).
  void hear_centre(Tick now) {
    heard_ = now;
    ever_heard_ = true;
  }

  /// What the lamp driver and the monitor say; stays until told otherwise. Either bad: flash at
  /// once, and start-up (C2) when both are good again.
  enum class Outside : std::uint8_t { well, self_flash, monitor_gone };
  void set_outside(Outside outside) { outside_ = outside; }

  /// One Tick. `sighted`: groups with a vehicle within 30 m of their stop line (full sensing only).
  const std::vector<Aspect>& step(Tick now, Instant utc, LocalTime local,
                                  std::span<const Detection> detections, GroupSet sighted);

  [[nodiscard]] const std::vector<Aspect>& aspects() const { return aspects_; }
  [[nodiscard]] SignalMode mode() const { return mode_; }
  [[nodiscard]] StateReport report() const;
  /// Why each group that is not green is still red, as far as kernel and sequencer know.
  [[nodiscard]] Explanations explain() const;
  /// What happened since the last call; at most 1000 are kept, the oldest are dropped.
  [[nodiscard]] std::vector<Event> take_events();

  [[nodiscard]] const IntersectionConfig& config() const { return *config_; }
  [[nodiscard]] const ConfigHash& config_hash() const { return hash_; }
  [[nodiscard]] BootId boot() const { return boot_; }

 private:
  struct StoredTimetable {
    Instant valid_from;
    std::shared_ptr<const Timetable> timetable;
  };

  void note(Event::Kind kind, std::string detail);
  void set_mode(SignalMode mode);
  void choose_mode();
  void begin_service(Tick all_red_since);
  void show_outside_service();
  void show(GroupIndex g, Aspect aspect);
  void run(const Calls& calls);
  void choose_plan();
  void choose_central_timetable();
  void mind_the_link();
  void mind_waiting(const Calls& calls);
  [[nodiscard]] bool horizon_is_over() const;
  [[nodiscard]] Tick in_service_at() const;
  [[nodiscard]] const Timetable& timetable_now() const;
  void accept(const HorizonPlan& plan);
  void accept(const Renew& renew);
  void accept(const TimetablePlan& plan);
  [[nodiscard]] GroupExplanation explain(GroupIndex g) const;
  void explain_wanted(GroupExplanation& why) const;
  [[nodiscard]] Tick expected_end(GroupIndex x) const;

  std::unique_ptr<const IntersectionConfig> config_;
  std::unique_ptr<const Timetable> isolated_;  // when the configuration has none
  ConfigHash hash_;
  BootId boot_;
  Options options_;
  SafetyKernel kernel_;
  CallKeeper keeper_;
  Sequencer sequencer_;

  SignalMode mode_ = SignalMode::start_up;
  Outside outside_ = Outside::well;
  Tick mode_since_;
  Tick now_;
  Instant utc_;
  LocalTime local_;
  bool stepped_ = false;

  PlanSequence last_sequence_;
  Tick heard_;
  bool ever_heard_ = false;
  bool link_lost_ = false;
  std::vector<StoredTimetable> stored_;
  static constexpr std::size_t stored_max = 16;  // the oldest is dropped
  std::shared_ptr<const Timetable> central_;     // in force, from the centre
  std::shared_ptr<const Timetable> replaced_;    // the one before
  GroupSet alarmed_;                             // waiting beyond A12, already said
  std::vector<Aspect> aspects_;
  std::vector<Tick> aspect_since_;
  std::vector<Event> events_;
};

}  // namespace chorraha
