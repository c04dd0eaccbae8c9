#include "sim/road.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace chorraha::sim {
namespace {

constexpr double sample_m = 0.5;
constexpr double lateral_m = 2.5;  // SUMO: ways nearer than this block each other
constexpr double far_m = 6.0;      // listed foes that never come nearer do not touch

struct Sample {
  double along_m = 0;
  Point at;
};

std::vector<Sample> samples_of(const Polyline& line, double stated_m) {
  const double drawn_m = length_m(line);
  const int count = std::max(1, static_cast<int>(std::ceil(drawn_m / sample_m)));
  std::vector<Sample> all;
  for (int i = 0; i <= count; ++i) {
    const double share = static_cast<double>(i) / count;
    all.push_back({share * stated_m, pose_at(line, share * drawn_m).at});
  }
  return all;
}

double squared(Point a, Point b) {
  const double dx = a.x_m - b.x_m;
  const double dy = a.y_m - b.y_m;
  return dx * dx + dy * dy;
}

struct Span {
  double in_m = 0, out_m = 0;
};

// The part of `a` that lies within `lateral_m` of `b`, or around the nearest place.
std::optional<Span> touching(const std::vector<Sample>& a, const std::vector<Sample>& b) {
  double nearest = 1e18;
  double nearest_m = 0;
  std::optional<Span> span;
  for (const Sample& p : a) {
    double least = 1e18;
    for (const Sample& q : b) least = std::min(least, squared(p.at, q.at));
    if (least < nearest) {
      nearest = least;
      nearest_m = p.along_m;
    }
    if (least > lateral_m * lateral_m) continue;
    if (!span) span = Span{p.along_m, p.along_m};
    span->out_m = p.along_m;
  }
  if (span) return span;
  if (nearest > far_m * far_m) return std::nullopt;
  return Span{std::max(0.0, nearest_m - 1), std::min(a.back().along_m, nearest_m + 1)};
}

bool gives_way(const Movement& movement, MovementIndex foe) {
  return std::ranges::any_of(
      movement.foes, [&](const Movement::Foe& f) { return f.movement == foe && f.yields_to; });
}

// The places of two lines that lie nearest to each other.
std::pair<const Sample*, const Sample*> nearest(const std::vector<Sample>& a,
                                                const std::vector<Sample>& b) {
  std::pair<const Sample*, const Sample*> found{};
  double least = std::numeric_limits<double>::infinity();
  for (const Sample& p : a) {
    for (const Sample& q : b) {
      if (squared(p.at, q.at) >= least) continue;
      least = squared(p.at, q.at);
      found = {&p, &q};
    }
  }
  return found;
}

}  // namespace

Road::Road(const Network& network) : lanes_(network.lanes().size()) {
  const std::size_t movements = network.movements().size();
  for (const Lane& lane : network.lanes()) {
    add_lane(network, lane);
  }
  into_.resize(lanes_);
  for (const Movement& movement : network.movements()) {
    length_m_.push_back(movement.length_m);
    limit_mps_.push_back(movement.speed_limit_mps);
    from_.push_back(way_of(movement.from));
    to_.push_back(way_of(movement.to));
    into_[movement.to.value()].push_back(static_cast<std::uint32_t>(to_.size() - 1));
  }
  conflicts_.resize(movements);
  walkways_.resize(movements);
  minor_.resize(movements);
  waits_inside_.resize(movements);
  for (std::uint32_t m = 0; m < movements; ++m) {
    add_conflicts(network, m);
    add_walkways(network, m);
    const Movement& movement = network.movements()[m];
    minor_[m] = std::ranges::any_of(movement.foes, &Movement::Foe::yields_to);
    waits_inside_[m] = movement.turn == Turn::left || movement.turn == Turn::u_turn;
  }
}

void Road::add_lane(const Network& network, const Lane& lane) {
  const std::vector<LaneIndex>& lanes = network.link(lane.link).lanes;
  const auto beside = [&](int number) {
    if (number < 0 || static_cast<std::size_t>(number) >= lanes.size()) return no_way;
    const LaneIndex index = lanes[static_cast<std::size_t>(number)];
    return network.lane(index).vehicles_allowed ? way_of(index) : no_way;
  };
  length_m_.push_back(lane.length_m);
  limit_mps_.push_back(lane.speed_limit_mps);
  number_.push_back(lane.number);
  left_.push_back(beside(lane.number + 1));
  right_.push_back(beside(lane.number - 1));
}

void Road::add_conflicts(const Network& network, std::uint32_t movement) {
  const Movement& mine = network.movements()[movement];
  const std::vector<Sample> own = samples_of(mine.shape, mine.length_m);
  for (const Movement::Foe& foe : mine.foes) {
    const Movement& other = network.movement(foe.movement);
    if (other.from == mine.from) continue;
    const std::vector<Sample> its = samples_of(other.shape, other.length_m);
    const std::optional<Span> here = touching(own, its);
    const std::optional<Span> there = touching(its, own);
    if (!here || !there) continue;
    Conflict conflict;
    conflict.foe = static_cast<std::uint32_t>(foe.movement.value());
    conflict.merges = other.to == mine.to;
    conflict.in_m = here->in_m;
    conflict.foe_in_m = there->in_m;
    conflict.out_m = conflict.merges ? mine.length_m : here->out_m;
    conflict.foe_out_m = conflict.merges ? other.length_m : there->out_m;
    conflict.yields = foe.yields_to;
    conflict.foe_yields = gives_way(other, MovementIndex{movement});
    conflicts_[movement].push_back(conflict);
  }
}

void Road::add_walkways(const Network& network, std::uint32_t movement) {
  const Movement& mine = network.movements()[movement];
  const std::vector<Sample> own = samples_of(mine.shape, mine.length_m);
  for (const CrossingIndex index : mine.crossings) {
    const Crossing& crossing = network.crossing(index);
    const std::vector<Sample> its = samples_of(crossing.shape, chorraha::length_m(crossing.shape));
    Walkway walkway;
    walkway.crossing = static_cast<std::uint32_t>(index.value());
    walkway.half_m = crossing.width_m / 2;
    const auto [here, there] = nearest(own, its);
    if (here != nullptr) {
      walkway.at_m = here->along_m;
      walkway.walk_m = there->along_m;
    }
    walkways_[movement].push_back(walkway);
  }
}

}  // namespace chorraha::sim
