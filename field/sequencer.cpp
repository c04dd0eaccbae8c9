#include "field/sequencer.hpp"

#include <algorithm>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

constexpr Ticks clock_step_max{5};  // SAFETY.md D: a clock step over 0.5 s is an A16 transition
constexpr int beats_faster = 5;     // one Tick more in 5: cycle -16.7 %
constexpr int beats_slower = 6;     // one Tick less in 6: cycle +20 %

Ticks modulo(Ticks value, Ticks cycle) {
  const Ticks rest = value % cycle;
  return rest < Ticks{0} ? rest + cycle : rest;
}

Ticks distance(Ticks at, Ticks begin, Ticks end) {
  if (at < begin) return begin - at;
  return at >= end ? at - end : Ticks{0};
}

}  // namespace

Sequencer::Sequencer(const IntersectionConfig& config, Ticks decision_step)
    : config_(&config), decision_step_(std::max(decision_step, Ticks{1})) {}

bool Sequencer::on_grid(Tick t) const {
  return t.time_since_epoch() % decision_step_ == Ticks{0};
}

Tick Sequencer::to_grid(Tick t) const {
  if (t == Tick::max()) return t;
  const Ticks over = t.time_since_epoch() % decision_step_;
  return over > Ticks{0} ? t + (decision_step_ - over) : t - over;
}

/// SAFETY.md D, "Cycle zero", in steps of 0.1 s.
Ticks Sequencer::place(Instant utc) const {
  const Ticks since_epoch = std::chrono::floor<Ticks>(utc.time_since_epoch());
  return modulo(since_epoch + state_.timetable->offset, state_.timetable->cycle);
}

/// Where its window begins: at the latest end of the step before, perhaps in the cycle before.
Ticks Sequencer::step_begin(std::size_t step) const {
  const Timetable& t = *state_.timetable;
  return step == 0 ? t.steps.back().end_latest - t.cycle : t.steps[step - 1].end_latest;
}

std::size_t Sequencer::step_at(Ticks place) const {
  const auto& steps = state_.timetable->steps;
  const auto ends_later = [place](const TimetableStep& step) { return place < step.end_latest; };
  const auto found = std::ranges::find_if(steps, ends_later);
  return found == steps.end() ? 0 : static_cast<std::size_t>(found - steps.begin());
}

/// `at` counts from the begin of the cycle in which `step` ends.
void Sequencer::set_program(std::size_t step, Ticks at) {
  state_.step = step;
  state_.program = at;
  state_.cycle_begin = Ticks{0};
  state_.correcting = false;
  state_.beat = 0;
  state_.joining = false;
}

void Sequencer::begin(const Timetable& timetable, Tick now, Instant utc) {
  state_ = State{};
  state_.timetable = &timetable;
  state_.source = ControlSource::timetable;
  state_.last_step = now;
  const Ticks here = place(utc);
  const std::size_t step = step_at(here);
  const bool wraps = here >= timetable.steps[step].end_latest;
  set_program(step, wraps ? here - timetable.cycle : here);
  enter(timetable.steps[step].stage, now);
}

void Sequencer::follow(const Timetable& timetable, Tick now, Instant utc) {
  state_.timetable = &timetable;
  state_.source = ControlSource::timetable;
  state_.sequence = PlanSequence{};
  state_.last_step = now;
  const Ticks here = place(utc);
  Ticks nearest = Ticks::max();
  for (std::size_t step = 0; step < timetable.steps.size(); ++step) {
    if (timetable.steps[step].stage != state_.stage) continue;
    for (const Ticks shift : {-timetable.cycle, Ticks{0}, timetable.cycle}) {
      const Ticks begin = step_begin(step);
      const Ticks end = timetable.steps[step].end_latest;
      const Ticks away = distance(here + shift, begin, end);
      if (away >= nearest) continue;
      nearest = away;
      set_program(step, std::clamp(here + shift, begin, end));
    }
  }
  if (nearest == Ticks::max()) {
    set_program(step_at(here), here);
    state_.joining = true;
  }
}

void Sequencer::follow(const HorizonPlan& plan, std::size_t first) {
  CHORRAHA_EXPECT(first < plan.stages.size() && plan.stages.size() <= HorizonPlan::stages_max);
  CHORRAHA_EXPECT(plan.stages[first].stage == state_.stage);
  std::ranges::copy(plan.stages, state_.horizon.begin());
  state_.entries = plan.stages.size();
  state_.entry = first;
  state_.source = ControlSource::horizon;
  state_.sequence = plan.sequence;
  state_.lease_until = plan.lease_until;
  state_.joining = false;
}

