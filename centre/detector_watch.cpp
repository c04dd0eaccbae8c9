#include "centre/detector_watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

constexpr auto camera_silence_max = 3s;
constexpr double blind_share = 0.5;
constexpr double stop_line_reach_m = 15;
constexpr double beside_m = 5;
constexpr Ticks long_green{80};
constexpr Ticks seen_from_begin{20};  // reports come once a second
constexpr int greens_max = 2;
constexpr auto unchanged_max = 2min;
constexpr std::uint64_t flow_beside_stuck = 10;
constexpr std::uint64_t flow_beside_unseen = 50;

double before_end_m(const Network& network, const Detector& detector) {
  return network.lane(detector.lane).length_m - detector.position_m;
}

/// The groups that let traffic of its lane go, or people of its crossing.
GroupSet groups_of(const Network& network, const Detector& detector,
                   const IntersectionConfig& config) {
  GroupSet groups;
  for (const GroupIndex g : config.all_groups()) {
    const SignalGroup& group = config.group(g);
    const bool goes = std::ranges::any_of(group.movements, [&](const MovementId& id) {
      const MovementIndex movement = network.find(id);
      return movement.valid() && detector.lane.valid() &&
             network.movement(movement).from == detector.lane;
    });
    const bool walks = std::ranges::any_of(group.crossings, [&](const CrossingId& id) {
      return detector.crossing.valid() && network.find(id) == detector.crossing;
    });
    if (goes || walks) groups.insert(g);
  }
  return groups;
}

bool stand_beside(const Network& network, const Detector& a, const Detector& b) {
  if (a.kind != b.kind || !a.lane.valid() || !b.lane.valid() || a.lane == b.lane) return false;
  return network.lane(a.lane).link == network.lane(b.lane).link &&
         std::abs(before_end_m(network, a) - before_end_m(network, b)) <= beside_m;
}

/// Of the groups that are lit, when the first of them became so; nothing while none is.
std::optional<Tick> green_since(GroupSet groups, const StateReport& report) {
  std::optional<Tick> since;
  for (const GroupIndex g : groups) {
    if (g.value() >= report.groups.size()) continue;
    const GroupState& group = report.groups[g.value()];
    if (is_green(group.aspect))
      since = std::min(since.value_or(group.green_since), group.green_since);
  }
  return since;
}

/// How long the green was that ended last.
Ticks last_green(GroupSet groups, const StateReport& report) {
  Tick ended = Tick::min();
  Ticks length{0};
  for (const GroupIndex g : groups) {
    if (g.value() >= report.groups.size() || report.groups[g.value()].since <= ended) continue;
    ended = report.groups[g.value()].since;
    length = ended - report.groups[g.value()].green_since;
  }
  return length;
}

}  // namespace

DetectorDoubt doubt_of(const std::optional<CameraHealth>& health, Instant now) {
  if (!health || !health->streaming || now - health->at > camera_silence_max)
    return DetectorDoubt::camera_silent;
  const double worst = std::max({health->dark, health->blurred, health->moved, health->frozen});
  return worst >= blind_share ? DetectorDoubt::camera_blind : DetectorDoubt::none;
}

DetectorWatch::DetectorWatch(const Network& network,
                             const std::vector<IntersectionConfig>& intersections)
    : detectors_(network.junctions().size()),
      watched_(network.detectors().size()),
      boots_(network.junctions().size()) {
  CHORRAHA_EXPECT(intersections.size() == network.junctions().size());
  for (std::size_t i = 0; i < intersections.size(); ++i)
    connect(network, IntersectionIndex{i}, intersections[i]);
}

void DetectorWatch::connect(const Network& network, IntersectionIndex at,
                            const IntersectionConfig& config) {
  const std::vector<DetectorIndex>& all = network.junction(at).detectors;
  detectors_[at.value()] = all;
  for (const DetectorIndex index : all) {
    const Detector& detector = network.detector(index);
    Watched& watched = watched_[index.value()];
    watched.kind = detector.kind;
    watched.groups = groups_of(network, detector, config);
    watched.at_stop_line =
        detector.lane.valid() && before_end_m(network, detector) <= stop_line_reach_m;
  }
  for (const DetectorIndex index : all) {
    Watched& watched = watched_[index.value()];
    for (std::size_t place = 0; place < all.size(); ++place) {
      if (stand_beside(network, network.detector(index), network.detector(all[place])) &&
          watched.groups.intersects(watched_[all[place].value()].groups))
        watched.beside.push_back(place);
    }
  }
}

void DetectorWatch::look(IntersectionIndex at, const StateReport& report,
                         std::span<const DetectorView> seen, Instant now) {
  const std::vector<DetectorIndex>& all = detectors_[at.value()];
  CHORRAHA_EXPECT(seen.size() == all.size());
  const bool new_boot = boots_[at.value()] != report.boot;
  boots_[at.value()] = report.boot;
  for (std::size_t place = 0; place < all.size(); ++place) {
    Watched& watched = watched_[all[place].value()];
    std::uint64_t passed = 0;
    for (const std::size_t other : watched.beside) passed += seen[other].total;
    const bool first = watched.since == Instant{};
    if (first || watched.changed != seen[place].changed) {
      watched.changed = seen[place].changed;
      watched.since = now;
      watched.passed_since = passed;
      watched.greens = 0;
      watched.passed.reset();
    }
    if (new_boot) watched.passed.reset();
    follow_green(watched, report, passed);
    judge(watched, seen[place].occupied, passed, now);
  }
}

/// A green counts when it was seen from its begin to its end without a change of the detector.
void DetectorWatch::follow_green(Watched& watched, const StateReport& report,
                                 std::uint64_t passed) {
  if (const std::optional<Tick> since = green_since(watched.groups, report)) {
    if (!watched.passed && report.now - *since <= seen_from_begin) watched.passed = passed;
    return;
  }
  if (!watched.passed) return;
  const bool counts =
      watched.kind == Detector::Kind::button ||
      (last_green(watched.groups, report) >= long_green && passed > *watched.passed);
  watched.greens += counts ? 1 : 0;
  watched.passed.reset();
}

void DetectorWatch::judge(Watched& watched, bool occupied, std::uint64_t passed, Instant now) {
  const bool button = watched.kind == Detector::Kind::button;
  const bool long_ago = now - watched.since >= unchanged_max;
  const std::uint64_t flow = passed - std::min(passed, watched.passed_since);
  watched.doubt = DetectorDoubt::none;
  if (occupied && (button || watched.at_stop_line)) {
    if (watched.greens >= greens_max) watched.doubt = DetectorDoubt::stuck;
  } else if (occupied) {
    if (long_ago && flow >= flow_beside_stuck) watched.doubt = DetectorDoubt::stuck;
  } else if (!button && long_ago && flow >= flow_beside_unseen) {
    watched.doubt = DetectorDoubt::unseen;
  }
}

}  // namespace chorraha
