#pragma once

#include <optional>
#include <variant>

#include "control/horizon.hpp"
#include "traffic/plan.hpp"

namespace chorraha {

/// What goes on the wire beside a decision: whose it is, and its place in the sequence.
struct HorizonEnvelope {
  ConfigHash config_hash;
  PlanSequence sequence;
  Tick lease_until;
};

/// A decision as a plan, built on `report`. Nothing if the decision says nothing.
[[nodiscard]] std::optional<HorizonPlan> as_plan(const HorizonDecision& decision,
                                                 const StateReport& report,
                                                 const HorizonEnvelope& envelope);

/// Whether `running` still says what `decision` says, so that a Renew is enough: same boot,
/// accepted and in force by `report`, same stages with the same bounds from the stage lit on. The
/// last stage rests, its end says nothing.
[[nodiscard]] bool still_holds(const HorizonPlan& running, const HorizonDecision& decision,
                               const StateReport& report);

/// The message to send: Renew of `running` where it still holds, else a new plan; nothing if the
/// decision says nothing. `running` is the last plan sent, if there is one.
[[nodiscard]] std::optional<std::variant<HorizonPlan, Renew>> as_message(
    const std::optional<HorizonPlan>& running, const HorizonDecision& decision,
    const StateReport& report, const HorizonEnvelope& envelope);

}  // namespace chorraha
