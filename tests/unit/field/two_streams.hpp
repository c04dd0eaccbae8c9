#pragma once

#include <vector>

#include "traffic/intersection.hpp"

namespace chorraha::test {

/// The least junction: streams A and B that cross, and a walk W over A beside B. Stages "a" {A} and
/// "b" {B, W}; red+amber 1 s, amber 3 s, minimum green 5 s, W 7 s of which it flashes 3 s; all
/// intergreens 5 s. One timetable "day": cycle 60 s, "a" ends at 30 s, "b" at 60 s.
inline IntersectionParts two_streams_parts() {
  IntersectionParts parts;
  parts.id = IntersectionId{"two"};
  for (const char* id : {"A", "B"}) {
    SignalGroup group;
    group.id = GroupId{id};
    group.red_amber = Ticks{10};
    parts.groups.push_back(group);
  }
  SignalGroup walk;
  walk.id = GroupId{"W"};
  walk.type = GroupType::pedestrian;
  walk.lenses = lens_red | lens_green;
  walk.amber = Ticks{0};
  walk.flashing_green = Ticks{30};
  walk.min_green = Ticks{70};
  parts.groups.push_back(walk);
  parts.relations.assign(3, std::vector<Relation>(3, Relation::compatible));
  parts.intergreen.assign(3, std::vector<Ticks>(3, Ticks{0}));
  for (const std::size_t other : {1UL, 2UL}) {
    parts.relations[0][other] = parts.relations[other][0] = Relation::conflict;
    parts.intergreen[0][other] = parts.intergreen[other][0] = Ticks{50};
  }
  GroupSet a;
  a.insert(GroupIndex{0});
  GroupSet b;
  b.insert(GroupIndex{1});
  b.insert(GroupIndex{2});
  parts.stages = {{StageId{"a"}, a}, {StageId{"b"}, b}};
  parts.timetables = {{TimetableId{"day"},
                       Ticks{600},
                       Ticks{0},
                       {{StageIndex{0}, Ticks{300}, Ticks{300}, false},
                        {StageIndex{1}, Ticks{600}, Ticks{600}, false}}}};
  parts.start_up.all_red = Ticks{50};
  return parts;
}

inline IntersectionConfig two_streams() {
  return IntersectionConfig::make(two_streams_parts()).value();
}

}  // namespace chorraha::test
