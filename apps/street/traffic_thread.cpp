#include "apps/street/traffic_thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace chorraha {

TrafficThread::TrafficThread(StreetOpener open, Handlers handlers)
    : open_(std::move(open)),
      handlers_(std::move(handlers)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TrafficThread::show(std::vector<LampPosts::Shown> lamps) {
  const std::scoped_lock lock(guards_lamps_);
  lamps_ = std::move(lamps);
}

void TrafficThread::run(const std::stop_token& stop) {
  const Result<std::unique_ptr<Street>> street = open_(stop);
  if (stop.stop_requested()) return;
  if (!street) {
    handlers_.lost(street.error());
    return;
  }
  handlers_.opened((*street)->totals());
  std::condition_variable_any pause;
  std::mutex guards_pause;
  auto due = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    if (const Done moved = move(**street, due); !moved) {
      handlers_.lost(moved.error());
      return;
    }
    due += (*street)->step_length();
    std::unique_lock lock(guards_pause);
    pause.wait_until(lock, stop, due, [] { return false; });
  }
}

Done TrafficThread::move(Street& street, std::chrono::steady_clock::time_point due) {
  {
    const std::scoped_lock lock(guards_lamps_);
    for (std::size_t i = 0; i < lamps_.size(); ++i)
      street.show(IntersectionIndex{i}, lamps_[i].aspects, lamps_[i].mode);
  }
  if (const Done done = street.advance(); !done) return done;
  auto moment = std::make_shared<StreetMoment>();
  moment->at = street.now();
  moment->step = street.step_length();
  const auto behind = std::chrono::steady_clock::now() - (due + street.step_length());
  moment->late = std::max(Milliseconds{0}, std::chrono::floor<Milliseconds>(behind));
  moment->detections.assign(street.detections().begin(), street.detections().end());
  moment->vehicles = street.vehicles();
  moment->people = street.pedestrians();
  handlers_.moved(std::move(moment));
  return {};
}

}  // namespace chorraha
