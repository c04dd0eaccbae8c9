#include "centre/retiming.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace chorraha {
namespace {

Ticks lead_of(const Timetable& timetable) {
  return timetable.cycle - timetable.steps.back().end_latest;
}

/// How long each step is, with the change into it.
std::vector<Ticks> lengths_of(const Timetable& timetable) {
  std::vector<Ticks> lengths;
  lengths.reserve(timetable.steps.size());
  Ticks before = -lead_of(timetable);
  for (const TimetableStep& step : timetable.steps)
    lengths.push_back(step.end_latest - std::exchange(before, step.end_latest));
  return lengths;
}

bool same_frame(const Timetable& a, const Timetable& b) {
  return a.offset == b.offset && lead_of(a) == lead_of(b) &&
         std::ranges::equal(a.steps, b.steps, {}, &TimetableStep::stage, &TimetableStep::stage);
}

Ticks largest_change(const Timetable& a, const Timetable& b) {
  Ticks largest{0};
  const std::vector<Ticks> from = lengths_of(a);
  const std::vector<Ticks> to = lengths_of(b);
  for (std::size_t i = 0; i < from.size(); ++i)
    largest = std::max(largest, Ticks{std::abs((to[i] - from[i]).count())});
  return largest;
}

const Timetable* own_timetable(const IntersectionConfig& config, const TimeOfDay& local) {
  const TimetableIndex index = config.timetable_at(local.since_midnight, local.weekday);
  return index.valid() ? &config.timetables()[index.value()] : nullptr;
}

/// Every link that leads to the stop lines has been counted.
bool counted_everywhere(const JunctionPlanning& planning, const Network& network,
                        std::span<const MovementFlow> flows) {
  std::map<LinkIndex, double> by_link;
  const JunctionModel& model = planning.model();
  for (const JunctionModel::Lane& lane : model.lanes()) by_link[network.lane(lane.lane).link] += 0;
  for (const MovementFlow& flow : flows) {
    const std::size_t turn = model.turn_of(flow.movement);
    const std::size_t lane = model.turns()[turn].lane;
    by_link[network.lane(model.lanes()[lane].lane).link] += flow.flow_veh_per_h;
  }
  return std::ranges::all_of(by_link, [](const auto& link) { return link.second > 0; });
}

/// In the frame of the city's own timetable: its offset, and the same place in the cycle.
void frame_as(const Timetable& own, Timetable& timetable) {
  const Ticks shift = lead_of(timetable) - lead_of(own);
  for (TimetableStep& step : timetable.steps) {
    step.end_earliest += shift;
    step.end_latest += shift;
  }
  timetable.offset = std::clamp(own.offset, -timetable.cycle, timetable.cycle);
}

/// One intersection on its way through make().
struct Work {
  std::size_t at = 0;
  const JunctionPlanning* planning = nullptr;
  const Timetable* own = nullptr;
  std::vector<MovementFlow> flows;
  bool counted = false;
};

}  // namespace

Timetable moved_towards(const Timetable& from, const Timetable& to, const RetimingLimits& limits) {
  const auto share = [](Ticks limit, Ticks change) {
    const auto size = static_cast<double>(std::abs(change.count()));
    return size > 0 ? static_cast<double>(limit.count()) / size : 1.0;
  };
  const std::vector<Ticks> old_lengths = lengths_of(from);
  const std::vector<Ticks> new_lengths = lengths_of(to);
  double part = std::min(1.0, share(limits.cycle, to.cycle - from.cycle));
  for (std::size_t i = 0; i < old_lengths.size(); ++i)
    part = std::min(part, share(limits.split, new_lengths[i] - old_lengths[i]));
  if (part >= 1) return to;
  Timetable moved = to;
  Ticks end = -lead_of(from);
  for (std::size_t i = 0; i < old_lengths.size(); ++i) {
    const auto whole = static_cast<double>((new_lengths[i] - old_lengths[i]).count());
    end += old_lengths[i] + Ticks{static_cast<std::int64_t>(std::trunc(whole * part))};
    moved.steps[i].end_earliest = moved.steps[i].end_latest = end;
  }
  moved.cycle = end + lead_of(from);
  return moved;
}

