#include "control/horizon_problem.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace chorraha::horizon {
namespace {

using Change = JunctionModel::Change;
using Window = JunctionModel::Window;
using Right = JunctionModel::Right;

constexpr double flow_chunk_s = 5.0;     // a flow without known vehicles comes in such pieces
constexpr double phantom_view_s = 10.0;  // a call is explained by somebody who is there by then

/// Seconds from `now` to `then`.
double span_s(Tick now, Tick then) {
  return to_seconds(then - now);
}

/// What the groups do from now on, as far as the kernel has begun it already.
class Entry {
 public:
  Entry(const JunctionModel& junction, const StateReport& report)
      : config_(junction.config()), report_(report), wanted_(wanted_of(junction, report)) {
    for (const GroupIndex g : config_.all_groups() - wanted_) end_s_[g.value()] = end_of(g);
    for (const GroupIndex g : wanted_) green_s_[g.value()] = green_of(g);
    // As often as a chain of yields may be long.
    for (std::size_t round = 0; round < config_.groups().size(); ++round) {
      for (const GroupIndex g : wanted_ - lit()) start_behind(g);
    }
  }

  /// Groups of the stage that are green to stay.
  [[nodiscard]] GroupSet lit() const {
    GroupSet set;
    for (const GroupIndex g : wanted_) {
      if (state(g).aspect == Aspect::green) set.insert(g);
    }
    return set;
  }
  [[nodiscard]] double green_s(GroupIndex g) const { return green_s_[g.value()]; }
  [[nodiscard]] double end_s(GroupIndex g) const { return end_s_[g.value()]; }
  [[nodiscard]] GroupSet wanted() const { return wanted_; }

  /// When every group of the stage has run its minimum green.
  [[nodiscard]] double leave_s() const {
    double at = 0;
    for (const GroupIndex g : wanted_) {
      const SignalGroup& group = config_.group(g);
      at = std::max(
          at, green_s_[g.value()] + to_seconds(group.min_green) - to_seconds(group.flashing_green));
    }
    return at;
  }

 private:
  [[nodiscard]] const GroupState& state(GroupIndex g) const { return report_.groups[g.value()]; }

  // Groups of the stage: all while it is being entered, but those on demand that nobody called;
  // afterwards those that are on.
  [[nodiscard]] static GroupSet wanted_of(const JunctionModel& junction,
                                          const StateReport& report) {
    const GroupSet all = junction.config().stage(report.stage).green;
    GroupSet wanted;
    for (const GroupIndex g : all) {
      const GroupState& now = report.groups[g.value()];
      const bool on = is_green(now.aspect) || now.aspect == Aspect::red_amber;
      const bool asked = now.called || !junction.on_demand().contains(g);
      if (on || (report.entering && asked)) wanted.insert(g);
    }
    return wanted.empty() ? all : wanted;
  }

  // SAFETY-A19; the kernel begins the red+amber of g no sooner than that of those it yields to.
  void start_behind(GroupIndex g) {
    for (const GroupIndex x : config_.yields_to(g) & (wanted_ - lit())) {
      const Ticks later = config_.group(g).red_amber - config_.group(x).red_amber;
      const double least_s = green_s_[x.value()] + std::max(0.0, to_seconds(later));
      green_s_[g.value()] = std::max(green_s_[g.value()], least_s);
    }
  }

  [[nodiscard]] bool begins_anew(GroupIndex g) const {
    return state(g).aspect == Aspect::amber || state(g).aspect == Aspect::flashing_green;
  }

  // End of green of a group that is not wanted; negative if it is over.
  [[nodiscard]] double end_of(GroupIndex g) const {
    const SignalGroup& group = config_.group(g);
    const GroupState& now = state(g);
    const double since_s = span_s(report_.now, now.since);
    const double flashing_s = to_seconds(group.flashing_green);
    switch (now.aspect) {
      case Aspect::green:
        return std::max(0.0, span_s(report_.now, now.green_since) + to_seconds(group.min_green) -
                                 flashing_s) +
               flashing_s;
      case Aspect::flashing_green:
        return since_s + flashing_s;
      case Aspect::amber:
        return since_s;
      default:
        return span_s(report_.now, now.red_since) - to_seconds(group.amber);
    }
  }

