#pragma once

#include <algorithm>
#include <cmath>

#include "traffic/time.hpp"

namespace chorraha {

/// Rate of events over an exponential window.
/// Units:   events in, events per second out. Time: events come in order.
/// Source:  exponentially weighted counts of a Poisson process; variance = rate / (2 window).
/// Young:   before a full window has passed it divides by the part that has (no bias to zero).
class EventRate {
 public:
  explicit EventRate(double window_s) : window_s_(window_s) {}

  /// From here on silence means that nobody came.
  void begin(Instant at) {
    if (!watching_) begun_ = last_ = at;
    watching_ = true;
  }
  void count(Instant at, double events) {
    begin(at);
    fade(at);
    sum_ += events;
  }
  [[nodiscard]] double per_s(Instant now) const {
    if (!watching_) return 0;
    const double seen_s = weight_s(now);
    return seen_s > 0 ? sum_ * std::exp(-past_s(now) / window_s_) / seen_s : 0;
  }
  [[nodiscard]] double variance_per_s2(Instant now) const {
    const double seen_s = watching_ ? weight_s(now) : 0;
    return seen_s > 0 ? per_s(now) / (2 * seen_s) : 0;
  }

 private:
  [[nodiscard]] double past_s(Instant now) const { return std::max(0.0, to_seconds(now - last_)); }
  [[nodiscard]] double weight_s(Instant now) const {
    return window_s_ * (1 - std::exp(-std::max(0.0, to_seconds(now - begun_)) / window_s_));
  }
  void fade(Instant now) {
    sum_ *= std::exp(-past_s(now) / window_s_);
    if (now > last_) last_ = now;
  }

  double window_s_;
  bool watching_ = false;
  Instant begun_, last_;  // valid while watching
  double sum_ = 0;
};

}  // namespace chorraha
