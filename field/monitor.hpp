#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/signal_state.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// A fault that the monitor found; numbers as in SAFETY.md B.
struct Trip {
  enum class Rule : std::uint8_t {
    conflict,          // B1, B2
    red_fail,          // B3
    dual_indication,   // B4
    short_amber,       // B5
    short_intergreen,  // B6
    silence,           // B10, not latched
    config_mismatch,   // B12
    mode,              // a pattern that no mode allows: amber stuck in flash
  };
  Rule rule = Rule::conflict;
  GroupIndex group;  // none() if of no group
  GroupIndex other;  // second group of a pair
  Milliseconds measured{0};
  friend bool operator==(const Trip&, const Trip&) = default;
};
[[nodiscard]] std::string_view name_of(Trip::Rule rule);  // "B1", …
[[nodiscard]] constexpr bool is_latched(Trip::Rule rule) {
  return rule != Trip::Rule::silence;
}

/// Watches the lamps of one intersection as they are read back, on its own copy of the matrices.
/// Shares no code with the kernel; asks the controller nothing but a sign of life. Infers its mode
/// from the lamps alone (SAFETY.md B).
/// In:      lenses lit, each `elapsed` (20 ms live, 100 ms in one process); heartbeats.
/// Out:     the permit: heartbeat fresh, hash equal, nothing latched; and what newly tripped.
/// Latches: until reset(); whoever owns it keeps them over a power loss (`latched`, `latch`).
/// Not:     B7 (no such aspect), B8, B9 (hardware).
/// Threads: one owner.
class Monitor {
 public:
  enum class Mode : std::uint8_t { normal, flash, start_up };
  enum class Begin : std::uint8_t { cold, warm };  // warm: NORMAL, everything red long ago

  Monitor(const IntersectionConfig& config, ConfigHash hash, Begin begin);

  struct Answer {
    bool permit = false;
    std::vector<Trip> tripped;  // newly, in this step
  };
  /// `heartbeat`: the configuration hash of a heartbeat that came since the last step, if one did.
  Answer step(Milliseconds elapsed, std::span<const LensSet> lit,
              const std::optional<ConfigHash>& heartbeat);

  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] bool permit() const;
  [[nodiscard]] const std::vector<Trip>& latched() const { return latched_; }
  void latch(const Trip& trip);
  void reset();

 private:
  enum class Amber : std::uint8_t { idle, due, showing, gone };  // of one end of green, B5
  struct Group {
    // configuration
    LensSet lenses = 0;
    Milliseconds amber{0};
    bool flashing_green = false;
    GroupSet forbidden;  // may not be lit beside it: conflict, same_stream
    GroupSet sequenced;  // owe it an intergreen when shown before it: conflict, yields
    GroupSet same_stream;
    std::vector<Milliseconds> intergreen_from;
    // what was seen
    LensSet lit = 0;
    bool on = false;             // green in the sense of B: until dark 700 ms or another aspect
    Milliseconds green_dark{0};  // since its green lens was last lit, while on
    Milliseconds since_end{0};   // since the last lit edge of its green
    Amber amber_state = Amber::idle;
    Milliseconds amber_for{0};  // length of the amber being judged
    Milliseconds in_state{0};   // since amber_state began
    Milliseconds amber_lit_for{0};
    Milliseconds dark_for{0}, lit_for{0};                 // B3
    Milliseconds dual_for{0}, single_for{0};              // B4, green with another
    Milliseconds red_amber_for{0}, not_red_amber_for{0};  // B4, red+amber
  };
  [[nodiscard]] bool shows(const Group& g) const;
  void enter(Mode mode);
  void watch_mode(Milliseconds elapsed);
  void watch_start_up(Milliseconds elapsed);
  [[nodiscard]] bool follow_green(Group& g, LensSet lit, Milliseconds elapsed) const;
  [[nodiscard]] bool conflict_is_lit() const;
  void check_conflicts(Milliseconds elapsed);
  void check_intergreens(GroupIndex started);
  void check_amber(GroupIndex index, Milliseconds elapsed);
  void check_red_fail(GroupIndex index, Milliseconds elapsed);
  void check_dual(GroupIndex index, Milliseconds elapsed);
  void check_heartbeat(Milliseconds elapsed, const std::optional<ConfigHash>& heartbeat);
  void trip(Trip::Rule rule, GroupIndex group, GroupIndex other, Milliseconds measured);

  ConfigHash hash_;
  Milliseconds silence_max_;
  Milliseconds all_red_min_;
  std::vector<Group> groups_;
  bool has_amber_ = false;
  Mode mode_ = Mode::flash;
  bool amber_seen_ = false;  // since the mode was last FLASH
  Milliseconds all_dark_for_{0}, flash_like_for_{0}, all_red_for_{0};
  Milliseconds conflict_for_{0}, conflict_free_for_{0};
  Milliseconds silent_for_{0}, hold_{0};
  bool heard_ = false;
  std::vector<Trip> latched_, fresh_;
};

}  // namespace chorraha
