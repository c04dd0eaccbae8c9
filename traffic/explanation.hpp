#pragma once

#include <vector>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Why one group is still red, for people: who waits since when, and what must happen first.
struct GroupExplanation {
  GroupIndex group;
  Tick red_since;
  bool called = false;     // somebody waits
  Tick called_since;       // valid while called
  StageIndex served;       // the next stage in force that serves it; none() if none is known
  GroupIndex waiting_for;  // the group whose end, intergreen or amber it awaits; none() if nobody
  Tick earliest;           // earliest legal start of its green, as known now; max: not known
  friend bool operator==(const GroupExplanation&, const GroupExplanation&) = default;
};

/// One entry for each group that is not green, by GroupIndex.
struct Explanations {
  IntersectionId intersection;
  BootId boot{};
  Tick now;
  std::vector<GroupExplanation> groups;
  friend bool operator==(const Explanations&, const Explanations&) = default;
};

}  // namespace chorraha
