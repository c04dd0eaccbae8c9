#include "traffic/network.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace chorraha {
namespace {

double distance_m(Point a, Point b) {
  return std::hypot(b.x_m - a.x_m, b.y_m - a.y_m);
}

template <class Thing, class Key, class Place>
Done index_by_id(const std::vector<Thing>& things, const char* kind,
                 std::unordered_map<Key, Place>& by_id) {
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (things[i].id.empty()) {
      return Fault{Reason::bad_input, std::string(kind) + " " + std::to_string(i), "no id",
                   "an id"};
    }
    if (!by_id.emplace(things[i].id, Place{i}).second) {
      return Fault{Reason::bad_input, kind, things[i].id.text() + " twice", "each id once"};
    }
  }
  return {};
}

template <class Place>
bool points_into(Place place, std::size_t size) {
  return place.valid() && place.value() < size;
}

Fault dangling(const char* kind, const std::string& id, const char* allowed) {
  return Fault{Reason::bad_input, std::string(kind) + " " + id, "points nowhere", allowed};
}

Done check_lanes(const NetworkParts& parts) {
  for (const Link& link : parts.links) {
    for (const LaneIndex lane : link.lanes) {
      if (!points_into(lane, parts.lanes.size()))
        return dangling("link", link.id.text(), "its lanes exist");
    }
  }
  for (const Lane& lane : parts.lanes) {
    if (!points_into(lane.link, parts.links.size()))
      return dangling("lane", lane.id.text(), "its link exists");
    const auto fault = [&](const std::string& seen, const char* allowed) {
      return Fault{Reason::bad_input, "lane " + lane.id.text(), seen, allowed};
    };
    if (!(lane.length_m > 0) || !std::isfinite(lane.length_m)) {
      return fault("length_m = " + std::to_string(lane.length_m), "more than 0");
    }
    if (!(lane.speed_limit_mps > 0) || !std::isfinite(lane.speed_limit_mps)) {
      return fault("speed_limit_mps = " + std::to_string(lane.speed_limit_mps), "more than 0");
    }
    if (lane.shape.size() < 2)
      return fault(std::to_string(lane.shape.size()) + " points", "at least 2");
  }
  return {};
}

Done check_movements(const NetworkParts& parts) {
  for (const Movement& movement : parts.movements) {
    const std::string& id = movement.id.text();
    if (!points_into(movement.from, parts.lanes.size()) ||
        !points_into(movement.to, parts.lanes.size())) {
      return dangling("movement", id, "its lanes exist");
    }
    if (movement.intersection.valid() && movement.intersection.value() >= parts.junctions.size()) {
      return dangling("movement", id, "its intersection exists");
    }
    for (const Movement::Foe& foe : movement.foes) {
      if (!points_into(foe.movement, parts.movements.size()))
        return dangling("movement", id, "its foes exist");
    }
    for (const CrossingIndex crossing : movement.crossings) {
      if (!points_into(crossing, parts.crossings.size()))
        return dangling("movement", id, "its crossings exist");
    }
    if (!(movement.length_m > 0) || !(movement.speed_limit_mps > 0)) {
      return Fault{Reason::bad_input, "movement " + id,
                   "length_m = " + std::to_string(movement.length_m) +
                       ", speed_limit_mps = " + std::to_string(movement.speed_limit_mps),
                   "both more than 0"};
    }
  }
  return {};
}

Done check_detectors(const NetworkParts& parts) {
  for (const Detector& detector : parts.detectors) {
    const std::string& id = detector.id.text();
    if (detector.kind == Detector::Kind::button) {
      if (!points_into(detector.crossing, parts.crossings.size()))
        return dangling("detector", id, "its crossing exists");
      continue;
    }
    if (!points_into(detector.lane, parts.lanes.size()))
      return dangling("detector", id, "its lane exists");
    const Lane& lane = parts.lanes[detector.lane.value()];
    if (detector.position_m < 0 || detector.position_m > lane.length_m + 0.01 ||
        detector.length_m < 0 || detector.length_m > detector.position_m + 0.01) {
      return Fault{Reason::bad_input, "detector " + id,
                   "position_m = " + std::to_string(detector.position_m) +
                       ", length_m = " + std::to_string(detector.length_m),
                   "on its lane of " + std::to_string(lane.length_m) + " m"};
    }
  }
  return {};
}

