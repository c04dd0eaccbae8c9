#include "formats/sumo/sumo_network.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "formats/sumo/network_reader.hpp"
#include "formats/sumo/xml_file.hpp"

namespace chorraha::sumo {

Result<NetworkParts> NetworkReader::read() {
  using Step = Done (NetworkReader::*)();
  constexpr std::array<Step, 6> steps{&NetworkReader::read_edges,
                                      &NetworkReader::read_nodes,
                                      &NetworkReader::read_inner_connections,
                                      &NetworkReader::read_connections,
                                      &NetworkReader::read_crossings,
                                      &NetworkReader::find_foes};
  for (const Step step : steps) {
    if (const Done done = (this->*step)(); !done) return done.error();
  }
  place_junctions();
  return std::move(parts_);
}

IntersectionIndex NetworkReader::intersection_named(const std::string& id) {
  const auto [found, added] =
      intersections_.emplace(id, IntersectionIndex{parts_.junctions.size()});
  if (added) {
    Junction junction;
    junction.id = IntersectionId{id};
    parts_.junctions.push_back(std::move(junction));
  }
  return found->second;
}

// Links get their ends; a junction stands at the mean of its nodes, carries the names of its
// streets and the outline of its first node that has one.
void NetworkReader::place_junctions() {
  std::unordered_map<std::string, IntersectionIndex> of_node;
  for (const Movement& movement : parts_.movements) {
    if (!movement.intersection.valid()) continue;
    Link& link = parts_.links[parts_.lanes[movement.from.value()].link.value()];
    link.downstream = movement.intersection;
    of_node[link_ends_[link.id.text()].second] = movement.intersection;
  }
  for (Link& link : parts_.links) {
    const auto node = of_node.find(link_ends_[link.id.text()].first);
    if (node != of_node.end()) link.upstream = node->second;
  }
  std::vector<std::set<std::string>> nodes(parts_.junctions.size());
  for (const auto& [id, at] : of_node) nodes[at.value()].insert(id);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Junction& junction = parts_.junctions[i];
    junction.name = name_of_junction(IntersectionIndex{i});
    for (const std::string& id : nodes[i]) {
      const Node& node = nodes_[id];
      const auto count = static_cast<double>(nodes[i].size());
      junction.centre.x_m += node.at.x_m / count;
      junction.centre.y_m += node.at.y_m / count;
      if (nodes[i].size() == 1) junction.outline = node.outline;
    }
  }
}

std::string NetworkReader::name_of_junction(IntersectionIndex at) const {
  std::vector<std::string> streets;
  for (const Link& link : parts_.links) {
    if (link.downstream != at || link.street.empty()) continue;
    if (std::ranges::find(streets, link.street) == streets.end()) streets.push_back(link.street);
  }
  if (streets.empty()) return parts_.junctions[at.value()].id.text();
  return streets.size() == 1 ? streets[0] : streets[0] + " / " + streets[1];
}

Result<NetworkParts> read_sumo_network_parts(const std::filesystem::path& net_file) {
  const Result<XmlFile> xml = XmlFile::load(net_file);
  if (!xml) return xml.error();
  return NetworkReader(*xml).read();
}

Result<NetworkParts> parse_sumo_network(std::string name, std::string xml) {
  const Result<XmlFile> file = XmlFile::parse(std::move(name), std::move(xml));
  if (!file) return file.error();
  return NetworkReader(*file).read();
}

Result<Network> read_sumo_network(const std::filesystem::path& net_file) {
  Result<NetworkParts> parts = read_sumo_network_parts(net_file);
  if (!parts) return parts.error();
  Result<Network> network = Network::make(std::move(*parts));
  if (network) return network;
  Fault fault = network.error();
  fault.thing = net_file.string() + ": " + fault.thing;
  return fault;
}

}  // namespace chorraha::sumo