  // Begin of green of a wanted group; negative if it has begun.
  [[nodiscard]] double green_of(GroupIndex g) const {
    const SignalGroup& group = config_.group(g);
    const GroupState& now = state(g);
    if (now.aspect == Aspect::green) return span_s(report_.now, now.green_since);
    const double red_amber_s = to_seconds(group.red_amber);
    if (now.aspect == Aspect::red_amber) return span_s(report_.now, now.since) + red_amber_s;
    // Red since; one that flashes or shows amber ends first, to begin anew.
    const double red_s = end_of(g) + to_seconds(group.amber);
    double at = std::max(red_amber_s, red_s + to_seconds(group.min_red) + red_amber_s);
    for (const GroupIndex x : config_.all_groups() - wanted_) {
      const Relation relation = config_.relation(x, g);
      if (relation == Relation::compatible || relation == Relation::same_stream) continue;
      at = std::max(at, end_s_[x.value()] + to_seconds(config_.intergreen(x, g)));
    }
    for (const GroupIndex x : wanted_) {  // one that begins anew ends first, SAFETY-A19
      const Relation relation = config_.relation(x, g);
      const bool stands_aside = relation == Relation::yields || relation == Relation::yielded_to;
      if (stands_aside && begins_anew(x))
        at = std::max(at, end_of(x) + to_seconds(config_.intergreen(x, g)));
    }
    return at;
  }

  const IntersectionConfig& config_;
  const StateReport& report_;
  GroupSet wanted_;
  std::array<double, GroupSet::capacity> end_s_{};
  std::array<double, GroupSet::capacity> green_s_{};
};

Window entry_window(const JunctionModel::Turn& turn, Right right, const Entry& entry) {
  Window window;
  window.close_s = -JunctionModel::never_s;
  for (const GroupIndex g : turn.groups) {
    if (entry.wanted().contains(g) && !entry.lit().contains(g)) {
      window.open_s = std::min(window.open_s, entry.green_s(g));
      continue;
    }
    const double end_s = entry.lit().contains(g) ? JunctionModel::never_s : entry.end_s(g);
    window.open_before = true;
    window.close_s = std::max(window.close_s, end_s);
  }
  if (window.open_before && window.open_s <= window.close_s)
    window.close_s = JunctionModel::never_s;
  if (right == Right::on_red) window.open_s = 0;
  return window;
}

Change entry_change(const JunctionModel& junction, StageIndex stage, const Entry& entry) {
  Change change;
  change.leave_s = entry.leave_s();
  change.starting = entry.wanted() - entry.lit();
  change.green_s.assign(junction.config().groups().size(), 0.0);
  for (const GroupIndex g : change.starting) {
    change.green_s[g.value()] = entry.green_s(g);
    change.total_s = std::max(change.total_s, entry.green_s(g));
  }
  const JunctionModel::StageView& view = junction.stage(stage);
  change.windows.reserve(junction.turns().size());
  for (std::size_t t = 0; t < junction.turns().size(); ++t)
    change.windows.push_back(entry_window(junction.turns()[t], view.rights[t], entry));
  change.lanes.resize(junction.lanes().size());
  std::iota(change.lanes.begin(), change.lanes.end(), std::size_t{0});
  return change;
}

void lay_grid(Problem& problem, Tick now) {
  const HorizonOptions& options = problem.options;
  const std::int64_t step = std::max<std::int64_t>(options.decision_step.count(), 10);
  const std::int64_t past = now.time_since_epoch().count() % step;
  const std::int64_t view = ticks_at_least(options.view_s).count();
  const std::int64_t near = ticks_at_least(options.near_s).count();
  const auto add = [&](std::int64_t at, bool aligned) {
    problem.grid_s.push_back(static_cast<double>(at) / 10.0);
    problem.may_change.push_back(aligned && at >= options.latency.count() ? 1 : 0);
  };
  if (past != 0) add(0, false);
  for (std::int64_t at = past == 0 ? 0 : step - past; at < view;) {
    add(at, true);
    at += step < 20 && at >= near ? 2 * step : step;
  }
  add(view, false);
}

/// The expected vehicles of one lane, the queued ones first.
class LaneFiller {
 public:
  LaneFiller(const Problem& problem, std::size_t place)
      : problem_(problem), lane_(problem.junction.lanes()[place]) {}

