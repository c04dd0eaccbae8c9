#pragma once

#include <deque>
#include <optional>

#include "control/event_rate.hpp"
#include "traffic/detection.hpp"
#include "traffic/flow.hpp"

namespace chorraha {

struct LaneEstimateOptions {
  double miss_share = 0.03;   // of vehicles that a detector does not see
  double spacing_m = 7.5;     // of standing vehicles
  double headway_s = 1.9;     // of a discharging queue
  double start_up_s = 2.0;    // green to the first one over the stop line
  double standing_s = 4.0;    // a detector occupied so long has a standing vehicle on it
  double clear_s = 3.0;       // a stop line free so long under green has no queue
  double amber_s = 5.0;       // after the end of green somebody still leaves
  double late_s = 8.0;        // somebody so late under a free green stop line has left unseen
  int unconfirmed_most = 20;  // so many come in without a word of the stop line: it is dead
  double unknown_flow_veh_per_s = 0.02;  // of a lane without any detector
  double flow_window_s = 300;
};

/// Who is between the advance detector and the stop line of one lane, from detections alone.
/// Idea:    conservation: in at the advance detector, out at the stop line. Every sum of errors is
///          ended by what a detector shows for certain: a stop line that stays free has no queue,
///          under red too (who was expected there has changed lanes), unless so many came in
///          meanwhile that it must be dead; an occupied one has somebody; a queue that stands on
///          the advance detector reaches it; one that does not, ends before it.
/// Lanes without an advance detector grow by their own mean flow while red; lanes without a stop
/// line detector drain at the saturation headway while green.
/// Units:   vehicles, metres before the stop line, seconds. Never negative.
/// Threads: one owner at a time.
class LaneEstimate {
 public:
  enum class Place { advance, stop_line };

  LaneEstimate(double speed_mps, const LaneEstimateOptions& options)
      : options_(options), speed_mps_(speed_mps), flow_(options.flow_window_s) {}

  /// Before any detection: where detectors stand.
  void set_advance(double before_m) { advance_m_ = before_m; }
  void set_stop_line() { counts_out_ = true; }

  void detect(Place place, const Detection& detection);
  /// Up to `now`; `open`: the lane's signals let it go, since `open_since` (else closed since).
  void advance(Instant now, bool open, Instant since);

  /// Queue, arrivals, flow beyond them, and the variance of the queue.
  [[nodiscard]] LaneScene scene(Instant now) const;
  /// Vehicles that left since the last call.
  [[nodiscard]] double take_departures();
  [[nodiscard]] double vehicles() const { return static_cast<double>(on_way_.size()); }

 private:
  struct Presence {
    bool on = false;
    std::optional<Instant> since;  // on or off since
  };

  void detect_at_stop_line(const Detection& detection, bool was_on);
  void arrive_unseen(Instant at);
  void enter(Instant at, double speed_mps);
  void leave(Instant at);
  void grow_unseen(Instant now, Instant before);
  void drain_unseen(Instant now);
  void reset_by_stop_line(Instant now);
  void reset_by_advance(Instant now, double advance_m);
  [[nodiscard]] double held_s(const Presence& presence, Instant now) const;
  [[nodiscard]] std::size_t arrived(Instant now) const;

  LaneEstimateOptions options_;
  double speed_mps_;
  std::optional<double> advance_m_;
  bool counts_out_ = false;
  Presence at_advance_, at_stop_line_;
  std::deque<Instant> on_way_;  // free-flow arrival at the stop line, ascending; at most `most`
  double variance_veh2_ = 0;
  double unseen_ = 0;  // of the next vehicle that nobody sees, its part so far
  bool open_ = false;
  Instant signal_since_{};
  std::optional<Instant> last_leave_;
  std::optional<Instant> now_;
  double departed_ = 0;
  int unconfirmed_ = 0;  // who came in since the stop line spoke last
  EventRate flow_;
};

}  // namespace chorraha
