#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "traffic/camera.hpp"
#include "traffic/detection.hpp"
#include "traffic/event.hpp"
#include "traffic/explanation.hpp"
#include "traffic/health.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha::console {

/// Background of the map.
struct MapArea {
  enum class Kind : std::uint8_t { river, park };
  Kind kind = Kind::park;
  Polyline shape;
};

/// How a street is drawn on the map.
enum class StreetClass : std::uint8_t { minor, collector, arterial };

/// Signals that belong together along a street, in driving order.
struct Corridor {
  std::string id;
  std::vector<std::string> names;  // in every language that is known
  std::vector<IntersectionIndex> junctions;
};

/// What stands still while the console runs; one object for the whole life of it.
struct City {
  std::string id;
  std::string name;                        // for people
  bool geographic = false;                 // false: "no geographic position"
  bool simulated = false;                  // the street is our simulator: it may show vehicles
  std::chrono::seconds utc_offset{0};      // local time of the city
  Milliseconds clock_offset{0};            // city's clock - wall clock
  std::shared_ptr<const Network> network;  // never null
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex, as many as junctions
  /// By LinkIndex; may be empty: then the lanes of a link tell its class.
  std::vector<StreetClass> street_classes;
  /// By IntersectionIndex, may be empty: other names, in any script, by which people search.
  std::vector<std::vector<std::string>> aliases;
  std::vector<int> numbers;         // of the signals in the city's list; may be empty; 0: none
  std::vector<Corridor> corridors;  // may be empty
  std::vector<CameraConfig> cameras;
  std::vector<MapArea> areas;
};

/// What one detector saw lately.
struct DetectorView {
  bool occupied = false;
  std::optional<double> occupancy;  // share of the last 10 s, 0 to 1; none for a counting line
  std::optional<Instant> changed;   // last edge or crossing; none if it never reported
  int last_minute = 0;              // vehicles, or presses of a button
  std::string trouble;              // a word of docs/live-feed.md; empty = nothing against it
};

struct QueueView {
  LaneIndex lane;
  double vehicles = 0;
  double deviation = 0;  // standard deviation of `vehicles`
};

/// A timetable that was made from counts.
struct CountedTimetable {
  Timetable timetable;
  Instant made;
  double saturation = 0;  // the fullest movement's flow / capacity
};

/// What the centre knows of one junction.
struct JunctionView {
  std::optional<StateReport> report;  // the newest; none if it was never heard
  Instant heard;                      // when that report came, city's clock
  std::optional<HorizonPlan> plan;    // accepted and in force; none under a timetable
  /// Accepted by the controller; none: the city's own timetable is behind the plan.
  std::optional<CountedTimetable> timetable;
  std::optional<Explanations> explanations;  // the newest of the same boot
  std::vector<DetectorView> detectors;       // in the order of Junction::detectors
  std::vector<QueueView> queues;
};

/// One picture with what the camera saw in it.
struct PictureView {
  struct Box {
    double x = 0, y = 0, width = 0, height = 0;  // pixels
    VehicleClass vehicle_class = VehicleClass::unknown;
  };
  Instant at;
  std::shared_ptr<const std::vector<std::uint8_t>> jpeg;  // never null
  std::vector<Box> boxes;
};

struct CameraView {
  struct Line {
    std::optional<int> last_minute;      // none: not known
    std::optional<std::uint64_t> total;  // since the camera began, as far as it told
    std::optional<Instant> counted;      // the last one
  };
  std::optional<CameraHealth> health;  // none if it was never heard
  std::vector<Line> lines;             // in the order of CameraConfig::lines
  std::optional<PictureView> picture;  // the newest, while somebody looks
};

/// A vehicle of the simulated street.
struct VehicleView {
  std::uint64_t number = 0;
  Point front;
  double heading_rad = 0;  // east = 0, anticlockwise
  double length_m = 0;
  double speed_mps = 0;
  VehicleClass vehicle_class = VehicleClass::car;
};

/// How far the chain from a camera's count to the lamps of its junction has been seen to work.
struct ChainView {
  std::uint64_t counts = 0;
  std::string plan;   // "EPOCH/NUMBER", made from counts and shown
  std::string lamps;  // what was lit by it
  IntersectionId intersection;
  std::string missing;  // the first link not seen yet; empty: closed
};

/// Everything that moves, at one moment.
struct CityView {
  Instant at;                                                // city's clock
  std::vector<JunctionView> junctions;                       // by IntersectionIndex
  std::vector<CameraView> cameras;                           // in the order of City::cameras
  std::vector<Event> events;                                 // new since the view before, by time
  std::shared_ptr<const std::vector<VehicleView>> vehicles;  // null unless simulated
  std::shared_ptr<const std::vector<Point>> people;          // null unless simulated
  std::optional<ChainView> chain;  // none where no camera serves a junction
};

}  // namespace chorraha::console
