#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "formats/sumo/xml_file.hpp"
#include "traffic/network.hpp"

namespace chorraha::sumo {

/// Reads one net.xml; each step uses what the ones before it have found.
class NetworkReader {
 public:
  explicit NetworkReader(const XmlFile& xml) : xml_(xml) {}

  Result<NetworkParts> read();

 private:
  struct InternalLane {
    Polyline shape;
    double length_m = 0;
    double speed_mps = 0;
  };

  struct Node {
    std::vector<std::string> inner_lanes;     // by place among the requests
    std::vector<std::string> incoming_lanes;  // in SUMO's order
    Point at;
    Polyline outline;
    std::vector<std::pair<std::string, std::string>> requests;  // response, foes
  };

  struct Way {
    Polyline shape;
    double length_m = 0;
    double speed_mps = 0;
    std::string last_lane;  // internal; its place among the requests is the movement's
  };

  // network_edges.cpp: what stands in the file for itself
  Done read_edges();
  Done read_inner_lanes(const pugi::xml_node& edge);
  Done read_edge(const pugi::xml_node& edge);
  Result<Lane> read_lane(const pugi::xml_node& node);
  Done read_nodes();

  // network_ways.cpp: what leads over the junctions, and who is in whose way
  Done read_inner_connections();
  Done read_connections();
  Result<Movement> read_movement(const pugi::xml_node& node, LaneIndex from, LaneIndex to);
  Result<Way> way_over(const pugi::xml_node& node, const Lane& from, const Lane& to);
  Result<LaneIndex> lane_named(const pugi::xml_node& node, const char* edge_key,
                               const char* lane_key);
  Done read_crossings();
  [[nodiscard]] std::vector<MovementIndex> movements_by_request(const Node& node) const;
  Done find_foes();
  void add_foes(const Node& node, const std::vector<MovementIndex>& movements, std::size_t i);

  // sumo_network.cpp: signals become junctions
  IntersectionIndex intersection_named(const std::string& id);
  void place_junctions();
  [[nodiscard]] std::string name_of_junction(IntersectionIndex at) const;

  const XmlFile& xml_;
  NetworkParts parts_;
  std::unordered_map<std::string, LinkIndex> links_;
  std::unordered_map<std::string, LaneIndex> lanes_;
  std::unordered_map<std::string, std::pair<std::string, std::string>> link_ends_;  // nodes
  std::unordered_map<std::string, InternalLane> inner_lanes_;
  std::unordered_map<std::string, std::string> next_inner_;  // "LANE>TO_LANE" -> lane
  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, IntersectionIndex> intersections_;
  std::unordered_map<std::string, MovementIndex> by_inner_lane_;
  std::unordered_map<std::string, CrossingIndex> by_crossing_lane_;
  std::unordered_map<std::size_t, std::vector<MovementIndex>> ways_out_;  // by lane, file order
  std::vector<pugi::xml_node> crossing_edges_;
};

}  // namespace chorraha::sumo
