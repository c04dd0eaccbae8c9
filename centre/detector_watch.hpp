#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "centre/region.hpp"
#include "traffic/health.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {

/// Why what a detector says may not be believed. A finding for people, never an alarm (UI.md P4).
enum class DetectorDoubt : std::uint8_t {
  none,
  stuck,          // on all through what should have moved it
  unseen,         // off while those beside it saw traffic
  camera_silent,  // its camera is not heard or has no picture
  camera_blind,   // half of its camera's last minute was dark, blurred, moved or frozen
};

/// What is wrong with a camera at `now`, if anything: silent after 3 s (SAFETY.md D).
[[nodiscard]] DetectorDoubt doubt_of(const std::optional<CameraHealth>& health, Instant now);

/// Looks for stuck and dead detectors. A judgement needs traffic beside it, so that a queue, an
/// empty night and a lane without neighbours are never taken for a fault:
/// Stuck:   a stop-line detector that stays on through 2 greens of 8 s of its own groups, while a
///          lane beside it under the same signal discharged in each (FEATURES.md O22); one farther
///          up that stays on for 2 min while 10 vehicles passed beside it (O22 gives the time); a
///          button that stays pressed through 2 walks.
/// Unseen:  nothing for 2 min while 50 vehicles passed beside it (O22 gives the time; a hit count
///          under 50 says nothing, MEASURES.md "Watchdog").
/// Beside:  another lane of the same link, same kind, within 5 m of the same distance to its end,
///          with a signal group in common.
/// Threads: one owner.
class DetectorWatch {
 public:
  DetectorWatch(const Network& network, const std::vector<IntersectionConfig>& intersections);

  /// What is known of one intersection at `now`; `seen` in the order of Junction::detectors. Call
  /// it at least once a second.
  void look(IntersectionIndex at, const StateReport& report, std::span<const DetectorView> seen,
            Instant now);
  [[nodiscard]] DetectorDoubt doubt(DetectorIndex detector) const {
    return watched_[detector.value()].doubt;
  }

 private:
  struct Watched {
    Detector::Kind kind = Detector::Kind::presence;
    bool at_stop_line = false;
    GroupSet groups;                  // that let its traffic go
    std::vector<std::size_t> beside;  // places in Junction::detectors
    DetectorDoubt doubt = DetectorDoubt::none;
    std::optional<Instant> changed;       // its last change, as of `since`
    Instant since;                        // it has been as it is
    std::uint64_t passed_since = 0;       // beside it, in all, at `since`
    std::optional<std::uint64_t> passed;  // beside it, in all, when the running green began
    int greens = 0;                       // that did not move it
  };
  void connect(const Network& network, IntersectionIndex at, const IntersectionConfig& config);
  static void judge(Watched& watched, bool occupied, std::uint64_t passed, Instant now);
  static void follow_green(Watched& watched, const StateReport& report, std::uint64_t passed);

  std::vector<std::vector<DetectorIndex>> detectors_;  // by IntersectionIndex
  std::vector<Watched> watched_;                       // by DetectorIndex
  std::vector<std::optional<BootId>> boots_;           // by IntersectionIndex
};

}  // namespace chorraha
