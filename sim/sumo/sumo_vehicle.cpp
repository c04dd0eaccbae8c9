#include "sim/sumo/sumo_vehicle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <variant>

#include "traffic/expect.hpp"

namespace chorraha::sumo {
namespace {

using traci::Variable;

constexpr std::array every_step{Variable::lane_id,  Variable::lane_position, Variable::speed,
                                Variable::position, Variable::angle,         Variable::route_index};
constexpr std::array once{Variable::length, Variable::width, Variable::vehicle_class,
                          Variable::edges};
static_assert(answers_on_entry == 1 + once.size());

// https://sumo.dlr.de/docs/Simulation/VehiclePermissions.html
VehicleClass class_of(const std::string& name) {
  if (name == "bus" || name == "coach" || name == "tram") return VehicleClass::bus;
  if (name == "truck" || name == "trailer" || name == "delivery") return VehicleClass::truck;
  if (name == "motorcycle" || name == "moped") return VehicleClass::motorcycle;
  if (name == "bicycle") return VehicleClass::bicycle;
  if (name == "pedestrian") return VehicleClass::person;
  return VehicleClass::car;
}

// How far along `line` the point on it nearest to `place` is.
double along_m(const Polyline& line, Point place) {
  double best_m2 = INFINITY;
  double best_along_m = 0;
  double sum_m = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double dx = line[i].x_m - line[i - 1].x_m;
    const double dy = line[i].y_m - line[i - 1].y_m;
    const double piece_m = std::hypot(dx, dy);
    if (piece_m <= 0) continue;
    const double ahead = (place.x_m - line[i - 1].x_m) * dx + (place.y_m - line[i - 1].y_m) * dy;
    const double share = std::clamp(ahead / (piece_m * piece_m), 0.0, 1.0);
    const double off_x = line[i - 1].x_m + share * dx - place.x_m;
    const double off_y = line[i - 1].y_m + share * dy - place.y_m;
    const double off_m2 = off_x * off_x + off_y * off_y;
    if (off_m2 < best_m2) {
      best_m2 = off_m2;
      best_along_m = sum_m + share * piece_m;
    }
    sum_m += piece_m;
  }
  return best_along_m;
}

void place_on_junction(SumoVehicle& vehicle, const Network& network, const WayAhead& ways) {
  if (!vehicle.movement.valid() && vehicle.lane.valid() &&
      vehicle.route_at + 1 < vehicle.route.size())
    vehicle.movement = ways.movement_into(vehicle.lane, vehicle.route[vehicle.route_at + 1]);
  if (vehicle.movement.valid())
    vehicle.position_m = along_m(network.movement(vehicle.movement).shape, vehicle.front);
}

}  // namespace

void ask_on_entry(traci::Request& request, const std::string& id) {
  request.subscribe(traci::subscribe_vehicle, id, every_step);
  for (const Variable variable : once) request.get(traci::get_vehicle, variable, id);
}

void take_body(SumoVehicle& vehicle, std::span<const traci::Answer> answers,
               const Network& network) {
  CHORRAHA_EXPECT(answers.size() == answers_on_entry);
  if (const auto* length_m = std::get_if<double>(&answers[1].value)) vehicle.length_m = *length_m;
  if (const auto* width_m = std::get_if<double>(&answers[2].value)) vehicle.width_m = *width_m;
  if (const auto* name = std::get_if<std::string>(&answers[3].value))
    vehicle.vehicle_class = class_of(*name);
  if (const auto* edges = std::get_if<std::vector<std::string>>(&answers[4].value)) {
    for (const std::string& edge : *edges) vehicle.route.push_back(network.find(LinkId{edge}));
  }
}

const traci::ObjectValues* place_on_entry(std::span<const traci::Answer> answers) {
  CHORRAHA_EXPECT(answers.size() == answers_on_entry);
  return answers[0].objects.empty() ? nullptr : &answers[0].objects.front();
}

void take_place(SumoVehicle& vehicle, const traci::ObjectValues& seen, const Network& network,
                const WayAhead& ways) {
  if (const auto* speed_mps = seen.find_as<double>(Variable::speed))
    vehicle.speed_mps = std::max(0.0, *speed_mps);
  if (const auto* degrees = seen.find_as<double>(Variable::angle))
    vehicle.heading_rad = (90.0 - *degrees) * std::numbers::pi / 180.0;  // SUMO: north, clockwise
  if (const auto* point = seen.find_as<Point>(Variable::position)) vehicle.front = *point;
  if (const auto* route_at = seen.find_as<std::int32_t>(Variable::route_index))
    vehicle.route_at = static_cast<std::size_t>(std::max(0, *route_at));
  const auto* lane = seen.find_as<std::string>(Variable::lane_id);
  const auto* position_m = seen.find_as<double>(Variable::lane_position);
  if (lane == nullptr || position_m == nullptr) return;
  vehicle.on_junction = lane->starts_with(':');
  if (vehicle.on_junction) {
    place_on_junction(vehicle, network, ways);
  } else {
    vehicle.lane = network.find(LaneId{*lane});
    vehicle.movement = MovementIndex::none();
    vehicle.position_m = *position_m;
  }
}

}  // namespace chorraha::sumo