  void add_scene(const LaneScene& scene) {
    double known = 0;
    for (const Arrival& arrival : scene.arrivals) {
      const bool queued = arrival.at_s <= 0 || known + arrival.vehicles / 2 < scene.queue_veh;
      known += arrival.vehicles;
      add(arrival.at_s, arrival.vehicles, turn_of(arrival.movement), queued);
    }
    if (scene.queue_veh > known + 0.5)
      add(std::min(0.0, first_s()) - 1.0, scene.queue_veh - known, lane_.main_turn, true);
    if (scene.arrival_flow_veh_per_s > 0) {
      const double first_s = std::max(0.0, last_s()) + flow_chunk_s / 2;
      const double chunks = std::ceil((problem_.options.view_s - first_s) / flow_chunk_s);
      for (int i = 0; i < chunks; ++i)
        add(first_s + i * flow_chunk_s, scene.arrival_flow_veh_per_s * flow_chunk_s,
            lane_.main_turn, false);
    }
  }
  void add(double at_s, double weight, std::size_t turn, bool stopped) {
    if (weight > 0 && std::isfinite(weight) && std::isfinite(at_s) &&
        at_s < problem_.options.view_s)
      vehicles_.push_back({at_s, weight, turn, stopped, 0});
  }
  [[nodiscard]] std::size_t main_turn() const { return lane_.main_turn; }
  [[nodiscard]] bool anybody_by(double at_s, GroupSet groups) const {
    return std::ranges::any_of(vehicles_, [&](const Vehicle& vehicle) {
      return vehicle.at_s <= at_s &&
             problem_.junction.turns()[vehicle.turn].groups.intersects(groups);
    });
  }

  [[nodiscard]] Lane finish(double exit_space_veh) {
    std::ranges::stable_sort(vehicles_, {}, &Vehicle::at_s);
    // Turns that nothing can serve (none in this lane) would block it for ever: leave them out.
    std::erase_if(vehicles_, [&](const Vehicle&) { return lane_.turn_count == 0; });
    if (vehicles_.size() > most) vehicles_.resize(most);
    limit_by_exit(exit_space_veh);
    Lane lane;
    sum_up(lane);
    for (const double at_s : problem_.grid_s) {
      lane.arrived.push_back(count_by(at_s));
      lane.stopped_by.push_back(count_by(at_s - stop_after_s));
    }
    lane.vehicles = std::move(vehicles_);
    return lane;
  }

 private:
  static constexpr std::size_t most = 400;  // vehicles a lane; no lane discharges more in a view

  [[nodiscard]] std::size_t turn_of(MovementIndex movement) const {
    const std::size_t turn =
        movement.valid() ? problem_.junction.turn_of(movement) : problem_.junction.turns().size();
    const bool here = turn >= lane_.first_turn && turn < lane_.first_turn + lane_.turn_count;
    return here ? turn : lane_.main_turn;
  }
  [[nodiscard]] double first_s() const { return vehicles_.empty() ? 0 : vehicles_.front().at_s; }
  [[nodiscard]] double last_s() const { return vehicles_.empty() ? 0 : vehicles_.back().at_s; }
  [[nodiscard]] std::uint16_t count_by(double at_s) const {
    const auto end = std::ranges::upper_bound(vehicles_, at_s, {}, &Vehicle::at_s);
    return static_cast<std::uint16_t>(end - vehicles_.begin());
  }
  void limit_by_exit(double space_veh) {
    double gone = 0;
    for (Vehicle& vehicle : vehicles_) {
      gone += vehicle.weight;
      const double beyond = gone - space_veh;
      if (beyond <= 0) continue;
      vehicle.not_before_s =
          problem_.options.exit_clear_s + (beyond - 1) * problem_.options.exit_headway_s;
    }
  }
  void sum_up(Lane& lane) const {
    lane.weight_sum.push_back(0);
    lane.moment_sum.push_back(0);
    lane.stop_sum.push_back(0);
    for (const Vehicle& vehicle : vehicles_) {
      lane.weight_sum.push_back(lane.weight_sum.back() + vehicle.weight);
      lane.moment_sum.push_back(lane.moment_sum.back() + vehicle.weight * vehicle.at_s);
      lane.stop_sum.push_back(lane.stop_sum.back() + (vehicle.stopped ? 0 : vehicle.weight));
    }
  }

