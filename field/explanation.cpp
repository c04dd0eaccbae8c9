#include <algorithm>

#include "field/controller.hpp"

namespace chorraha {

Explanations Controller::explain() const {
  Explanations all{config_->id(), boot_, now_, {}};
  for (const GroupIndex g : config_->all_groups()) {
    if (!is_green(aspects_[g.value()])) all.groups.push_back(explain(g));
  }
  return all;
}

GroupExplanation Controller::explain(GroupIndex g) const {
  GroupExplanation why;
  why.group = g;
  why.red_since = kernel_.red_since(g);
  why.called = keeper_.calls().called.contains(g);
  why.called_since = why.called ? keeper_.called_since(g) : Tick{};
  why.earliest = Tick::max();
  if (mode_ != SignalMode::normal) {
    if (mode_ == SignalMode::start_up) why.earliest = in_service_at();
    return why;
  }
  if (kernel_.taken().contains(g)) {  // its red+amber runs
    why.served = sequencer_.stage();
    why.earliest = kernel_.since(g) + config_->group(g).red_amber;
    return why;
  }
  if (sequencer_.served().contains(g)) {
    explain_wanted(why);
    return why;
  }
  const Sequencer::Service next = sequencer_.next_service(g, now_);
  why.served = next.stage;
  if (next.stage.valid()) why.earliest = next.not_before;
  return why;
}

/// Of a group that the stage that is on wants: what the kernel waits for.
void Controller::explain_wanted(GroupExplanation& why) const {
  why.served = sequencer_.stage();
  const StartBar bar = kernel_.start_bar(why.group, sequencer_.served(), now_);
  const Tick soonest = now_ + config_->group(why.group).red_amber;
  if (bar.green_at > now_) why.waiting_for = bar.group;
  const bool unknown = bar.green_at == SafetyKernel::never;
  why.earliest = std::max(
      soonest,
      unknown ? expected_end(bar.group) + config_->intergreen(bar.group, why.group) : bar.green_at);
}

/// When the green of x, which must end, ends at the earliest.
Tick Controller::expected_end(GroupIndex x) const {
  const SignalGroup& group = config_->group(x);
  switch (kernel_.aspect(x)) {
    case Aspect::flashing_green:
      return kernel_.since(x) + group.flashing_green;
    case Aspect::red_amber:
      return kernel_.since(x) + group.red_amber + group.min_green;
    default:
      return std::max(now_, kernel_.may_end_from(x)) + group.flashing_green;
  }
}

}  // namespace chorraha
