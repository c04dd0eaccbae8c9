#include "apps/street/traffic_thread.hpp"

#include <chrono>
#include <utility>

namespace chorraha {

TrafficThread::TrafficThread(std::unique_ptr<Street> street,
                             std::function<void(std::shared_ptr<const StreetMoment>)> moved,
                             std::function<void(const Fault&)> lost)
    : street_(std::move(street)),
      moved_(std::move(moved)),
      lost_(std::move(lost)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TrafficThread::show(std::vector<LampPosts::Shown> lamps) {
  const std::scoped_lock lock(guards_lamps_);
  lamps_ = std::move(lamps);
}

void TrafficThread::run(const std::stop_token& stop) {
  std::condition_variable_any pause;
  std::mutex guards_pause;
  auto due = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(guards_lamps_);
      for (std::size_t i = 0; i < lamps_.size(); ++i)
        street_->show(IntersectionIndex{i}, lamps_[i].aspects, lamps_[i].mode);
    }
    if (const Done done = street_->advance(); !done) {
      lost_(done.error());
      return;
    }
    auto moment = std::make_shared<StreetMoment>();
    moment->at = street_->now();
    moment->detections.assign(street_->detections().begin(), street_->detections().end());
    moment->vehicles = street_->vehicles();
    moment->people = street_->pedestrians();
    moved_(std::move(moment));
    due += street_->step_length();
    std::unique_lock lock(guards_pause);
    pause.wait_until(lock, stop, due, [] { return false; });
  }
}

}  // namespace chorraha