// Lists of what belongs to a junction, and lanes' ways in and out, follow from the things
// themselves.
void fill_back_references(NetworkParts& parts) {
  for (Lane& lane : parts.lanes) {
    lane.outgoing.clear();
    lane.incoming.clear();
  }
  for (Junction& junction : parts.junctions) {
    junction.approaches.clear();
    junction.movements.clear();
    junction.crossings.clear();
    junction.detectors.clear();
  }
  for (std::size_t i = 0; i < parts.movements.size(); ++i) {
    const Movement& movement = parts.movements[i];
    parts.lanes[movement.from.value()].outgoing.emplace_back(i);
    parts.lanes[movement.to.value()].incoming.emplace_back(i);
    if (!movement.intersection.valid()) continue;
    Junction& junction = parts.junctions[movement.intersection.value()];
    junction.movements.emplace_back(i);
    if (std::ranges::find(junction.approaches, movement.from) == junction.approaches.end()) {
      junction.approaches.push_back(movement.from);
    }
  }
  for (std::size_t i = 0; i < parts.crossings.size(); ++i) {
    const IntersectionIndex at = parts.crossings[i].intersection;
    if (at.valid()) parts.junctions[at.value()].crossings.emplace_back(i);
  }
  for (std::size_t i = 0; i < parts.detectors.size(); ++i) {
    const IntersectionIndex at = parts.detectors[i].intersection;
    if (at.valid()) parts.junctions[at.value()].detectors.emplace_back(i);
  }
}

template <class Key, class Place>
Place found(const std::unordered_map<Key, Place>& by_id, const Key& id) {
  const auto place = by_id.find(id);
  return place == by_id.end() ? Place::none() : place->second;
}

}  // namespace

double length_m(const Polyline& line) {
  double sum_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum_m += distance_m(line[i - 1], line[i]);
  return sum_m;
}

Pose pose_at(const Polyline& line, double along_m) {
  if (line.empty()) return {};
  if (line.size() == 1) return Pose{line.front(), 0};
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point a = line[i - 1];
    const Point b = line[i];
    const double piece_m = distance_m(a, b);
    if (along_m <= piece_m || i + 1 == line.size()) {
      const double share = piece_m > 0 ? along_m / piece_m : 0;
      return Pose{{a.x_m + share * (b.x_m - a.x_m), a.y_m + share * (b.y_m - a.y_m)},
                  std::atan2(b.y_m - a.y_m, b.x_m - a.x_m)};
    }
    along_m -= piece_m;
  }
  return {};
}

Result<Network> Network::make(NetworkParts parts) {
  Network network;
  for (const Done& indexed :
       {index_by_id(parts.links, "link", network.link_by_id_),
        index_by_id(parts.lanes, "lane", network.lane_by_id_),
        index_by_id(parts.movements, "movement", network.movement_by_id_),
        index_by_id(parts.crossings, "crossing", network.crossing_by_id_),
        index_by_id(parts.detectors, "detector", network.detector_by_id_),
        index_by_id(parts.junctions, "intersection", network.intersection_by_id_)}) {
    if (!indexed) return indexed.error();
  }
  for (const Done& checked : {check_lanes(parts), check_movements(parts), check_detectors(parts)}) {
    if (!checked) return checked.error();
  }
  const std::size_t junctions = parts.junctions.size();
  const auto stands = [&](IntersectionIndex at) { return !at.valid() || at.value() < junctions; };
  for (const Link& link : parts.links) {
    if (!stands(link.downstream) || !stands(link.upstream))
      return dangling("link", link.id.text(), "its intersections exist");
  }
  for (const Crossing& crossing : parts.crossings) {
    if (!stands(crossing.intersection))
      return dangling("crossing", crossing.id.text(), "its intersection exists");
  }
  for (const Detector& detector : parts.detectors) {
    if (!stands(detector.intersection))
      return dangling("detector", detector.id.text(), "its intersection exists");
  }
  fill_back_references(parts);
  network.parts_ = std::move(parts);
  return network;
}

LinkIndex Network::find(const LinkId& id) const {
  return found(link_by_id_, id);
}
LaneIndex Network::find(const LaneId& id) const {
  return found(lane_by_id_, id);
}
MovementIndex Network::find(const MovementId& id) const {
  return found(movement_by_id_, id);
}
CrossingIndex Network::find(const CrossingId& id) const {
  return found(crossing_by_id_, id);
}
DetectorIndex Network::find(const DetectorId& id) const {
  return found(detector_by_id_, id);
}
IntersectionIndex Network::find(const IntersectionId& id) const {
  return found(intersection_by_id_, id);
}

}  // namespace chorraha
