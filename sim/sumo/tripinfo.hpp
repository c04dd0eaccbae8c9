#pragma once

// Inside sim/sumo only: SUMO's own account of the trips.
// Source: https://sumo.dlr.de/docs/Simulation/Output/TripInfo.html

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha::sumo {

struct TripInfo {
  std::string id;
  double depart_s = 0;              // put on the road
  std::optional<double> arrival_s;  // nothing while it is under way
  double depart_delay_s = 0;
  double duration_s = 0;
  double time_loss_s = 0;
  double waiting_s = 0;
  int stops = 0;
  double distance_m = 0;
};

[[nodiscard]] Result<std::vector<TripInfo>> read_tripinfo(const std::filesystem::path& file);

}  // namespace chorraha::sumo
