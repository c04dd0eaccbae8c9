#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "traffic/ids.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// Something that happened at an intersection, worth a line for people.
struct Event {
  enum class Kind : std::uint8_t {
    stage_begun,  // detail: stage id
    plan_accepted,
    plan_refused,  // detail: rule, thing, seen, allowed
    plan_source,   // detail: timetable | horizon
    mode,          // detail: start_up | normal | flash | dark
    monitor_trip,  // detail: fault of SAFETY.md B
    link_lost,
    link_restored,
    safety_refusal,  // detail: rule
  };
  IntersectionId intersection;
  Instant at;
  Kind kind = Kind::stage_begun;
  std::string detail;
  friend bool operator==(const Event&, const Event&) = default;
};
[[nodiscard]] std::string_view name_of(Event::Kind kind);

}  // namespace chorraha
