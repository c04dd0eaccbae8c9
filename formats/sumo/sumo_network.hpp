#pragma once

#include <filesystem>
#include <string>

#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::sumo {

/// SUMO's `.net.xml` as the one model of the street.
/// In:      plain XML with or without internal lanes. Edges become links, connections become
///          movements whose shape and length run over the internal lanes (`via`, internal junctions
///          included), pedestrian crossings become crossings. Internal edges, walking areas and
///          their connections are left out.
/// Ids:     SUMO's own. An intersection is a tlLogic and may span several nodes.
/// Foes:    from the `request` bits of each node; `yields_to` from its `response` bits.
/// Units:   metres of the network's own plane, m/s.
/// Faults:  bad_input with file, line, value and what is allowed.
/// Source:  https://sumo.dlr.de/docs/Networks/SUMO_Road_Networks.html
[[nodiscard]] Result<Network> read_sumo_network(const std::filesystem::path& net_file);

/// The same before it is sealed, for callers that add detectors.
[[nodiscard]] Result<NetworkParts> read_sumo_network_parts(const std::filesystem::path& net_file);

/// The same from memory; `name` stands in the faults.
[[nodiscard]] Result<NetworkParts> parse_sumo_network(std::string name, std::string xml);

}  // namespace chorraha::sumo
