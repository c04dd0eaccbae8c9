#include "apps/street/picture_thread.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <unordered_map>

#include "apps/camera/jpeg.hpp"
#include "sim/virtual_camera.hpp"

namespace chorraha {
namespace {

using Clock = std::chrono::steady_clock;

Point mixed(Point a, Point b, double share) {
  return {a.x_m + share * (b.x_m - a.x_m), a.y_m + share * (b.y_m - a.y_m)};
}

double turned(double from_rad, double to_rad, double share) {
  return from_rad + share * std::remainder(to_rad - from_rad, 2 * M_PI);
}

/// `newer` moved back towards `older`; who was not there before stays where it is.
template <class View, class Move>
std::vector<View> drawn_back(const std::vector<View>& older, std::vector<View> newer, Move move) {
  std::unordered_map<std::uint64_t, const View*> before;
  for (const View& view : older) before.emplace(view.number, &view);
  for (View& view : newer) {
    if (const auto found = before.find(view.number); found != before.end())
      move(*found->second, view);
  }
  return newer;
}

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
  StreetMoment moment;
  moment.at = newer->at - step + std::chrono::duration_cast<Milliseconds>(step * share);
  moment.vehicles =
      drawn_back(older->vehicles, newer->vehicles, [&](const VehicleView& from, VehicleView& to) {
        to.front = mixed(from.front, to.front, share);
        to.heading_rad = turned(from.heading_rad, to.heading_rad, share);
      });
  moment.people = drawn_back(
      older->people, newer->people,
      [&](const PersonView& from, PersonView& to) { to.at = mixed(from.at, to.at, share); });
  return moment;
}

void PictureThread::run(const Network& network, const CameraConfig& camera,
                        const std::stop_token& stop) {
  VirtualCamera eye(network,
                    {.id = camera.id, .pose = *camera.pose, .size = {camera.width, camera.height}});
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
