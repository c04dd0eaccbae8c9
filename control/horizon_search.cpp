#include "control/horizon_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "traffic/expect.hpp"

namespace chorraha::horizon {
namespace {

using OnDemand = JunctionModel::OnDemand;
using Right = JunctionModel::Right;

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// A partial plan; its queues lie in Search at the same place.
struct Partial {
  bool used = false;
  double gone = 0;         // cost of everything that is over
  double cost = 0;         // gone + of those who wait
  double limit_s = 0;      // when the stage must have ended for others
  double leave_s = 0;      // when it could end first
  std::uint64_t open = 0;  // calls that wait
  std::size_t parent = nowhere;
  const JunctionModel::Change* change = nullptr;  // the last step, if it was one
  JunctionModel::OnDemand walks{};                // lit in the stage
  struct Past {
    const JunctionModel::Change* change = nullptr;
    double at_s = 0;
  };
  std::array<Past, 2> past;  // the last changes, newest first: people may clear through a stage
};

class Search {
 public:
  explicit Search(const Problem& problem)
      : problem_(problem),
        drain_(problem),
        lanes_(problem.lanes.size()),
        stages_(problem.junction.stage_count()),
        beam_(std::max<std::size_t>(problem.options.beam, 1)),
        steps_(problem.grid_s.size()) {
    const std::size_t places = steps_ * stages_ * beam_;
    partials_.resize(places);
    next_.resize(places * lanes_);
    free_s_.resize(places * lanes_);
    trial_next_.resize(lanes_);
    trial_free_s_.resize(lanes_);
  }

  Answer run() {
    plant_root();
    for (std::size_t k = 0; k + 1 < steps_; ++k) expand(k);
    return best();
  }

 private:
  [[nodiscard]] std::size_t place(std::size_t k, std::size_t stage, std::size_t rank) const {
    return (k * stages_ + stage) * beam_ + rank;
  }
  [[nodiscard]] std::size_t step_of(std::size_t at) const { return at / (stages_ * beam_); }
  [[nodiscard]] StageIndex stage_of(std::size_t at) const {
    return StageIndex{at / beam_ % stages_};
  }
  [[nodiscard]] std::span<std::uint16_t> next_at(std::size_t at) {
    return std::span(next_).subspan(at * lanes_, lanes_);
  }
  [[nodiscard]] Queues trial() { return {trial_next_, trial_free_s_}; }

  // The first step not before `at_s`; the last one if there is none.
  [[nodiscard]] std::size_t step_at(double at_s) const {
    const auto found = std::ranges::lower_bound(problem_.grid_s, at_s - 1e-6);
    const auto step = static_cast<std::size_t>(found - problem_.grid_s.begin());
    return std::min(step, steps_ - 1);
  }

  void plant_root() {
    std::ranges::fill(trial_next_, std::uint16_t{0});
    for (std::size_t lane = 0; lane < lanes_; ++lane)
      trial_free_s_[lane] = problem_.lanes[lane].free_s;
    const std::size_t k = step_at(problem_.entry.leave_s);
    Partial root;
    root.limit_s = problem_.limit_s;
    root.leave_s = problem_.entry.leave_s;
    root.walks = problem_.walks;
    root.open = problem_.calls.empty() ? 0 : ~std::uint64_t{0} >> (64 - problem_.calls.size());
    root.gone = drain_.change({problem_.entry, problem_.stage, problem_.stage}, 0,
                              problem_.grid_s[k], trial());
    answer_calls(root, problem_.entry, 0);
    keep(root, k, problem_.stage);
  }

  void expand(std::size_t k) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t at = place(k, 0, 0); at < place(k + 1, 0, 0); ++at) {
      if (partials_[at].used) least = std::min(least, partials_[at].cost);
    }
    for (std::size_t at = place(k, 0, 0); at < place(k + 1, 0, 0); ++at) {
      if (partials_[at].used && partials_[at].cost <= least + problem_.options.prune_s)
        expand_one(at, k);
    }
  }

  void expand_one(std::size_t at, std::size_t k) {
    const double now_s = problem_.grid_s[k];
    bool forced = false;
    if (problem_.may_change[k] != 0) {
      const bool over = problem_.grid_s[k + 1] > partials_[at].limit_s + 1e-6;
      for (std::size_t to = 0; to < stages_; ++to) {
        const StageIndex stage{to};
        const bool again = stage == stage_of(at);
        if (again ? !left_out(at, stage) : !over && !wanted(at, stage, now_s)) continue;
        forced = try_change(at, stage, now_s) || forced;
      }
      forced = forced && over;
    }
    if (!forced) stay(at, k);
  }

