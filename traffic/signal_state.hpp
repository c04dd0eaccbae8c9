#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// What one signal group shows to the street. The lamp driver makes the flashing (1 Hz, half lit).
enum class Aspect : std::uint8_t {
  dark,
  red,
  red_amber,
  green,           // walk, for a pedestrian group
  flashing_green,  // end of green: CIS vehicles, green man of pedestrians; part of green (F)
  amber,
  flashing_amber,  // fault, start-up
};

[[nodiscard]] std::string_view name_of(Aspect aspect);
[[nodiscard]] std::optional<Aspect> aspect_named(std::string_view name);

/// Green in the sense of SAFETY.md F: traffic of the group may go.
[[nodiscard]] constexpr bool is_green(Aspect aspect) {
  return aspect == Aspect::green || aspect == Aspect::flashing_green;
}

/// Which lenses of a group are there, or lit: bits, so that a read-back is one byte a group.
enum Lenses : std::uint8_t {
  lens_none = 0,
  lens_red = 1,
  lens_amber = 2,
  lens_green = 4,
};
using LensSet = std::uint8_t;

/// The lenses that `aspect` lights; for flashing aspects those of the lit half (`lit_half`).
[[nodiscard]] LensSet lenses_of(Aspect aspect, bool lit_half);

/// What an intersection is doing as a whole.
enum class SignalMode : std::uint8_t { start_up, normal, flash, dark };
[[nodiscard]] std::string_view name_of(SignalMode mode);
[[nodiscard]] std::optional<SignalMode> signal_mode_named(std::string_view name);

/// Who decides the stages at the moment.
enum class ControlSource : std::uint8_t { none, timetable, horizon };
[[nodiscard]] std::string_view name_of(ControlSource source);
[[nodiscard]] std::optional<ControlSource> control_source_named(std::string_view name);

/// State of one group inside the kernel; times count from the controller's own start.
struct GroupState {
  Aspect aspect = Aspect::red;
  Tick since;           // when this aspect began
  Tick green_since;     // begin of the running or last green
  Tick red_since;       // begin of the running or last red
  bool called = false;  // somebody waits (vehicle or pedestrian call)
  Tick called_since;    // valid while called

  friend bool operator==(const GroupState&, const GroupState&) = default;
};

/// One report of a controller to whoever plans for it: what the lamps show and why.
/// Time: sent at least once a second and at each aspect change; `now` and `instant` name one
/// moment.
struct StateReport {
  IntersectionId intersection;
  BootId boot{};
  Tick now;
  Instant instant;
  SignalMode mode = SignalMode::start_up;
  Tick in_service_at;  // when start-up ends, while mode is start_up
  ControlSource source = ControlSource::none;
  StageIndex stage;              // lit, or being entered
  Tick stage_since;              // when its entry (the interstage) began
  bool entering = false;         // the interstage into `stage` is still running
  std::uint64_t plan_epoch = 0;  // sequence of the horizon plan in force, 0/0 if none
  std::uint64_t plan_number = 0;
  Tick lease_until;                      // valid while source is horizon
  TimetableIndex timetable;              // in force or waiting below the horizon
  std::vector<GroupState> groups;        // by GroupIndex
  std::uint64_t detections_dropped = 0;  // for want of queue space, since start

  friend bool operator==(const StateReport&, const StateReport&) = default;
};

}  // namespace chorraha
