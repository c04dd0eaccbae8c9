#include "control/lane_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace chorraha {
namespace {

constexpr std::size_t most = 200;          // vehicles in one lane: 1.5 km of queue
constexpr double slowest_mps = 3.0;        // a measured speed below it says nothing on the way
constexpr double passing_headway_s = 1.0;  // two arrivals are never closer

Milliseconds span_of(double seconds) {
  return Milliseconds{static_cast<std::int64_t>(std::lround(seconds * 1000))};
}

}  // namespace

double LaneEstimate::held_s(const Presence& presence, Instant now) const {
  return presence.since ? to_seconds(now - *presence.since) : 0;
}

std::size_t LaneEstimate::arrived(Instant now) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(on_way_, now) - on_way_.begin());
}

void LaneEstimate::detect(Place place, const Detection& detection) {
  Presence& presence = place == Place::advance ? at_advance_ : at_stop_line_;
  const bool was_on = presence.on;
  if (detection.kind != Detection::Kind::crossing) {
    presence.on = detection.kind == Detection::Kind::on;
    presence.since = detection.at;
  }
  if (place == Place::stop_line) {
    unconfirmed_ = 0;
    detect_at_stop_line(detection, was_on);
  } else if (detection.kind != Detection::Kind::off) {
    enter(detection.at, detection.speed_mps.value_or(speed_mps_));
  }
}

void LaneEstimate::detect_at_stop_line(const Detection& detection, bool was_on) {
  if (detection.kind == Detection::Kind::on) {
    if (arrived(detection.at + Milliseconds{1000}) == 0) arrive_unseen(detection.at);
    return;
  }
  // Under red somebody creeps forward and stands before the stop line still.
  const bool may_go = open_ || to_seconds(detection.at - signal_since_) < options_.amber_s;
  const bool left = detection.kind == Detection::Kind::crossing || (was_on && may_go);
  if (left) leave(detection.at);
}

// Most likely the next one who is on the way, early; else somebody nobody saw come.
void LaneEstimate::arrive_unseen(Instant at) {
  if (!on_way_.empty()) {
    on_way_.front() = at;
    return;
  }
  on_way_.push_front(at);
  if (!advance_m_) flow_.count(at, 1);
}

void LaneEstimate::enter(Instant at, double speed_mps) {
  flow_.count(at, 1);
  ++unconfirmed_;
  const double way_s = advance_m_.value_or(0) / std::max(speed_mps, slowest_mps);
  Instant there = at + span_of(way_s);
  if (!on_way_.empty()) there = std::max(there, on_way_.back() + span_of(passing_headway_s));
  if (on_way_.size() < most) on_way_.push_back(there);
  variance_veh2_ += options_.miss_share;
}

void LaneEstimate::leave(Instant at) {
  if (!on_way_.empty()) {
    on_way_.pop_front();
  } else if (!advance_m_) {
    flow_.count(at, 1);
  }
  variance_veh2_ += options_.miss_share;
  last_leave_ = at;
  departed_ += 1;
}

void LaneEstimate::advance(Instant now, bool open, Instant since) {
  open_ = open;
  signal_since_ = since;
  flow_.begin(now);
  const Instant before = now_.value_or(now);
  if (!advance_m_) grow_unseen(now, before);
  // A stop line that stays silent while many come is dead, or they all change lanes.
  const bool believed = counts_out_ && unconfirmed_ < options_.unconfirmed_most;
  if (!at_stop_line_.since) at_stop_line_.since = now;  // free since the begin
  if (!believed) drain_unseen(now);
  now_ = now;
  if (believed) reset_by_stop_line(now);
  if (advance_m_) reset_by_advance(now, *advance_m_);
}

// Nobody sees them come: while red the queue grows by the lane's own mean flow.
void LaneEstimate::grow_unseen(Instant now, Instant before) {
  if (open_) {
    unseen_ = 0;
    return;
  }
  const double flow = counts_out_ ? flow_.per_s(now) : options_.unknown_flow_veh_per_s;
  const double come = flow * to_seconds(now - before);
  unseen_ += come;
  variance_veh2_ += come;
  if (unseen_ >= 1 && on_way_.size() < most) {
    unseen_ -= 1;
    on_way_.push_back(now);
  }
}

