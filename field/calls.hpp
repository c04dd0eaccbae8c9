#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "traffic/detection.hpp"
#include "traffic/intersection.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What the detectors say to the sequencer; plain, so that a plan can be tried on other values.
struct Calls {
  GroupSet called;     // somebody waits: kept until the group is green
  GroupSet extending;  // somebody comes: seen within the last extension gap
  GroupSet sensed;     // have detectors that extend: may gap out
  GroupSet on_demand;  // served only when called (button)
};

/// Turns detections into calls. Presence (on without off) and a crossing both call and extend; a
/// button calls. Under full sensing a sighting near the stop line calls and extends, while it
/// lasts. Threads: one owner.
class CallKeeper {
 public:
  static constexpr Ticks extension_gap{30};  // usual stop-line gap; R

  explicit CallKeeper(const IntersectionConfig& config);

  /// `green`: groups that are green now; their calls are served. Unknown detectors are ignored.
  const Calls& step(Tick now, std::span<const Detection> seen, GroupSet sighted, GroupSet green);

  [[nodiscard]] const Calls& calls() const { return calls_; }
  [[nodiscard]] Tick called_since(GroupIndex g) const { return called_since_[g.value()]; }

 private:
  struct Use {
    DetectorUse::Role role = DetectorUse::Role::count_only;
    GroupSet groups;
    bool occupied = false;
  };
  void see(Tick now, const Detection& detection);

  std::vector<Use> uses_;
  std::unordered_map<DetectorId, std::size_t> use_by_id_;
  std::vector<Tick> called_since_, extended_;
  GroupSet kept_, vehicles_;
  Calls calls_;
};

}  // namespace chorraha
