#include "control/horizon_messages.hpp"

#include <algorithm>

namespace chorraha {

std::optional<HorizonPlan> as_plan(const HorizonDecision& decision, const StateReport& report,
                                   const HorizonEnvelope& envelope) {
  if (decision.stages.empty()) return std::nullopt;
  HorizonPlan plan;
  plan.intersection = report.intersection;
  plan.config_hash = envelope.config_hash;
  plan.boot = report.boot;
  plan.built_on = report.now;
  plan.sequence = envelope.sequence;
  plan.lease_until = envelope.lease_until;
  plan.stages = decision.stages;
  return plan;
}

bool still_holds(const HorizonPlan& running, const HorizonDecision& decision,
                 const StateReport& report) {
  const bool in_force = report.source == ControlSource::horizon &&
                        running.sequence == PlanSequence{report.plan_epoch, report.plan_number} &&
                        running.boot == report.boot && report.now < report.lease_until;
  if (!in_force || decision.stages.empty()) return false;
  // Where the running plan is now: the first entry of its stage that has not ended.
  const auto here = std::ranges::find_if(running.stages, [&](const HorizonStage& entry) {
    const bool last = &entry == &running.stages.back();
    return entry.stage == report.stage && (last || entry.end_latest >= report.now);
  });
  const auto left = static_cast<std::size_t>(running.stages.end() - here);
  if (left != decision.stages.size()) return false;
  return std::equal(here, running.stages.end(), decision.stages.begin(),
                    [&](const HorizonStage& a, const HorizonStage& b) {
                      if (a.stage != b.stage) return false;
                      const bool last = &a == &running.stages.back();
                      return last || (a.end_earliest == b.end_earliest &&
                                      a.end_latest == b.end_latest && a.skippable == b.skippable);
                    });
}

std::optional<std::variant<HorizonPlan, Renew>> as_message(
    const std::optional<HorizonPlan>& running, const HorizonDecision& decision,
    const StateReport& report, const HorizonEnvelope& envelope) {
  if (running && still_holds(*running, decision, report)) {
    Renew renew;
    renew.intersection = report.intersection;
    renew.boot = report.boot;
    renew.built_on = report.now;
    renew.sequence = envelope.sequence;
    renew.of = running->sequence;
    renew.lease_until = envelope.lease_until;
    return renew;
  }
  std::optional<HorizonPlan> plan = as_plan(decision, report, envelope);
  if (!plan) return std::nullopt;
  return *std::move(plan);
}

}  // namespace chorraha
