#include "sim/poisson_stream.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace chorraha::sim {
namespace {

constexpr double day_s = 86400;
constexpr double never_s = std::numeric_limits<double>::infinity();

double seconds(std::chrono::seconds span) {
  return static_cast<double>(span.count());
}

}  // namespace

PoissonStream::PoissonStream(std::vector<RouteFlow::Interval> intervals, double scale,
                             Purpose purpose, std::uint64_t who)
    : intervals_(std::move(intervals)), scale_(scale), purpose_(purpose), who_(who) {
  std::erase_if(intervals_, [&](const RouteFlow::Interval& interval) {
    return !(interval.flow_veh_per_h * scale > 0) || interval.end <= interval.begin;
  });
  const bool one_day = intervals_.empty() || seconds(intervals_.back().end) <= day_s;
  period_s_ = one_day ? day_s : never_s;
}

void PoissonStream::start(const Dice& dice, double begin_s) {
  taken_ = 0;
  next_s_ = begin_s;
  take(dice);
}

void PoissonStream::take(const Dice& dice) {
  if (intervals_.empty() || next_s_ == never_s) {
    next_s_ = never_s;
    return;
  }
  double vehicles = dice.exponential(purpose_, who_, taken_++);
  double base_s = std::isinf(period_s_) ? 0 : std::floor(next_s_ / period_s_) * period_s_;
  while (!std::isinf(base_s)) {
    if (take_within(base_s, vehicles)) return;
    base_s += period_s_;
    next_s_ = base_s;
  }
  next_s_ = never_s;
}

bool PoissonStream::take_within(double base_s, double& vehicles) {
  for (const RouteFlow::Interval& interval : intervals_) {
    const double from_s = std::max(next_s_, base_s + seconds(interval.begin));
    const double length_s = base_s + seconds(interval.end) - from_s;
    if (length_s <= 0) continue;
    const double flow_per_s = interval.flow_veh_per_h * scale_ / 3600;
    if (vehicles < flow_per_s * length_s) {
      next_s_ = from_s + vehicles / flow_per_s;
      return true;
    }
    vehicles -= flow_per_s * length_s;
  }
  return false;
}

}  // namespace chorraha::sim
