#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// How long the other side has been silent (SAFETY.md D); counted on a steady clock.
enum class LinkState : std::uint8_t {
  searching,     // never heard since the start
  online,        // heard less than 3 s ago
  suspect,       // 3 s: shown to the operator
  silent,        // 10 s: a horizon is over
  disconnected,  // 30 s: alarm
  backup,        // 120 s: central overrides dropped
};
[[nodiscard]] std::string_view name_of(LinkState state);
/// The state after `silence` of one that has been heard.
[[nodiscard]] LinkState state_after(Ticks silence);

/// Time is handed in: a steady clock for silence, UTC for stamps.
struct LinkClocks {
  std::function<Tick()> steady;
  std::function<Instant()> utc;
};

using OnTrouble = std::function<void(const Fault&)>;

}  // namespace chorraha
