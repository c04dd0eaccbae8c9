#include "apps/street/playback.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace chorraha {
namespace {

Point mixed(Point a, Point b, double share) {
  return {a.x_m + share * (b.x_m - a.x_m), a.y_m + share * (b.y_m - a.y_m)};
}

double turned(double from_rad, double to_rad, double share) {
  return from_rad + share * std::remainder(to_rad - from_rad, 2 * M_PI);
}

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

StreetMoment between(const StreetMoment& older, const StreetMoment& newer, double share) {
  StreetMoment moment;
  const auto step = newer.at - older.at;
  moment.at = newer.at - step + std::chrono::duration_cast<Milliseconds>(step * share);
  moment.step = newer.step;
  moment.vehicles =
      drawn_back(older.vehicles, newer.vehicles, [&](const VehicleView& from, VehicleView& to) {
        to.front = mixed(from.front, to.front, share);
        to.heading_rad = turned(from.heading_rad, to.heading_rad, share);
      });
  moment.people = drawn_back(
      older.people, newer.people,
      [&](const PersonView& from, PersonView& to) { to.at = mixed(from.at, to.at, share); });
  return moment;
}

void Playback::add(std::shared_ptr<const StreetMoment> moment, Time now) {
  for (auto& [due, detection] : waiting_) due = std::min(due, now);
  const Instant begin = moment->at - moment->step;
  for (const Detection& detection : moment->detections)
    waiting_.emplace_back(now + (detection.at - begin), detection);
  before_ = std::exchange(newest_, std::move(moment));
  began_ = now;
}

std::vector<Detection> Playback::take_due(Time now) {
  std::vector<Detection> due;
  while (!waiting_.empty() && waiting_.front().first <= now) {
    due.push_back(waiting_.front().second);
    waiting_.pop_front();
  }
  return due;
}

StreetMoment Playback::look(Time now) const {
  if (!newest_) return {};
  const double since_s = std::chrono::duration<double>(now - began_).count();
  const double step_s = to_seconds(newest_->step);
  const double share = step_s > 0 ? std::clamp(since_s / step_s, 0.0, 1.0) : 1.0;
  return between(before_ ? *before_ : *newest_, *newest_, share);
}

}  // namespace chorraha