  // Somebody whom `stage` serves first in a lane is there soon, or a call for it waits.
  [[nodiscard]] bool wanted(std::size_t at, StageIndex stage, double now_s) const {
    const JunctionModel::StageView& view = problem_.junction.stage(stage);
    for (const std::size_t lane : view.open_lanes) {
      const Lane& queue = problem_.lanes[lane];
      const std::size_t next = next_[at * lanes_ + lane];
      if (next >= queue.vehicles.size()) continue;
      const Vehicle& head = queue.vehicles[next];
      const Right right = view.rights[head.turn];
      const bool served = right == Right::free || right == Right::yielding;
      if (served && head.at_s <= now_s + problem_.options.reach_s) return true;
    }
    return !(called(partials_[at]) & problem_.junction.config().stage(stage).green).empty();
  }

  [[nodiscard]] GroupSet called(const Partial& partial) const {
    GroupSet set;
    for (std::size_t i = 0; i < problem_.calls.size(); ++i) {
      if ((partial.open >> i & 1) != 0) set.insert(problem_.calls[i].group);
    }
    return set;
  }

  // Somebody has called for a walk of the stage that is lit, too late for it: it begins anew.
  [[nodiscard]] bool left_out(std::size_t at, StageIndex stage) const {
    const JunctionModel::Change& anew =
        problem_.junction.change(stage, stage, OnDemand::none, OnDemand::all);
    return anew.starting.intersects(called(partials_[at]) & problem_.junction.on_demand());
  }

  void load(std::size_t at) {
    const auto from = static_cast<std::ptrdiff_t>(at * lanes_);
    const auto count = static_cast<std::ptrdiff_t>(lanes_);
    std::copy_n(next_.begin() + from, count, trial_next_.begin());
    std::copy_n(free_s_.begin() + from, count, trial_free_s_.begin());
  }

  void stay(std::size_t at, std::size_t k) {
    Partial partial = partials_[at];
    partial.parent = at;
    partial.change = nullptr;
    load(at);
    partial.gone += drain_.stay(stage_of(at), problem_.grid_s[k], problem_.grid_s[k + 1], trial());
    keep(partial, k + 1, stage_of(at));
  }

  bool try_change(std::size_t at, StageIndex to, double now_s) {
    const StageIndex from = stage_of(at);
    Partial partial = partials_[at];
    const GroupSet green = problem_.junction.config().stage(to).green;
    const bool asked = (called(partial) & problem_.junction.on_demand()).intersects(green);
    const OnDemand before = from == to ? OnDemand::none : partial.walks;
    // Walks that are lit and stay in the stage go on.
    const GroupSet walks =
        problem_.junction.on_demand() & problem_.junction.config().stage(from).green & green;
    const bool go_on = before == OnDemand::all && !walks.empty();
    partial.walks = asked || go_on ? OnDemand::all : OnDemand::none;
    const JunctionModel::Change& change = problem_.junction.change(from, to, before, partial.walks);
    if (!cleared(partial, change, now_s)) return false;
    partial.past = {Partial::Past{&change, now_s}, partial.past[0]};
    partial.parent = at;
    partial.change = &change;
    partial.leave_s = now_s + change.leave_s;
    const double limit_s = now_s + change.limit_s;
    const GroupSet lit = problem_.junction.lit(to, partial.walks);
    const bool keeps_some = !(lit - change.starting).empty();
    partial.limit_s = keeps_some ? std::min(limit_s, partial.limit_s) : limit_s;
    if (partial.limit_s < partial.leave_s) return false;
    const std::size_t k = step_at(partial.leave_s);
    load(at);
    partial.gone += problem_.options.change_cost_s;
    partial.gone += drain_.change({change, from, to}, now_s, problem_.grid_s[k], trial());
    answer_calls(partial, change, now_s);
    keep(partial, k, to);
    return true;
  }

  // Whoever starts in `change` finds clear what ended before the stage that is lit.
  [[nodiscard]] bool cleared(const Partial& partial, const JunctionModel::Change& change,
                             double now_s) const {
    constexpr double tick_s = 0.05;
    for (const GroupIndex b : change.starting) {
      const double green_s = now_s + change.green_s[b.value()] + tick_s;
      if (green_s < problem_.clear_s[b.value()]) return false;
      for (const Partial::Past& past : partial.past) {
        if (past.change == nullptr || green_s >= past.at_s + past.change->clear_s) continue;
        if (green_s < past.at_s + problem_.junction.clear_for_s(*past.change, b)) return false;
      }
    }
    return true;
  }

  [[nodiscard]] double call_cost(const Call& call, double at_s) const {
    const double waited_s = at_s - call.since_s;
    const double overdue_s = std::max(0.0, waited_s - problem_.options.wait_limit_s);
    const double broken_s = std::max(0.0, waited_s - problem_.options.call_limit_s);
    return call.cost_s * waited_s + problem_.options.overdue_cost_s * overdue_s +
           problem_.options.broken_limit_cost_s * broken_s;
  }