Ticks Sequencer::deviation(Instant utc) const {
  const Ticks cycle = state_.timetable->cycle;
  const Ticks ahead = modulo(place(utc) - state_.program, cycle);
  return ahead * 2 > cycle ? ahead - cycle : ahead;
}

/// Advances the program clock and lets it drift towards the place that UTC asks for (A16).
void Sequencer::run_program(Tick now, Instant utc) {
  const Ticks passed = now - state_.last_step;
  state_.last_step = now;
  if (state_.source != ControlSource::timetable) return;
  state_.program += passed;
  Ticks behind = deviation(utc);
  if (std::chrono::abs(behind) > clock_step_max) state_.correcting = true;
  if (behind == Ticks{0}) state_.correcting = false;
  if (!state_.correcting) {
    state_.beat = 0;
    return;
  }
  state_.beat += static_cast<int>(passed.count());
  for (; state_.beat >= beats_faster && behind > Ticks{0}; state_.beat -= beats_faster, --behind)
    ++state_.program;
  for (; state_.beat >= beats_slower && behind < Ticks{0}; state_.beat -= beats_slower, ++behind)
    --state_.program;
}

Sequencer::Bounds Sequencer::bounds(Tick now) const {
  if (state_.source == ControlSource::horizon) {
    const HorizonStage& entry = state_.horizon[state_.entry];
    return {entry.end_earliest, entry.end_latest};
  }
  const TimetableStep& step = state_.timetable->steps[state_.step];
  const Ticks left = state_.cycle_begin - state_.program;
  return {now + left + step.end_earliest, now + left + step.end_latest};
}

bool Sequencer::has_call(StageIndex stage, const Calls& calls) const {
  GroupSet others = config_->stage(stage).green;
  if (state_.stage.valid()) others = others - config_->stage(state_.stage).green;
  return others.intersects(calls.called);
}

/// May be the step that is on, a cycle later, when all others are skipped.
std::size_t Sequencer::next_step(const Calls& calls) const {
  const auto& steps = state_.timetable->steps;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const std::size_t step = (state_.step + i) % steps.size();
    if (!steps[step].skippable || has_call(steps[step].stage, calls)) return step;
  }
  return state_.step;
}

/// entries(): none, rest.
std::size_t Sequencer::next_entry(const Calls& calls) const {
  std::size_t entry = state_.entry + 1;
  while (entry < state_.entries && state_.horizon[entry].skippable &&
         !has_call(state_.horizon[entry].stage, calls))
    ++entry;
  return entry;
}

bool Sequencer::rests() const {
  return state_.source == ControlSource::horizon && state_.entry + 1 >= state_.entries;
}

StageIndex Sequencer::next_stage(const Surroundings& here) const {
  const Calls& calls = here.calls;
  if (state_.source == ControlSource::timetable) {
    const std::size_t step = state_.joining ? step_at(place(here.utc)) : next_step(calls);
    return state_.timetable->steps[step].stage;
  }
  const std::size_t entry = next_entry(calls);
  return entry < state_.entries ? state_.horizon[entry].stage : state_.stage;
}

bool Sequencer::due(const Surroundings& here) const {
  if (state_.joining) return true;
  if (rests()) return false;
  const Bounds ends = bounds(here.now);
  if (here.now >= ends.latest) return true;
  if (here.now < ends.earliest) return false;
  const GroupSet watched = ending(here) & here.calls.sensed;
  return !watched.empty() && !watched.intersects(here.calls.extending);
}

/// What of `stage` is wanted as it begins: groups on demand only when called, or lit already.
GroupSet Sequencer::served_in(StageIndex stage, const Surroundings& here) const {
  const GroupSet all = config_->stage(stage).green;
  const GroupSet unasked = (all & here.calls.on_demand) - here.calls.called - here.kernel.green();
  const GroupSet served = all - unasked;
  return served.empty() ? all : served;
}

/// Groups whose green ends on the way to the next stage, those included that start again.
GroupSet Sequencer::ending(const Surroundings& here) const {
  const GroupSet next = served_in(next_stage(here), here);
  return here.kernel.leaving({next, here.kernel.all() - next}, here.now);
}

/// When every group that ends has run its minimum; never while one has begun to start.
Tick Sequencer::may_leave_from(const Surroundings& here) const {
  if (state_.entering) return Tick::max();
  const GroupSet starting = here.kernel.taken() - here.kernel.green();
  if (starting.intersects(state_.served)) return Tick::max();
  Tick from = here.now;
  for (const GroupIndex g : ending(here)) from = std::max(from, here.kernel.may_end_from(g));
  return from;
}

