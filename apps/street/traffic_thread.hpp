#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "apps/street/lamp_posts.hpp"
#include "sim/street.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// What the street looked like after one step.
struct StreetMoment {
  Instant at;                         // the end of the step
  Milliseconds step{0};               // its length
  Milliseconds late{0};               // behind its time when it was worked out
  std::vector<Detection> detections;  // of the step
  std::vector<VehicleView> vehicles;
  std::vector<PersonView> people;
};

/// Opens a street that has run until now; looks at the token while that takes long.
using StreetOpener = std::function<Result<std::unique_ptr<Street>>(const std::stop_token&)>;

/// Opens a street and moves it in real time, on a thread of its own, so that it never delays the
/// lamps. The street lives and dies on that thread.
/// In:      the lamps as they are now (`show`; the newest win).
/// Out:     `opened` once, then one moment a step through `moved`; `lost` ends it. All are called
///          on this thread: post them elsewhere.
/// Pace:    each step is worked out when its begin is due, at opening + n x step length on the
///          steady clock; late steps follow at once.
class TrafficThread {
 public:
  struct Handlers {
    std::function<void(const Totals&)> opened;
    std::function<void(std::shared_ptr<const StreetMoment>)> moved;
    std::function<void(const Fault&)> lost;
  };
  TrafficThread(StreetOpener open, Handlers handlers);
  void show(std::vector<LampPosts::Shown> lamps);

 private:
  void run(const std::stop_token& stop);
  Done move(Street& street, std::chrono::steady_clock::time_point due);

  StreetOpener open_;
  Handlers handlers_;
  std::mutex guards_lamps_;
  std::vector<LampPosts::Shown> lamps_;  // GUARDED_BY(guards_lamps_)
  std::jthread thread_;                  // last: stops before the rest goes
};

}  // namespace chorraha