  void answer_calls(Partial& partial, const JunctionModel::Change& change, double now_s) const {
    for (std::size_t i = 0; i < problem_.calls.size(); ++i) {
      const GroupIndex group = problem_.calls[i].group;
      if ((partial.open >> i & 1) == 0 || !change.starting.contains(group)) continue;
      partial.open &= ~(std::uint64_t{1} << i);
      partial.gone += call_cost(problem_.calls[i], now_s + change.green_s[group.value()]);
    }
  }

  // Keeps the trial if it is among the best of its stage at step k; equal queues are one plan.
  void keep(Partial partial, std::size_t k, StageIndex stage) {
    partial.used = true;
    partial.cost = partial.gone + drain_.waiting(k, trial_next_, trial_free_s_);
    for (std::size_t i = 0; i < problem_.calls.size(); ++i) {
      if ((partial.open >> i & 1) != 0)
        partial.cost += call_cost(problem_.calls[i], problem_.grid_s[k]);
    }
    if (k + 1 == steps_) partial.cost += drain_.left(trial_next_);
    std::size_t worst = nowhere;
    for (std::size_t rank = 0; rank < beam_; ++rank) {
      const std::size_t at = place(k, stage.value(), rank);
      if (!partials_[at].used) {
        worst = worst == nowhere || partials_[worst].used ? at : worst;
        continue;
      }
      const bool same = partials_[at].open == partial.open && partials_[at].walks == partial.walks;
      if (same && std::ranges::equal(next_at(at), trial_next_)) {
        worst = at;
        break;
      }
      if (worst == nowhere || (partials_[worst].used && partials_[at].cost > partials_[worst].cost))
        worst = at;
    }
    if (partials_[worst].used && partials_[worst].cost <= partial.cost) return;
    partials_[worst] = partial;
    const auto to = static_cast<std::ptrdiff_t>(worst * lanes_);
    std::ranges::copy(trial_next_, next_.begin() + to);
    std::ranges::copy(trial_free_s_, free_s_.begin() + to);
  }

  [[nodiscard]] Answer best() const {
    std::size_t at = nowhere;
    for (std::size_t i = place(steps_ - 1, 0, 0); i < partials_.size(); ++i) {
      if (partials_[i].used && (at == nowhere || partials_[i].cost < partials_[at].cost)) at = i;
    }
    CHORRAHA_EXPECT(at != nowhere);  // staying is always possible unless a change was
    Answer answer;
    answer.cost = partials_[at].cost;
    double end_s = problem_.grid_s.back();
    while (true) {
      const Partial& last = partials_[at];
      const std::size_t stage_end = at;
      while (partials_[at].change == nullptr && partials_[at].parent != nowhere)
        at = partials_[at].parent;
      const std::size_t parent = partials_[at].parent;
      const double begin_s = parent == nowhere ? 0 : problem_.grid_s[step_of(parent)];
      answer.legs.push_back(
          {stage_of(stage_end), begin_s, end_s, last.leave_s, last.limit_s, partials_[at].change});
      if (parent == nowhere) break;
      end_s = begin_s;
      at = parent;
    }
    std::ranges::reverse(answer.legs);
    return answer;
  }

  const Problem& problem_;
  Drain drain_;
  std::size_t lanes_, stages_, beam_, steps_;
  std::vector<Partial> partials_;
  std::vector<std::uint16_t> next_;  // lanes_ for each partial
  std::vector<double> free_s_;
  std::vector<std::uint16_t> trial_next_;
  std::vector<double> trial_free_s_;
};

}  // namespace

Answer search(const Problem& problem) {
  return Search(problem).run();
}

std::vector<Departure> replay(const Problem& problem, const std::vector<Leg>& legs) {
  std::vector<std::uint16_t> next(problem.lanes.size(), 0);
  std::vector<double> free_s;
  free_s.reserve(problem.lanes.size());
  for (const Lane& lane : problem.lanes) free_s.push_back(lane.free_s);
  std::vector<Departure> departures;
  Drain drain(problem);
  drain.record(&departures);
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const StageIndex from = i == 0 ? problem.stage : legs[i - 1].stage;
    const JunctionModel::Change& change =
        legs[i].change == nullptr ? problem.entry : *legs[i].change;
    const double entered_s = std::min(legs[i].leave_s, legs[i].end_s);
    const double begin_s = std::min(legs[i].begin_s, entered_s);
    drain.change({change, from, legs[i].stage}, begin_s, entered_s, {next, free_s});
    drain.stay(legs[i].stage, std::max(0.0, entered_s), legs[i].end_s, {next, free_s});
  }
  return departures;
}

}  // namespace chorraha::horizon