  const Problem& problem_;
  const JunctionModel::Lane& lane_;
  std::vector<Vehicle> vehicles_;
};

void add_releases(std::vector<LaneFiller>& lanes, const Problem& problem, Instant now,
                  std::span<const Release> releases) {
  const auto& feeders = problem.junction.feeders();
  const bool unseen = problem.options.upstream == HorizonOptions::Upstream::unseen;
  for (const Release& release : releases) {
    const double left_s = to_seconds(release.at - now);
    if (left_s <= 0 && !unseen) continue;
    const auto reached =
        std::ranges::equal_range(feeders, release.lane, {}, &JunctionModel::Feeder::from);
    const auto ways = static_cast<double>(reached.size());
    for (const JunctionModel::Feeder& feeder : reached) {
      const double at_s = left_s + feeder.travel_s;
      const double hidden_s = unseen ? feeder.hidden_s : 0;
      if (left_s + hidden_s <= 0) continue;  // a detector has seen it
      LaneFiller& lane = lanes[feeder.lane];
      lane.add(at_s, release.vehicles / ways, lane.main_turn(), false);
    }
  }
}

// A call that no known vehicle explains: somebody stands there whom the detection keeps missing.
void add_phantoms(std::vector<LaneFiller>& lanes, const Problem& problem,
                  const StateReport& report) {
  const IntersectionConfig& config = problem.junction.config();
  for (const GroupIndex g : config.all_groups() - config.pedestrians()) {
    const GroupState& state = report.groups[g.value()];
    if (!state.called || is_green(state.aspect)) continue;
    GroupSet one;
    one.insert(g);
    const auto explained = [&](const LaneFiller& lane) {
      return lane.anybody_by(phantom_view_s, one);
    };
    if (std::ranges::any_of(lanes, explained)) continue;
    const auto& turns = problem.junction.turns();
    const auto turn = std::ranges::find_if(
        turns, [&](const JunctionModel::Turn& t) { return t.groups.contains(g); });
    if (turn == turns.end()) continue;
    lanes[turn->lane].add(std::min(0.0, span_s(report.now, state.called_since)), 1.0,
                          static_cast<std::size_t>(turn - turns.begin()), true);
  }
}

void add_calls(Problem& problem, const StateReport& report) {
  const IntersectionConfig& config = problem.junction.config();
  for (const GroupIndex g : config.all_groups()) {
    const GroupState& state = report.groups[g.value()];
    if (!state.called || is_green(state.aspect)) continue;
    const bool walks = config.pedestrians().contains(g);
    problem.calls.push_back({g, std::min(0.0, span_s(report.now, state.called_since)),
                             walks ? problem.options.walk_cost_s : 0.0});
  }
}

// SAFETY-A12 counts from the first conflicting call, which a report does not tell once it has
// dropped: counted here from the begin of green, which is never later.
double green_limit_s(const IntersectionConfig& config, const Entry& entry) {
  double limit_s = JunctionModel::never_s;
  for (const GroupIndex g : entry.wanted()) {
    const SignalGroup& group = config.group(g);
    limit_s =
        std::min(limit_s, entry.green_s(g) + to_seconds(group.max_green - group.flashing_green));
  }
  return std::max(limit_s, entry.leave_s());
}

std::vector<double> clear_of(const JunctionModel& junction, const Entry& entry) {
  const IntersectionConfig& config = junction.config();
  std::vector<double> clear_s(config.groups().size(), 0.0);
  for (const GroupIndex a : config.all_groups() - entry.wanted()) {
    for (const GroupIndex b : config.all_groups()) {
      const double needs_s = junction.intergreen_s(a, b);
      double& clear = clear_s[b.value()];
      if (needs_s > 0) clear = std::max(clear, entry.end_s(a) + needs_s);
    }
  }
  return clear_s;
}

}  // namespace

Problem pose(const JunctionModel& junction, const Scene& scene,
             std::span<const Release> from_neighbours, const HorizonOptions& options) {
  const StateReport& report = scene.signals;
  Problem problem{junction, options, {}, {}, {}, {}, report.stage, {}, {}, 0, {}};
  lay_grid(problem, report.now);
  const Entry entry(junction, report);
  problem.walks = entry.wanted().intersects(junction.on_demand()) ? JunctionModel::OnDemand::all
                                                                  : JunctionModel::OnDemand::none;
  problem.entry = entry_change(junction, report.stage, entry);
  problem.clear_s = clear_of(junction, entry);
  problem.limit_s = green_limit_s(junction.config(), entry);
  std::vector<LaneFiller> fillers;
  for (std::size_t lane = 0; lane < junction.lanes().size(); ++lane) {
    fillers.emplace_back(problem, lane);
    if (lane < scene.lanes.size()) fillers.back().add_scene(scene.lanes[lane]);
  }
  add_releases(fillers, problem, scene.at, from_neighbours);
  add_phantoms(fillers, problem, report);
  for (std::size_t lane = 0; lane < junction.lanes().size(); ++lane) {
    const bool known = lane < scene.lanes.size();
    problem.lanes.push_back(fillers[lane].finish(known ? scene.lanes[lane].exit_space_veh : 1e9));
    for (const GroupIndex g : junction.lanes()[lane].groups & entry.lit()) {
      Lane& here = problem.lanes.back();
      here.free_s = std::max(here.free_s, entry.green_s(g) + junction.discharge().start_up_s);
    }
  }
  add_calls(problem, report);
  return problem;
}

}  // namespace chorraha::horizon