// Nobody sees them go: while green the queue drains at the saturation headway.
void LaneEstimate::drain_unseen(Instant now) {
  if (!open_) return;
  Instant next = signal_since_ + span_of(options_.start_up_s);
  if (last_leave_) next = std::max(next, *last_leave_ + span_of(options_.headway_s));
  while (next <= now && !on_way_.empty() && on_way_.front() <= now) {
    const Instant gone = std::max(next, on_way_.front());
    on_way_.pop_front();
    last_leave_ = gone;
    departed_ += 1;
    next = gone + span_of(options_.headway_s);
  }
}

void LaneEstimate::reset_by_stop_line(Instant now) {
  const double signal_s = to_seconds(now - signal_since_);
  const Instant changed = at_stop_line_.since.value_or(now);
  const double held = to_seconds(now - changed);
  if (at_stop_line_.on && arrived(now) == 0) on_way_.push_front(now);
  // A queue stands at the stop line, whatever the signals show: who should have been there for long
  // and is not has changed lanes, or was counted twice.
  if (!at_stop_line_.on && held >= options_.late_s) {
    const Instant late = now - span_of(options_.late_s);
    while (!on_way_.empty() && on_way_.front() <= late) on_way_.pop_front();
  }
  const bool free_long = !at_stop_line_.on && held >= options_.clear_s;
  if (!open_ || !free_long || signal_s < options_.clear_s + options_.start_up_s) return;
  // Under green a queue would be here by now; those that are on the way still are left alone.
  if (std::min(held, signal_s) <= options_.late_s) {
    const Instant standing = std::min(signal_since_, changed);
    while (!on_way_.empty() && on_way_.front() <= standing) on_way_.pop_front();
  }
  variance_veh2_ = options_.miss_share * vehicles();
}

void LaneEstimate::reset_by_advance(Instant now, double advance_m) {
  const double fits = std::floor(advance_m / options_.spacing_m);
  const auto room = static_cast<std::size_t>(std::max(fits, 1.0));
  if (at_advance_.on && held_s(at_advance_, now) >= options_.standing_s) {
    // The queue stands on the detector: it reaches it, and more come whom nobody counts.
    while (on_way_.size() < std::min(room, most)) on_way_.push_front(now);
    const double hidden = flow_.per_s(now) * held_s(at_advance_, now);
    variance_veh2_ = std::max(variance_veh2_, hidden + 1);
    return;
  }
  // Room between the detectors is all there is: who is counted beyond it was counted twice.
  if (at_advance_.on || on_way_.size() <= room) return;
  while (on_way_.size() > room && on_way_.front() <= now) on_way_.pop_front();
}

LaneScene LaneEstimate::scene(Instant now) const {
  LaneScene scene;
  for (const Instant there : on_way_) {
    scene.arrivals.push_back({to_seconds(there - now), 1.0, MovementIndex::none()});
    if (there <= now) scene.queue_veh += 1;
  }
  if (!advance_m_ && unseen_ > 0) {
    scene.arrivals.insert(scene.arrivals.begin() + static_cast<std::ptrdiff_t>(scene.queue_veh),
                          {0.0, unseen_, MovementIndex::none()});
    scene.queue_veh += unseen_;
  }
  if (at_advance_.on && advance_m_ && held_s(at_advance_, now) >= options_.standing_s) {
    const double hidden = flow_.per_s(now) * (held_s(at_advance_, now) - options_.standing_s);
    if (hidden > 0) {
      scene.arrivals.push_back({0.0, hidden, MovementIndex::none()});
      scene.queue_veh += hidden;
    }
  }
  std::ranges::stable_sort(scene.arrivals, {}, &Arrival::at_s);
  // Who has passed the advance detector is known by name; a mean flow behind them would make every
  // stage wanted all the time.
  const bool nobody_counts = !advance_m_ && !counts_out_;
  scene.arrival_flow_veh_per_s = nobody_counts ? options_.unknown_flow_veh_per_s
                                 : advance_m_  ? 0
                                               : flow_.per_s(now);
  scene.queue_variance_veh2 = variance_veh2_;
  return scene;
}

double LaneEstimate::take_departures() {
  return std::exchange(departed_, 0.0);
}

}  // namespace chorraha
