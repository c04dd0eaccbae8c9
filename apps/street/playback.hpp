#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "apps/street/traffic_thread.hpp"
#include "traffic/detection.hpp"

namespace chorraha {

/// `newer` with vehicles and people moved back towards `older`, 0 <= share <= 1 of the way between;
/// who was not there before stays. Detections are left out.
[[nodiscard]] StreetMoment between(const StreetMoment& older, const StreetMoment& newer,
                                   double share);

/// Shows the steps of a street as time goes by. A step is worked out at its begin, whole; what
/// happens in it, happens when its time comes: a loop that is passed inside a step of 1 s goes on
/// and off again at its moments.
/// Queue:   the detections of one step; when the next step comes early, the rest is due at once.
/// Threads: one owner; time is handed in.
class Playback {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A step that begins now.
  void add(std::shared_ptr<const StreetMoment> moment, Time now);
  /// What detectors have seen since the last call, by time.
  [[nodiscard]] std::vector<Detection> take_due(Time now);
  /// The street as it looks now; nothing (an Instant of zero) before the first step.
  [[nodiscard]] StreetMoment look(Time now) const;

 private:
  std::shared_ptr<const StreetMoment> before_, newest_;
  Time began_;                                      // of newest_
  std::deque<std::pair<Time, Detection>> waiting_;  // by time
};

}  // namespace chorraha