void Sequencer::enter(StageIndex stage, Tick now) {
  state_.stage = stage;
  state_.stage_since = now;
  state_.entering = true;
  state_.served = GroupSet{};
}

void Sequencer::advance(const Surroundings& here) {
  const StageIndex next = next_stage(here);
  if (state_.source == ControlSource::horizon) {
    const std::size_t entry = next_entry(here.calls);
    if (entry >= state_.entries) return;
    state_.entry = entry;
  } else if (state_.joining) {
    const Ticks at = place(here.utc);
    const std::size_t step = step_at(at);
    const Ticks cycle = state_.timetable->cycle;
    set_program(step, at >= state_.timetable->steps[step].end_latest ? at - cycle : at);
  } else {
    const std::size_t step = next_step(here.calls);
    if (step <= state_.step) state_.cycle_begin += state_.timetable->cycle;
    state_.step = step;
  }
  const GroupSet left_out = (served_in(next, here) - state_.served) & here.calls.called;
  if (next != state_.stage || !left_out.empty()) enter(next, here.now);
}

/// Groups on demand may join later, if their minimum still fits before the latest end.
void Sequencer::choose_served(const Surroundings& here) {
  if (state_.served.empty()) {
    state_.served = served_in(state_.stage, here);
    return;
  }
  const GroupSet on_demand = config_->stage(state_.stage).green & here.calls.on_demand;
  for (const GroupIndex g : (on_demand & here.calls.called) - state_.served) {
    GroupSet with = state_.served;
    with.insert(g);
    const Tick bar = here.kernel.start_bar(g, with, here.now).green_at;
    if (!here.kernel.may_join(g) || (bar == SafetyKernel::never && !state_.entering)) continue;
    const SignalGroup& group = config_->group(g);
    const Tick green_at = std::max(bar, here.now + group.red_amber);
    const bool fits =
        bar != SafetyKernel::never && end_latest(here.now) - group.min_green >= green_at;
    if (state_.entering || fits) state_.served = with;
  }
}

Wishes Sequencer::step(const Surroundings& here) {
  run_program(here.now, here.utc);
  if (!state_.served.empty() && (state_.served - here.kernel.green()).empty())
    state_.entering = false;
  if (on_grid(here.now) && due(here) && may_leave_from(here) <= here.now) advance(here);
  choose_served(here);
  return Wishes{state_.served, here.kernel.all() - state_.served};
}

Tick Sequencer::end_latest(Tick now) const {
  return rests() ? Tick::max() : bounds(now).latest;
}

Sequencer::Service Sequencer::next_service(GroupIndex g, Tick now) const {
  if (state_.source == ControlSource::none) return {};
  if (state_.source == ControlSource::timetable) return next_service_by_timetable(g, now);
  for (std::size_t i = state_.entry + 1; i < state_.entries; ++i) {
    const StageIndex stage = state_.horizon[i].stage;
    if (!config_->stage(stage).green.contains(g)) continue;
    return {stage, std::max(now, state_.horizon[i - 1].end_earliest)};
  }
  return {};
}

Sequencer::Service Sequencer::next_service_by_timetable(GroupIndex g, Tick now) const {
  const auto& steps = state_.timetable->steps;
  const Ticks left = state_.cycle_begin - state_.program;
  for (std::size_t i = 1; i <= steps.size(); ++i) {
    const std::size_t before = state_.step + i - 1;
    const TimetableStep& step = steps[(state_.step + i) % steps.size()];
    if (!config_->stage(step.stage).green.contains(g)) continue;
    const Ticks cycle = before >= steps.size() ? state_.timetable->cycle : Ticks{0};
    return {step.stage,
            std::max(now, now + left + cycle + steps[before % steps.size()].end_earliest)};
  }
  return {};
}

Tick Sequencer::next_decision(const Surroundings& here) const {
  if (state_.joining || (state_.source == ControlSource::timetable && state_.correcting))
    return here.now + Ticks{1};
  if (rests()) return Tick::max();
  const Bounds ends = bounds(here.now);
  Tick next = Tick::max();
  for (const Tick t : {ends.earliest, ends.latest, may_leave_from(here)}) {
    const Tick decided = to_grid(t);
    if (decided > here.now) next = std::min(next, decided);
  }
  return next;
}

}  // namespace chorraha