void Retiming::advance(Instant now, const TimeOfDay& local,
                       std::span<const JunctionPlanning> planning, const Network& network) {
  if (!next_) next_ = now + options_.every;
  if (now < *next_) return;
  next_ = now + options_.every;
  make(now, local, planning, network);
}

void Retiming::make(Instant now, const TimeOfDay& local, std::span<const JunctionPlanning> planning,
                    const Network& network) {
  std::vector<Work> works;
  std::map<Ticks, Ticks> cycles;  // the city's own -> the longest that is needed
  const auto options_for = [&](const Work& work) {
    WebsterOptions options = options_.webster;
    for (const TimetableStep& step : work.own->steps) options.sequence.push_back(step.stage);
    return options;
  };
  for (std::size_t i = 0; i < planning.size(); ++i) {
    const Timetable* own = own_timetable(planning[i].model().config(), local);
    if (own == nullptr) continue;
    Work work{i, &planning[i], own, planning[i].flows(now), false};
    work.counted = counted_everywhere(planning[i], network, work.flows);
    const Result<WebsterPlan> alone =
        webster_timetable(planning[i].model(), work.flows, own->id, options_for(work));
    work.counted = work.counted && alone.has_value();
    if (work.counted) {
      Ticks& longest = cycles[own->cycle];
      longest = std::max(longest, alone->timetable.cycle);
    }
    works.push_back(std::move(work));
  }
  const std::string name =
      fmt::format("webster-{:02}{:02}", local.since_midnight / std::chrono::hours{1},
                  local.since_midnight / std::chrono::minutes{1} % 60);
  for (const Work& work : works) {
    State& state = states_[work.at];
    if (!work.counted) {
      const bool has_another = state.accepted && state.accepted->timetable != *work.own;
      if (has_another) want(state, {*work.own, now, 0});
      continue;
    }
    WebsterOptions options = options_for(work);
    options.cycle_min_s = options.cycle_max_s = to_seconds(cycles[work.own->cycle]);
    Result<WebsterPlan> made =
        webster_timetable(work.planning->model(), work.flows, TimetableId{name}, options);
    if (!made) continue;
    frame_as(*work.own, made->timetable);
    const Timetable& running = state.accepted ? state.accepted->timetable : *work.own;
    if (state.accepted && same_frame(running, made->timetable))
      made->timetable = moved_towards(running, made->timetable, options_.limits);
    const bool worth_it = !same_frame(running, made->timetable) ||
                          largest_change(running, made->timetable) >= options_.worth_it;
    if (worth_it)
      want(state, {std::move(made->timetable), now, std::ranges::max(made->saturation)});
  }
}

void Retiming::want(State& state, Made made) {
  state.wanted = std::move(made);
  state.sent_to.reset();
}

const Retiming::Made* Retiming::due(IntersectionIndex at, BootId boot) const {
  const State& state = states_[at.value()];
  return state.wanted && state.sent_to != boot ? &*state.wanted : nullptr;
}

void Retiming::sent(IntersectionIndex at, BootId boot, PlanSequence sequence) {
  State& state = states_[at.value()];
  state.sent_to = boot;
  state.sequence = sequence;
}

void Retiming::answered(IntersectionIndex at, const PlanAnswer& answer) {
  State& state = states_[at.value()];
  if (!state.wanted || state.sent_to != answer.boot || state.sequence != answer.sequence) return;
  if (answer.accepted()) {
    state.accepted = state.wanted;
  } else {
    state.wanted = state.accepted;  // it has that; the next one is made in due time
  }
}

void Retiming::lost(IntersectionIndex at) {
  states_[at.value()].sent_to.reset();
}

}  // namespace chorraha
