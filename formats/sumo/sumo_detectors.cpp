#include "formats/sumo/sumo_detectors.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace chorraha::sumo {
namespace {

constexpr double stop_line_m = 5;  // docs/cli.md
constexpr double upstream_m = 80;
constexpr double loop_m = 2;
constexpr double begin_apart_m = 15;  // a lane's begin so near to its stop line says nothing more
constexpr std::size_t id_bytes_max = 255;  // field/driver_frame

std::string stop_line_id(const Lane& lane) {
  return fmt::format("{}.{:.0f}m", lane.id.text(), stop_line_m);
}

class Installer {
 public:
  explicit Installer(NetworkParts& parts) : parts_(parts), into_(parts.lanes.size()) {
    for (std::size_t i = 0; i < parts.movements.size(); ++i)
      into_[parts.movements[i].to.value()].emplace_back(i);
  }

  Done install() {
    std::vector<bool> equipped(parts_.lanes.size(), false);
    for (const Movement& movement : parts_.movements) {
      const LaneIndex lane = movement.from;
      if (!movement.intersection.valid() || !at(lane).vehicles_allowed) continue;
      if (equipped[lane.value()]) continue;
      equipped[lane.value()] = true;
      approach_ = lane;
      intersection_ = movement.intersection;
      add_at_stop_line();
      add_upstream();
    }
    for (const Detector& detector : parts_.detectors) {
      if (detector.id.text().size() > id_bytes_max) {
        return Fault{Reason::not_possible, "detector " + detector.id.text(),
                     fmt::format("{} bytes", detector.id.text().size()),
                     fmt::format("{}, as a lamp driver's frame holds", id_bytes_max)};
      }
    }
    return {};
  }

 private:
  /// The lane's downstream end is `rest_m` nearer to the stop line than the detector shall be.
  struct Step {
    LaneIndex lane;
    double rest_m = 0;
  };

  [[nodiscard]] const Lane& at(LaneIndex lane) const { return parts_.lanes[lane.value()]; }

  void add(LaneIndex lane, double position_m, std::string id) {
    Detector loop;
    loop.id = DetectorId{std::move(id)};
    loop.kind = Detector::Kind::presence;
    loop.lane = lane;
    loop.position_m = position_m;
    loop.length_m = std::min(loop_m, position_m);
    loop.intersection = intersection_;
    parts_.detectors.push_back(std::move(loop));
  }

  void add_at_stop_line() {
    const double length_m = at(approach_).length_m;
    const double position_m = length_m > stop_line_m ? length_m - stop_line_m : length_m / 2;
    add(approach_, position_m, stop_line_id(at(approach_)));
  }

  void add_upstream() {
    std::vector<bool> seen(parts_.lanes.size(), false);
    std::vector<Step> steps{{approach_, upstream_m}};
    seen[approach_.value()] = true;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step step = steps[i];
      const Lane& lane = at(step.lane);
      if (lane.length_m > step.rest_m) {
        add_upstream_at(step.lane, lane.length_m - step.rest_m);
        continue;
      }
      const std::size_t before = steps.size();
      for (const MovementIndex way : into_[step.lane.value()]) {
        const Movement& movement = parts_.movements[way.value()];
        if (!at(movement.from).vehicles_allowed || seen[movement.from.value()]) continue;
        seen[movement.from.value()] = true;
        const double rest_m = step.rest_m - lane.length_m - movement.length_m;
        steps.push_back({movement.from, std::max(rest_m, 0.0)});
      }
      if (steps.size() == before) add_at_begin(step.lane);
    }
  }

  void add_at_begin(LaneIndex lane) {
    const double length_m = at(lane).length_m;
    if (lane == approach_ && length_m < begin_apart_m) return;
    add_upstream_at(lane, std::min(loop_m, length_m));
  }

  void add_upstream_at(LaneIndex lane, double position_m) {
    std::string id = fmt::format("{}.{:.0f}m", at(approach_).id.text(), upstream_m);
    if (lane != approach_) id += "." + at(lane).id.text();
    add(lane, position_m, std::move(id));
  }

  NetworkParts& parts_;
  std::vector<std::vector<MovementIndex>> into_;  // by lane
  LaneIndex approach_;
  IntersectionIndex intersection_;
};

GroupSet groups_of(const Network& network, const IntersectionConfig& config, LaneIndex lane) {
  GroupSet groups;
  for (const MovementIndex index : network.lane(lane).outgoing) {
    const MovementId& id = network.movement(index).id;
    for (std::size_t g = 0; g < config.groups().size(); ++g) {
      if (std::ranges::find(config.groups()[g].movements, id) != config.groups()[g].movements.end())
        groups.insert(GroupIndex{g});
    }
  }
  return groups;
}

}  // namespace

Done add_detectors(NetworkParts& parts) {
  return Installer(parts).install();
}

std::vector<DetectorUse> detector_uses(const Network& network, IntersectionIndex at,
                                       const IntersectionConfig& config) {
  std::vector<DetectorUse> uses;
  const Junction& junction = network.junction(at);
  for (const DetectorIndex index : junction.detectors) {
    const Detector& detector = network.detector(index);
    if (detector.id.text() == stop_line_id(network.lane(detector.lane))) {
      uses.push_back({detector.id, DetectorUse::Input::driver, DetectorUse::Role::call_and_extend,
                      groups_of(network, config, detector.lane)});
    } else {
      uses.push_back({detector.id, DetectorUse::Input::driver, DetectorUse::Role::count_only, {}});
    }
  }
  return uses;
}

}  // namespace chorraha::sumo
