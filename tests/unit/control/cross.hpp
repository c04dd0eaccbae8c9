#pragma once

#include <string>

#include "control/junction_model.hpp"

namespace chorraha::test {

/// Two one-way streets that cross: groups A and B, stages "a" and "b", one lane each.
struct Cross {
  Network network = make_network();
  JunctionModel junction = JunctionModel::make(network, IntersectionIndex{0}, config()).value();

  static Network make_network() {
    NetworkParts parts;
    parts.junctions.push_back({IntersectionId{"X"}, "", {}, {}, {}, {}, {}, {}});
    for (const char* name : {"a", "a_out", "b", "b_out"}) {
      const LinkIndex link{parts.links.size()};
      parts.links.push_back({LinkId{name}, "", {LaneIndex{parts.lanes.size()}}, {}, {}});
      Lane lane;
      lane.id = LaneId{std::string(name) + "_0"};
      lane.link = link;
      lane.shape = {{0, 0}, {100, 0}};
      lane.length_m = 100;
      lane.speed_limit_mps = 10;
      parts.lanes.push_back(lane);
    }
    for (const std::size_t from : {std::size_t{0}, std::size_t{2}}) {
      Movement movement;
      movement.id = MovementId{from == 0 ? "a" : "b"};
      movement.from = LaneIndex{from};
      movement.to = LaneIndex{from + 1};
      movement.length_m = 10;
      movement.speed_limit_mps = 10;
      movement.shape = {{0, 0}, {10, 0}};
      movement.intersection = IntersectionIndex{0};
      parts.movements.push_back(movement);
    }
    return Network::make(std::move(parts)).value();
  }
  static IntersectionConfig config() {
    IntersectionParts parts;
    parts.id = IntersectionId{"X"};
    parts.profile = Profile::europe;
    parts.start_up.all_red = Ticks{60};
    for (const char* name : {"a", "b"}) {
      SignalGroup group;
      group.id = GroupId{name};
      group.movements = {MovementId{name}};
      parts.groups.push_back(group);
      Stage stage;
      stage.id = StageId{name};
      stage.green.insert(GroupIndex{parts.stages.size()});
      parts.stages.push_back(stage);
    }
    parts.relations = {{Relation::compatible, Relation::conflict},
                       {Relation::conflict, Relation::compatible}};
    parts.intergreen = {{Ticks{0}, Ticks{50}}, {Ticks{50}, Ticks{0}}};
    return IntersectionConfig::make(std::move(parts)).value();
  }
};

}  // namespace chorraha::test
