#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// A place in the city's plane: metres, x east, y north. Degrees exist only in GeoJSON.
struct Point {
  double x_m = 0;
  double y_m = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
using Polyline = std::vector<Point>;

[[nodiscard]] double length_m(const Polyline& line);
/// The point `along_m` from the begin, and the direction there (radians, east = 0, anticlockwise).
struct Pose {
  Point at;
  double heading_rad = 0;
};
[[nodiscard]] Pose pose_at(const Polyline& line, double along_m);

enum class Turn : std::uint8_t { straight, left, right, u_turn };
[[nodiscard]] std::string_view name_of(Turn turn);
[[nodiscard]] std::optional<Turn> turn_named(std::string_view name);

/// A one-way street between two junctions.
struct Link {
  LinkId id;
  std::string street;            // its name for people; may be empty
  std::vector<LaneIndex> lanes;  // from the right, 0 first
  IntersectionIndex downstream;  // the signalised intersection it ends at; none() if not signalised
  IntersectionIndex upstream;    // the one it comes from
};

/// Positions on a lane run downstream from its begin.
struct Lane {
  LaneId id;
  LinkIndex link;
  int number = 0;       // from the right
  Polyline shape;       // centre line
  double length_m = 0;  // as the source states it; shape may differ by rounding
  double speed_limit_mps = 0;
  double width_m = 3.2;
  bool vehicles_allowed = true;  // false: footway, tram only
  std::vector<MovementIndex> outgoing;
  std::vector<MovementIndex> incoming;
};

/// A way over a junction from one lane to one lane.
struct Movement {
  /// Another movement or crossing whose way touches this one.
  struct Foe {
    MovementIndex movement;
    bool yields_to = false;  // this movement gives way to it when both may go
  };
  MovementId id;  // "FROM_LANE>TO_LANE"
  LaneIndex from;
  LaneIndex to;
  Turn turn = Turn::straight;
  Polyline shape;  // over the junction
  double length_m = 0;
  double speed_limit_mps = 0;
  IntersectionIndex intersection;  // that signals it; none() if none does
  int signal_link = -1;            // place in the SUMO state string; -1 if none
  std::vector<Foe> foes;
  std::vector<CrossingIndex> crossings;  // that it runs over; pedestrians on them go first
};

/// A pedestrian crossing at a junction.
struct Crossing {
  CrossingId id;
  IntersectionIndex intersection;
  Polyline shape;  // from kerb to kerb
  double width_m = 4.0;
  int signal_link = -1;  // place in the SUMO state string; -1 if none
};

struct Detector {
  enum class Kind : std::uint8_t { presence, crossing, button };
  DetectorId id;
  Kind kind = Kind::presence;
  LaneIndex lane;                  // none() for a button
  CrossingIndex crossing;          // of a button
  double position_m = 0;           // of its downstream end
  double length_m = 0;             // 0 for a counting line
  bool camera = false;             // a camera's line: not in the road
  IntersectionIndex intersection;  // that it serves
};

/// What one signal program drives; may span several nodes of its source.
struct Junction {
  IntersectionId id;
  std::string name;  // "Amir Temur / Navoiy"; the id when the source has none
  Point centre;
  std::vector<LaneIndex> approaches;  // lanes that end at its stop lines
  std::vector<MovementIndex> movements;
  std::vector<CrossingIndex> crossings;
  std::vector<DetectorIndex> detectors;
  Polyline outline;  // for drawing; may be empty
};

/// Street, optimiser, counting and map share this one model. Valid if it exists: every index points
/// somewhere, ids are unique, lengths are positive, back references agree.
struct NetworkParts {
  std::vector<Link> links;
  std::vector<Lane> lanes;  // `outgoing`, `incoming` are filled by make
  std::vector<Movement> movements;
  std::vector<Crossing> crossings;
  std::vector<Detector> detectors;
  std::vector<Junction> junctions;  // by IntersectionIndex; lists are filled by make
};

class Network {
 public:
  [[nodiscard]] static Result<Network> make(NetworkParts parts);

  [[nodiscard]] const std::vector<Link>& links() const { return parts_.links; }
  [[nodiscard]] const std::vector<Lane>& lanes() const { return parts_.lanes; }
  [[nodiscard]] const std::vector<Movement>& movements() const { return parts_.movements; }
  [[nodiscard]] const std::vector<Crossing>& crossings() const { return parts_.crossings; }
  [[nodiscard]] const std::vector<Detector>& detectors() const { return parts_.detectors; }
  [[nodiscard]] const std::vector<Junction>& junctions() const { return parts_.junctions; }

  [[nodiscard]] const Link& link(LinkIndex i) const { return parts_.links[i.value()]; }
  [[nodiscard]] const Lane& lane(LaneIndex i) const { return parts_.lanes[i.value()]; }
  [[nodiscard]] const Movement& movement(MovementIndex i) const {
    return parts_.movements[i.value()];
  }
  [[nodiscard]] const Crossing& crossing(CrossingIndex i) const {
    return parts_.crossings[i.value()];
  }
  [[nodiscard]] const Detector& detector(DetectorIndex i) const {
    return parts_.detectors[i.value()];
  }
  [[nodiscard]] const Junction& junction(IntersectionIndex i) const {
    return parts_.junctions[i.value()];
  }

  // none() if there is no such thing
  [[nodiscard]] LinkIndex find(const LinkId& id) const;
  [[nodiscard]] LaneIndex find(const LaneId& id) const;
  [[nodiscard]] MovementIndex find(const MovementId& id) const;
  [[nodiscard]] CrossingIndex find(const CrossingId& id) const;
  [[nodiscard]] DetectorIndex find(const DetectorId& id) const;
  [[nodiscard]] IntersectionIndex find(const IntersectionId& id) const;

 private:
  Network() = default;

  NetworkParts parts_;
  std::unordered_map<LinkId, LinkIndex> link_by_id_;
  std::unordered_map<LaneId, LaneIndex> lane_by_id_;
  std::unordered_map<MovementId, MovementIndex> movement_by_id_;
  std::unordered_map<CrossingId, CrossingIndex> crossing_by_id_;
  std::unordered_map<DetectorId, DetectorIndex> detector_by_id_;
  std::unordered_map<IntersectionId, IntersectionIndex> intersection_by_id_;
};

}  // namespace chorraha
