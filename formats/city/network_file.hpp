#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/city/city_folder.hpp"
#include "traffic/demand.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// What network.json holds: the network with what a map shows of it.
struct StreetMap {
  Network network;
  std::vector<LinkClass> link_classes;  // by LinkIndex
  std::vector<MapArea> background;
};

// network.json and demand.json name things by their ids. Faults: bad_input with file, line, value
// seen and value allowed. `file` names the text in faults. What is written reads back equal.
[[nodiscard]] Result<StreetMap> read_network_text(std::string_view text, const std::string& file);
[[nodiscard]] std::string network_text(const Network& network,
                                       const std::vector<LinkClass>& link_classes,
                                       const std::vector<MapArea>& background);

[[nodiscard]] Result<Demand> read_demand_text(std::string_view text, const std::string& file,
                                              const Network& network);
[[nodiscard]] std::string demand_text(const Demand& demand, const Network& network);

}  // namespace chorraha
