#pragma once

#include <algorithm>
#include <cstdint>

#include "field/calls.hpp"
#include "field/safety_kernel.hpp"
#include "field/sequencer.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// A kernel and a sequencer of their own on which a plan is tried, from event to event.
struct Trial {
  enum class Traffic : std::uint8_t { gaps, steady };  // all gap out; all run to the latest end
  enum class Callers : std::uint8_t { once, always };  // a call once served is gone, or comes back

  Trial(SafetyKernel from, Sequencer by, const Calls& present, Ticks grid)
      : kernel(std::move(from)), sequencer(by), calls(present), step_length(grid) {}

  void step(Tick t) {
    now = t;
    calls.extending = traffic == Traffic::steady ? kernel.all() : GroupSet{};
    if (callers == Callers::always) calls.called = kernel.all();
    calls.called = calls.called - kernel.green();
    const Wishes before = wishes;
    wishes = sequencer.step({t, utc_at_zero + t.time_since_epoch(), kernel, calls});
    const bool changed = kernel.step(t, wishes, calls.called);
    settled = !changed && wishes == before;
  }

  [[nodiscard]] Tick next() const {
    if (!settled) return now + Ticks{1};
    const Instant utc = utc_at_zero + now.time_since_epoch();
    return std::min(kernel.next_change(now, wishes),
                    sequencer.next_decision({now, utc, kernel, calls}));
  }

  [[nodiscard]] Tick to_grid(Tick t) const {
    const Ticks over = t.time_since_epoch() % step_length;
    return over > Ticks{0} ? t + (step_length - over) : t;
  }

  SafetyKernel kernel;
  Sequencer sequencer;
  Calls calls;
  Ticks step_length;
  Traffic traffic = Traffic::gaps;
  Callers callers = Callers::once;
  Instant utc_at_zero{};
  Wishes wishes;
  Tick now;
  bool settled = false;
};

}  // namespace chorraha
