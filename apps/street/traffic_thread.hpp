#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "apps/street/lamp_posts.hpp"
#include "sim/street.hpp"

namespace chorraha {

/// What the street looked like after one step.
struct StreetMoment {
  Instant at;
  std::vector<Detection> detections;  // of the step
  std::vector<VehicleView> vehicles;
  std::vector<PersonView> people;
};

/// Moves the street in real time on a thread of its own, so that it never delays the lamps.
/// In:      the lamps as they are now (`show`; the newest win).
/// Out:     one moment a step, through `moved`, called on this thread: post it elsewhere.
/// Pace:    each step is due at begin + n x step length on the steady clock; late steps follow at
/// once.
class TrafficThread {
 public:
  TrafficThread(std::unique_ptr<Street> street,
                std::function<void(std::shared_ptr<const StreetMoment>)> moved,
                std::function<void(const Fault&)> lost);
  void show(std::vector<LampPosts::Shown> lamps);

 private:
  void run(const std::stop_token& stop);

  std::unique_ptr<Street> street_;
  std::function<void(std::shared_ptr<const StreetMoment>)> moved_;
  std::function<void(const Fault&)> lost_;
  std::mutex guards_lamps_;
  std::vector<LampPosts::Shown> lamps_;  // GUARDED_BY(guards_lamps_)
  std::jthread thread_;                  // last: stops before the rest goes
};

}  // namespace chorraha
