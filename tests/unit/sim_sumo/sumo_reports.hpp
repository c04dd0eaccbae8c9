#pragma once

// What SUMO would have reported, as plain data.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/sumo/traci_codec.hpp"

namespace chorraha::test {

using Ids = std::vector<std::string>;

/// A vehicle standing still at the end of a step, heading west.
inline traci::ObjectValues place_of(const std::string& id, const std::string& lane,
                                    double position_m, Point front = {}, double speed_mps = 0,
                                    std::int32_t route_index = 0) {
  return {traci::vehicle_values,
          id,
          {{traci::lane_id, lane},
           {traci::lane_position, position_m},
           {traci::speed, speed_mps},
           {traci::position, front},
           {traci::angle, 270.0},
           {traci::route_index, route_index}}};
}

/// The account of a step.
struct Account {
  Ids loaded;
  Ids pending;
  Ids departed;
  Ids arrived;
};
inline traci::ObjectValues object_of(const Account& account) {
  return {traci::simulation_values,
          "",
          {{traci::loaded_ids, account.loaded},
           {traci::departed_ids, account.departed},
           {traci::arrived_ids, account.arrived},
           {traci::pending_ids, account.pending}}};
}

/// Answers about one that has just entered.
struct Entry {
  traci::ObjectValues place;
  Ids edges;
  std::string vehicle_class = "passenger";
  double length_m = 5;
  double width_m = 1.8;
};
inline void add_answers(const Entry& entry, std::vector<traci::Answer>& answers) {
  answers.push_back({traci::subscribe_vehicle, "", {}, {entry.place}});
  answers.push_back({traci::get_vehicle, "", entry.length_m, {}});
  answers.push_back({traci::get_vehicle, "", entry.width_m, {}});
  answers.push_back({traci::get_vehicle, "", entry.vehicle_class, {}});
  answers.push_back({traci::get_vehicle, "", entry.edges, {}});
}

}  // namespace chorraha::test
