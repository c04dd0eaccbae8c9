#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "field/start.hpp"
#include "traffic/intersection.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Switches the lamps of one intersection. Lights signals only while it gets both the controller's
/// aspects and the monitor's permit, each newly numbered and at most silence_max old (SAFETY.md
/// B15); else it flashes by itself (groups with amber: 1 Hz, half lit; the others dark), says so
/// (`self_flash`), and lights again only from a frame that itself shows that pattern.
/// Time:    step() with the milliseconds since the last step; no clock.
/// Numbers: of one sender they ascend; an old or repeated one counts as silence. A sender that
///          starts again must be told by restart_numbers().
/// Threads: one owner.
class LampDriver {
 public:
  LampDriver(const IntersectionConfig& config, Start start);

  /// A frame of the wrong size is ignored: it counts as silence.
  void receive_aspects(std::uint64_t number, std::span<const Aspect> aspects);
  void receive_permit(std::uint64_t number, bool permit);
  enum class Sender : std::uint8_t { controller, monitor };
  void restart_numbers(Sender sender);

  /// Makes the lamps for the moment `elapsed` after the last step.
  const std::vector<LensSet>& step(Milliseconds elapsed);

  [[nodiscard]] const std::vector<LensSet>& lenses() const { return lenses_; }
  /// What is shown, flashing unresolved: the controller's aspects or the driver's own flash.
  [[nodiscard]] const std::vector<Aspect>& shown() const { return shown_; }
  [[nodiscard]] bool self_flash() const { return self_flash_; }

 private:
  struct Source {
    std::optional<std::uint64_t> number;  // last accepted
    Milliseconds age{0};
    bool heard = false;
    [[nodiscard]] bool accept(std::uint64_t received);
    [[nodiscard]] bool fresh(Milliseconds silence_max) const;
  };
  void show(const std::vector<Aspect>& aspects);

  Milliseconds silence_max_;
  std::vector<LensSet> fitted_;  // lenses that exist
  std::vector<Aspect> flash_pattern_;
  Source frame_, permit_;
  bool permitted_ = false;
  bool self_flash_ = true;
  std::vector<Aspect> wanted_, shown_;
  std::vector<Milliseconds> shown_for_;
  std::vector<LensSet> lenses_;
};

/// The pattern of a fault and of start-up interval 1: flashing amber where there is an amber lens,
/// pedestrians dark (SAFETY.md C4).
[[nodiscard]] std::vector<Aspect> flash_pattern(const IntersectionConfig& config);

}  // namespace chorraha
