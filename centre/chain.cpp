#include "centre/chain.hpp"

#include <utility>

#include <fmt/format.h>

namespace chorraha {
namespace {

std::string lamps_text(const IntersectionConfig& config, const StateReport& report) {
  std::string text = "stage " + config.stage(report.stage).id.text() + ":";
  for (std::size_t i = 0; i < report.groups.size(); ++i) {
    if (is_green(report.groups[i].aspect)) text += " " + config.groups()[i].id.text();
  }
  return text + " green";
}

bool shows_its_stage(const IntersectionConfig& config, const StateReport& report) {
  if (!report.stage.valid() || report.entering || report.groups.size() != config.groups().size())
    return false;
  for (std::size_t i = 0; i < report.groups.size(); ++i) {
    if (config.stage(report.stage).green.contains(GroupIndex{i}) &&
        is_green(report.groups[i].aspect))
      return true;
  }
  return false;
}

}  // namespace

Chain::Chain(IntersectionId intersection, IntersectionConfig config, Counts counts)
    : intersection_(std::move(intersection)), config_(std::move(config)), how_counted_(counts) {}

void Chain::counted() {
  ++counts_;
}

void Chain::planned(PlanSequence sequence) {
  if (counts_ == 0) return;
  if (!planned_) first_ = sequence;
  sent_ = sequence;
  planned_ = true;
}

void Chain::answered(const PlanAnswer& answer) {
  if (!planned_ || answer.sequence < first_ || answer.sequence > sent_) return;
  if (answer.accepted()) {
    accepted_ = answer.sequence;
    was_accepted_ = true;
  } else if (!was_accepted_) {
    const Refusal& why = answer.refusals.front();
    refusal_ = fmt::format("{}: {} saw {}, allowed {}", why.rule, why.thing, why.seen, why.allowed);
  }
}

void Chain::reported(const StateReport& report) {
  if (!was_accepted_ || report.mode != SignalMode::normal ||
      report.source != ControlSource::horizon)
    return;
  const PlanSequence shown{report.plan_epoch, report.plan_number};
  if (shown < first_ || shown > accepted_ || !shows_its_stage(config_, report)) return;
  plan_ = fmt::format("{}/{}", shown.epoch, shown.number);
  lamps_ = lamps_text(config_, report);
}

Chain::State Chain::state() const {
  State state{counts_, plan_, lamps_, intersection_, {}};
  if (counts_ == 0 && how_counted_ == Counts::by_loops) {
    state.missing = "counts (no loop has seen a vehicle)";
  } else if (counts_ == 0) {
    state.missing =
        "counts (no camera has seen a vehicle cross a line of " + intersection_.text() + ")";
  } else if (!planned_) {
    state.missing = "plan (none made since the first count)";
  } else if (!was_accepted_) {
    state.missing = refusal_.empty() ? "answer (no controller has accepted a plan)"
                                     : "acceptance (refused by " + refusal_ + ")";
  } else if (plan_.empty()) {
    state.missing = "lamps (no report shows an accepted plan)";
  }
  return state;
}

}  // namespace chorraha
