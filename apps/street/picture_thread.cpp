#include "apps/street/picture_thread.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>

#include "apps/camera/jpeg.hpp"
#include "apps/street/playback.hpp"
#include "sim/virtual_camera.hpp"

namespace chorraha {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

PictureThread::PictureThread(const Network& network, const CameraConfig& camera,
                             std::function<void(Jpeg)> drawn)
    : drawn_(std::move(drawn)), thread_([this, network, camera](const std::stop_token& stop) {
        run(network, camera, stop);
      }) {}

void PictureThread::moved(std::shared_ptr<const StreetMoment> moment) {
  const std::scoped_lock lock(guards_moments_);
  before_ = std::exchange(newest_, std::move(moment));
  arrived_ = Clock::now();
}

void PictureThread::watch(bool watched) {
  const std::scoped_lock lock(guards_moments_);
  watched_ = watched;
}

StreetMoment PictureThread::between() const {
  std::shared_ptr<const StreetMoment> older;
  std::shared_ptr<const StreetMoment> newer;
  Clock::time_point arrived;
  {
    const std::scoped_lock lock(guards_moments_);
    if (!watched_ || !newest_) return {};
    older = before_ ? before_ : newest_;
    newer = newest_;
    arrived = arrived_;
  }
  const auto step = newer->at - older->at;
  const double since_s = std::chrono::duration<double>(Clock::now() - arrived).count();
  const double share = step > Milliseconds{0} ? std::min(1.0, since_s / to_seconds(step)) : 1.0;
  return chorraha::between(*older, *newer, share);
}

void PictureThread::run(const Network& network, const CameraConfig& camera,
                        const std::stop_token& stop) {
  VirtualCamera eye(network, {.id = camera.id,
                              .pose = camera.pose.value_or(CameraPose{}),
                              .size = {camera.width, camera.height}});
  std::condition_variable_any pause;
  std::mutex guards_pause;
  auto due = Clock::now();
  std::int64_t number = 0;
  while (!stop.stop_requested()) {
    const StreetMoment moment = between();
    if (moment.at != Instant{}) {
      const Frame frame = eye.render(moment.vehicles, moment.people, number++, moment.at);
      drawn_(std::make_shared<const std::vector<std::byte>>(camera::jpeg_of(frame)));
    }
    due = std::max(due + std::chrono::nanoseconds{1'000'000'000 / pictures_per_s}, Clock::now());
    std::unique_lock lock(guards_pause);
    pause.wait_until(lock, stop, due, [] { return false; });
  }
}

}  // namespace chorraha
