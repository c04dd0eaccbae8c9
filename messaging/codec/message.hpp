#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "traffic/detection.hpp"
#include "traffic/event.hpp"
#include "traffic/explanation.hpp"
#include "traffic/health.hpp"
#include "traffic/ids.hpp"
#include "traffic/intersection.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Version of messaging/schema; a Hello of another one is refused.
inline constexpr std::uint32_t schema_version = 1;

/// What a device is; the allow-list gives each key one.
enum class DeviceRole : std::uint8_t { centre, controller, camera, street };
[[nodiscard]] std::string_view name_of(DeviceRole role);

/// An intersection that a controller serves, and the configuration it serves it by.
struct Served {
  IntersectionId intersection;
  ConfigHash config_hash;
  friend bool operator==(const Served&, const Served&) = default;
};

/// First message of a device after each connection.
struct Hello {
  std::uint32_t version = schema_version;
  DeviceRole role = DeviceRole::controller;
  BootId boot{};
  std::vector<Served> served;  // at most 1024
  friend bool operator==(const Hello&, const Hello&) = default;
};

/// Once a second, both ways.
struct HeartBeat {
  std::uint64_t sequence = 0;
  Instant at;
  friend bool operator==(const HeartBeat&, const HeartBeat&) = default;
};

/// A batch of one sender. Sequence ascends by one a batch from the sender's start: PUB/SUB drops
/// silently, so a gap tells how many are missing and a fall tells of a restart.
struct Detections {
  std::uint64_t sequence = 0;
  std::vector<Detection> detections;  // at most 4096
  friend bool operator==(const Detections&, const Detections&) = default;
};

/// The centre asks a camera for pictures, counted from receipt: while a panel is open.
struct PictureWanted {
  CameraId camera;
  std::uint32_t seconds = 5;  // 1 to 60
  friend bool operator==(const PictureWanted&, const PictureWanted&) = default;
};

struct PictureBox {
  float x_px = 0;  // top left corner
  float y_px = 0;
  float width_px = 0;
  float height_px = 0;
  VehicleClass vehicle_class = VehicleClass::unknown;
  float confidence = 1;
  std::uint64_t track = 0;
  friend bool operator==(const PictureBox&, const PictureBox&) = default;
};

struct LineCount {
  std::string line;
  std::uint64_t vehicles = 0;  // since the camera program began
  friend bool operator==(const LineCount&, const LineCount&) = default;
};

/// One picture that an operator asked for, with what the camera made of it.
struct Picture {
  CameraId camera;
  Instant at;
  std::uint64_t frame = 0;
  std::vector<std::byte> jpeg;
  std::vector<PictureBox> boxes;  // at most 1024
  std::vector<LineCount> counts;  // at most 64
  friend bool operator==(const Picture&, const Picture&) = default;
};

/// Events of one device, numbered from 1 in each boot; kept by it until EventsSeen names them.
struct Events {
  BootId boot{};
  std::uint64_t first = 1;    // number of events[0], the others follow without gaps
  std::vector<Event> events;  // 1 to 1000
  friend bool operator==(const Events&, const Events&) = default;
};

/// The centre has all events of this boot up to this number on disk.
struct EventsSeen {
  BootId boot{};
  std::uint64_t up_to = 0;
  friend bool operator==(const EventsSeen&, const EventsSeen&) = default;
};

struct VehiclePlace {
  float x_m = 0;  // front, in the city's plane
  float y_m = 0;
  float heading_rad = 0;  // east 0, anticlockwise
  float length_m = 5;
  VehicleClass vehicle_class = VehicleClass::car;
  std::uint64_t number = 0;  // stable over a trip; 0 from a street that does not tell
  float speed_mps = 0;       // 0 from a street that does not tell
  friend bool operator==(const VehiclePlace&, const VehiclePlace&) = default;
};

struct PedestrianPlace {
  float x_m = 0;
  float y_m = 0;
  friend bool operator==(const PedestrianPlace&, const PedestrianPlace&) = default;
};

/// Where everybody is in the simulated street, for the map.
struct StreetView {
  Instant at;
  std::vector<VehiclePlace> vehicles;        // at most 20000
  std::vector<PedestrianPlace> pedestrians;  // at most 20000
  friend bool operator==(const StreetView&, const StreetView&) = default;
};

/// Everything that devices and the centre say to each other.
using Message = std::variant<Hello, HeartBeat, StateReport, HorizonPlan, Renew, TimetablePlan,
                             PlanAnswer, Detections, CameraHealth, PictureWanted, Picture, Events,
                             EventsSeen, StreetView, Explanations>;

/// "HorizonPlan", as faults and logs call it.
[[nodiscard]] std::string_view kind_of(const Message& message);

}  // namespace chorraha
