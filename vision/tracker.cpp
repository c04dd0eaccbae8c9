#include "vision/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace chorraha::vision {
namespace {

constexpr double edge_gain = 0.5;      // alpha, on the edges of the box
constexpr double shrink_gain = 0.25;   // a box gives way slowly: holes are commoner than lies
constexpr double velocity_gain = 0.4;  // towards the velocity of the sight
constexpr double coast_s = 0.5;
constexpr double overlap_min = 0.25;  // of the smaller box: belongs together
constexpr double piece_share = 0.6;   // of a sight inside a track: a piece of it
constexpr double member_share = 0.5;  // of a track inside a sight: one of its members
constexpr double same_vehicle = 1.4;  // largest area of one against the union of all
constexpr double filled_share = 0.6;  // of a sight by its members: else they are its fragments
constexpr double standing_px_per_s = 12.0;  // a quarter of a car a second
constexpr double covered_keep = 0.5;        // of what it was
constexpr double left_behind = 0.8;         // of what it was, where it was last seen
constexpr double covered_gain = 0.4;
constexpr double covered_min = 0.15;
constexpr int hits_to_stand = 3;
constexpr double travelled_share_to_stand = 0.3;

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  return (a & b).area() / std::max(1e-9, std::min(a.area(), b.area()));
}

double mix(double from, double to, double gain) {
  return from + gain * (to - from);
}

}  // namespace

void Tracker::step(const std::vector<Sight>& sights, double step_s, const Covered& covered) {
  lost_.clear();
  predict(step_s);
  hit_.assign(tracks_.size(), false);
  assign(sights, covered);
  retire(covered);
}

void Tracker::predict(double step_s) {
  for (Track& track : tracks_) {
    const cv::Point2d move = track.standing ? cv::Point2d(0, 0) : track.velocity_px_per_s * step_s;
    track.box += move;
    track.travelled_px += move.y;
    track.unseen_s += step_s;
  }
}

void Tracker::assign(const std::vector<Sight>& sights, const Covered& covered) {
  // Large sights first: they decide who shares.
  std::vector<std::size_t> order(sights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return sights[a].box.area() > sights[b].box.area();
  });
  for (const std::size_t i : order) {
    const Claims claims = claims_on(sights[i]);
    if (claims.members.size() > 1) {
      share(sights[i], claims.members, covered);
    } else if (claims.best < tracks_.size()) {
      update(tracks_[claims.best], sights[i], covered);
      hit_[claims.best] = true;
    } else if (!claims.piece_of_one) {
      begin(sights[i], covered);
    }
  }
}

Tracker::Claims Tracker::claims_on(const Sight& sight) const {
  Claims claims;
  claims.best = tracks_.size();
  double best_overlap = overlap_min;
  for (std::size_t t = 0; t < hit_.size(); ++t) {
    const double inside = (tracks_[t].box & sight.box).area();
    if (hit_[t]) {
      claims.piece_of_one |= inside / sight.box.area() > piece_share;
      continue;
    }
    if (inside / std::max(1e-9, tracks_[t].box.area()) > member_share) claims.members.push_back(t);
    const double here = overlap(tracks_[t].box, sight.box);
    if (here > best_overlap) {
      best_overlap = here;
      claims.best = t;
    }
  }
  return claims;
}

void Tracker::share(const Sight& sight, const std::vector<std::size_t>& members,
                    const Covered& covered) {
  const auto largest = *std::ranges::max_element(
      members, {}, [&](std::size_t t) { return tracks_[t].largest_area_px; });
  double filled_px = 0;
  for (const std::size_t t : members) filled_px += (tracks_[t].box & sight.box).area();
  const bool pieces = sight.area_px < same_vehicle * tracks_[largest].largest_area_px ||
                      filled_px < filled_share * sight.area_px;
  if (pieces) {
    const auto longest =
        *std::ranges::max_element(members, {}, [&](std::size_t t) { return tracks_[t].hits; });
    for (const std::size_t t : members) {
      hit_[t] = true;
      if (t == longest) continue;
      if (tracks_[t].counted) tracks_[longest].counted = true;
      tracks_[t].hits = 0;  // retired below
      tracks_[t].decided = true;
      tracks_[t].unseen_s = 2 * coast_s;
    }
    update(tracks_[longest], sight, covered);
    return;
  }
  for (const std::size_t t : members) {
    Sight part = sight;
    part.box = tracks_[t].box & sight.box;
    part.area_px = std::min(tracks_[t].largest_area_px, part.box.area());
    update(tracks_[t], part, covered);
    hit_[t] = true;
  }
}

void Tracker::update(Track& track, const Sight& sight, const Covered& covered) {
  const auto edge = [](double known, double seen, bool grows) {
    return mix(known, seen, grows ? edge_gain : shrink_gain);
  };
  const cv::Point2d before = track.centre();
  const double left = edge(track.box.x, sight.box.x, sight.box.x < track.box.x);
  const double top = edge(track.box.y, sight.box.y, sight.box.y < track.box.y);
  const double right =
      edge(track.box.br().x, sight.box.br().x, sight.box.br().x > track.box.br().x);
  const double bottom =
      edge(track.box.br().y, sight.box.br().y, sight.box.br().y > track.box.br().y);
  track.box = cv::Rect2d(cv::Point2d(left, top), cv::Point2d(right, bottom));
  track.travelled_px += track.centre().y - before.y;
  track.velocity_px_per_s += velocity_gain * (sight.velocity_px_per_s - track.velocity_px_per_s);
  ++track.hits;
  track.score += (sight.score - track.score) / track.hits;
  track.largest_area_px = std::max(track.largest_area_px, sight.area_px);
  track.unseen_s = 0;
  track.standing = false;
  track.covered = mix(track.covered, covered(track.box), covered_gain);
  track.seen_box = track.box;
}

void Tracker::begin(const Sight& sight, const Covered& covered) {
  Track track;
  track.id = next_id_++;
  track.box = sight.box;
  track.velocity_px_per_s = sight.velocity_px_per_s;
  track.first_centre = track.centre();
  track.largest_area_px = sight.area_px;
  track.score = sight.score;
  track.hits = 1;
  track.covered = covered(track.box);
  track.seen_box = track.box;
  tracks_.push_back(track);
}

// Slow and still different from the road; or braked so hard that it is where it was last seen and
// not where it should be by now.
bool Tracker::has_stopped(Track& track, const Covered& covered) {
  if (track.hits < hits_to_stand) return false;
  if (track.travelled_px < travelled_share_to_stand * track.box.height) return false;
  const double needed = std::max(covered_min, covered_keep * track.covered);
  const bool here = covered(track.box) >= needed;
  if (here && std::abs(track.velocity_px_per_s.y) < standing_px_per_s) return true;
  const bool there = covered(track.seen_box) >= std::max(needed, left_behind * track.covered);
  if (here || !there) return false;
  track.box = track.seen_box;
  track.velocity_px_per_s = {0, 0};
  return true;
}

void Tracker::retire(const Covered& covered) {
  const cv::Rect2d patch(0, 0, patch_.width, patch_.height);
  std::vector<Track> alive;
  for (Track& track : tracks_) {
    const bool outside = (track.box & patch).area() < 0.2 * track.box.area();
    bool gone = outside || track.box.width < 2 || track.box.height < 2;
    if (!gone && track.unseen_s > 0) {
      track.standing = has_stopped(track, covered);
      gone = !track.standing && track.unseen_s > coast_s;
    }
    (gone ? lost_ : alive).push_back(track);
  }
  tracks_ = std::move(alive);
}

}  // namespace chorraha::vision
