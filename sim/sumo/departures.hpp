#pragma once

// Inside sim/sumo only: when the demand wants each vehicle to depart. TraCI of SUMO 1.15 does not
// tell it, and tripinfo leaves out those that never enter.

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "traffic/time.hpp"

namespace chorraha::sumo {

class Departures {
 public:
  /// Reads the vehicles and trips of route and additional files, includes followed. What cannot be
  /// read is left to SUMO to complain about.
  explicit Departures(const std::vector<std::filesystem::path>& files);

  /// Since midnight. A copy that `--scale` has made ("ID.1") departs as its original does. Nothing
  /// for vehicles of flows, and for departures that are not a time.
  [[nodiscard]] std::optional<Milliseconds> of(const std::string& id) const;

 private:
  void read(const std::filesystem::path& file, int depth);

  std::unordered_map<std::string, Milliseconds> by_id_;
};

}  // namespace chorraha::sumo
