#include "control/timetable.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include <Eigen/Core>
#include <fmt/format.h>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using Right = JunctionModel::Right;

constexpr std::size_t exact_stages = 14;  // subsets of so many are tried one by one
constexpr std::size_t exact_order = 7;    // and orders of so many
constexpr double cycle_most_s = 360;      // IntersectionConfig refuses longer ones
constexpr double nearly_full = 0.95;      // beyond it Webster's formula means nothing

/// Turns of one lane that the same stages serve: they queue together.
struct Stream {
  double ratio = 0;             // flow / saturation flow
  std::vector<double> weights;  // by step: part of the saturation flow that its stage lets go
  std::vector<std::size_t> turns;
};

class Webster {
 public:
  Webster(const JunctionModel& junction, std::span<const MovementFlow> flows,
          const WebsterOptions& options)
      : junction_(junction), options_(options) {
    flow_.assign(junction.turns().size(), options.flow_least_veh_per_h);
    for (const MovementFlow& flow : flows) {
      const std::size_t turn = junction.turn_of(flow.movement);
      if (turn < flow_.size() && std::isfinite(flow.flow_veh_per_h))
        flow_[turn] = std::max(flow.flow_veh_per_h, options.flow_least_veh_per_h);
    }
  }

  Result<WebsterPlan> solve(const TimetableId& id) {
    steps_ = options_.sequence.empty() ? best_order(fewest_stages()) : options_.sequence;
    find_streams();
    find_ratios();
    find_times();
    const double least_s = change_s_.sum() + least_s_.sum();
    if (least_s > cycle_most_s) {
      return Fault{Reason::not_possible, thing() + " cycle",
                   fmt::format("{:.1f} s of minimum greens and interstages", least_s),
                   fmt::format("at most {:.1f} s", cycle_most_s)};
    }
    choose_cycle(least_s);
    split();
    return answer(id);
  }

 private:
  [[nodiscard]] std::string thing() const {
    return "intersection " + junction_.config().id().text() + " timetable";
  }
  [[nodiscard]] std::size_t step_count() const { return steps_.size(); }
  [[nodiscard]] const JunctionModel::Change& change_into(std::size_t step) const {
    const std::size_t before = (step + step_count() - 1) % step_count();
    return junction_.change(steps_[before], steps_[step]);
  }

  [[nodiscard]] GroupSet green_of(const std::vector<std::size_t>& stages) const {
    GroupSet green;
    for (const std::size_t s : stages)
      green = green | junction_.config().stage(StageIndex{s}).green;
    return green;
  }

  // Exact for few stages, else the one that adds most comes next. A group in no stage never gets
  // green.
  [[nodiscard]] std::vector<std::size_t> fewest_stages() const {
    std::vector<std::size_t> every(junction_.stage_count());
    std::iota(every.begin(), every.end(), std::size_t{0});
    const GroupSet all = green_of(every);
    return every.size() <= exact_stages ? smallest_cover(all) : greedy_cover(all);
  }

  [[nodiscard]] std::vector<std::size_t> smallest_cover(GroupSet all) const {
    const std::size_t count = junction_.stage_count();
    std::vector<std::size_t> best;
    for (std::uint32_t set = 1; set < (1U << count); ++set) {
      if (!best.empty() && static_cast<std::size_t>(std::popcount(set)) >= best.size()) continue;
      std::vector<std::size_t> stages;
      for (std::uint32_t rest = set; rest != 0; rest &= rest - 1)
        stages.push_back(static_cast<std::size_t>(std::countr_zero(rest)));
      if (green_of(stages) == all) best = stages;
    }
    return best;
  }

  [[nodiscard]] std::vector<std::size_t> greedy_cover(GroupSet all) const {
    std::vector<std::size_t> cover;
    while (!(green_of(cover) == all)) {
      std::size_t next = 0;
      std::size_t adds = 0;
      for (std::size_t s = 0; s < junction_.stage_count(); ++s) {
        const GroupSet more = junction_.config().stage(StageIndex{s}).green - green_of(cover);
        if (more.size() > adds) next = s;
        adds = std::max(adds, more.size());
      }
      CHORRAHA_EXPECT(adds > 0);
      cover.push_back(next);
    }
    std::ranges::sort(cover);
    return cover;
  }

  // Least time lost in interstages; the configuration's own order where it makes no difference.
  [[nodiscard]] std::vector<StageIndex> best_order(std::vector<std::size_t> cover) const {
    const auto lost_s = [&](const std::vector<std::size_t>& order) {
      double sum_s = 0;
      for (std::size_t i = 0; i < order.size(); ++i) {
        const std::size_t next = order[(i + 1) % order.size()];
        sum_s += junction_.change(StageIndex{order[i]}, StageIndex{next}).total_s;
      }
      return sum_s;
    };
    std::vector<std::size_t> best = cover;
    if (cover.size() <= exact_order) {
      while (std::next_permutation(cover.begin() + 1, cover.end())) {
        if (lost_s(cover) < lost_s(best) - 1e-6) best = cover;
      }
    }
    std::vector<StageIndex> steps;
    steps.reserve(best.size());
    for (const std::size_t s : best) steps.emplace_back(s);
    return steps;
  }

  void find_streams() {
    for (std::size_t t = 0; t < flow_.size(); ++t) {
      std::vector<double> weights;
      for (const StageIndex s : steps_) {
        const Right right = junction_.stage(s).rights[t];
        weights.push_back(right == Right::free       ? 1.0
                          : right == Right::yielding ? options_.yielding_share
                                                     : 0.0);
      }
      if (std::ranges::all_of(weights, [](double w) { return w == 0; })) continue;
      const std::size_t lane = junction_.turns()[t].lane;
      auto same = std::ranges::find_if(streams_, [&](const Stream& stream) {
        return junction_.turns()[stream.turns.front()].lane == lane &&
               served_alike(stream, weights);
      });
      if (same == streams_.end()) same = streams_.insert(same, Stream{0, weights, {}});
      same->ratio += flow_[t] / options_.saturation_flow_veh_per_h;
      same->turns.push_back(t);
      for (std::size_t i = 0; i < weights.size(); ++i)
        same->weights[i] = std::min(same->weights[i], weights[i]);
    }
  }
  static bool served_alike(const Stream& stream, const std::vector<double>& weights) {
    return std::ranges::equal(stream.weights, weights,
                              [](double a, double b) { return (a > 0) == (b > 0); });
  }

  // Critical ratio of each step: first of streams that only it serves, then what those lack that
  // several steps serve, in the step that lets most of them go.
  void find_ratios() {
    ratio_ = Eigen::ArrayXd::Zero(static_cast<Eigen::Index>(step_count()));
    std::vector<const Stream*> order;
    order.reserve(streams_.size());
    for (const Stream& stream : streams_) order.push_back(&stream);
    const auto served_by = [](const Stream* stream) {
      return std::ranges::count_if(stream->weights, [](double w) { return w > 0; });
    };
    std::ranges::stable_sort(order, {}, served_by);
    for (const Stream* stream : order) {
      const Eigen::Map<const Eigen::ArrayXd> weights(stream->weights.data(), ratio_.size());
      const double lacks = stream->ratio - (ratio_ * weights).sum();
      Eigen::Index most = 0;
      const double weight = weights.maxCoeff(&most);
      if (lacks > 0) ratio_(most) += lacks / weight;
    }
  }

  void find_times() {
    const auto n = static_cast<Eigen::Index>(step_count());
    change_s_ = least_s_ = most_s_ = Eigen::ArrayXd::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const JunctionModel::Change& change = change_into(static_cast<std::size_t>(i));
      change_s_(i) = change.total_s;
      const double clearing_s = clearing_until_s(static_cast<std::size_t>(i));
      least_s_(i) = std::max({change.leave_s - change.total_s, clearing_s, 1.0});
      const StageIndex stage = steps_[static_cast<std::size_t>(i)];
      most_s_(i) = std::max(to_seconds(junction_.stage(stage).max_green), least_s_(i));
    }
  }

  // How long a step has to last so that who ended with the one before it has cleared when who is in
  // conflict with it starts with the one behind it.
  [[nodiscard]] double clearing_until_s(std::size_t step) const {
    const JunctionModel::Change& entering = change_into(step);
    const JunctionModel::Change& leaving = change_into((step + 1) % step_count());
    double until_s = 0;
    for (const GroupIndex b : leaving.starting) {
      const double starts_s = entering.total_s + leaving.green_s[b.value()];
      until_s = std::max(until_s, junction_.clear_for_s(entering, b) - starts_s);
    }
    return until_s;
  }

  void choose_cycle(double least_s) {
    const double shift_s = options_.start_up_s - options_.amber_used_s;
    const double lost_s = (change_s_ + shift_s).max(0.0).sum();
    const double full = ratio_.sum();
    plan_.lost_s = lost_s;
    plan_.flow_ratio = full;
    plan_.cycle_optimal_s =
        full < nearly_full ? (1.5 * lost_s + 5) / (1 - full) : options_.cycle_max_s;
    double cycle_s = std::clamp(plan_.cycle_optimal_s, options_.cycle_min_s, options_.cycle_max_s);
    cycle_s = std::max(std::min(cycle_s, change_s_.sum() + most_s_.sum()), least_s);
    plan_.timetable.cycle = ticks_at_least(std::ceil(cycle_s - 1e-9));
  }

  // Greens = clip(level x ratio, least, most) with the level that fills the cycle (bisection).
  void split() {
    const double green_sum_s = to_seconds(plan_.timetable.cycle) - change_s_.sum();
    const double shift_s = options_.start_up_s - options_.amber_used_s;
    const auto greens = [&](double level) -> Eigen::ArrayXd {
      return (ratio_ * level + shift_s).max(least_s_).min(most_s_);
    };
    double low = 0;
    double high = 1e6;
    for (int i = 0; i < 80; ++i) {
      const double level = (low + high) / 2;
      (greens(level).sum() < green_sum_s ? low : high) = level;
    }
    shown_s_ = greens((low + high) / 2);
  }

  WebsterPlan answer(const TimetableId& id) {
    Timetable& timetable = plan_.timetable;
    timetable.id = id;
    const std::size_t n = step_count();
    Ticks end{0};
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0) end += ticks_at_least(change_s_(static_cast<Eigen::Index>(i)));
      const double shown_s = shown_s_(static_cast<Eigen::Index>(i));
      const Ticks least = ticks_at_least(least_s_(static_cast<Eigen::Index>(i)));
      end += std::max(Ticks{static_cast<std::int64_t>(std::floor(shown_s * 10 + 1e-6))}, least);
      if (i + 1 == n)  // what rounding left over
        end = std::max(end, timetable.cycle - ticks_at_least(change_s_(0)));
      timetable.steps.push_back({steps_[i], end, end, false});
    }
    timetable.cycle = std::max(timetable.cycle, end + ticks_at_least(change_s_(0)));
    fill_saturation();
    return std::move(plan_);
  }

  void fill_saturation() {
    const double shift_s = options_.start_up_s - options_.amber_used_s;
    const double cycle_s = to_seconds(plan_.timetable.cycle);
    const Eigen::ArrayXd effective = (shown_s_ - shift_s).max(0.0);
    plan_.green_s.assign(effective.begin(), effective.end());
    plan_.saturation.assign(flow_.size(), 0.0);
    for (const Stream& stream : streams_) {
      const Eigen::Map<const Eigen::ArrayXd> weights(stream.weights.data(), effective.size());
      const double share = (effective * weights).sum() / cycle_s;
      for (const std::size_t turn : stream.turns)
        plan_.saturation[turn] = share > 0 ? stream.ratio / share : 0;
    }
  }

  const JunctionModel& junction_;
  const WebsterOptions& options_;
  std::vector<double> flow_;  // by turn
  std::vector<StageIndex> steps_;
  std::vector<Stream> streams_;
  Eigen::ArrayXd ratio_, change_s_, least_s_, most_s_, shown_s_;  // by step
  WebsterPlan plan_;
};

/// Pours `flow` over lanes that hold `load` already, so that the lowest fill up first.
std::vector<double> pour(const std::vector<double>& load, double flow) {
  std::vector<double> sorted = load;
  std::ranges::sort(sorted);
  double level = 0;
  double below = 0;
  for (std::size_t n = 1; n <= sorted.size(); ++n) {
    below += sorted[n - 1];
    level = (flow + below) / static_cast<double>(n);
    if (n == sorted.size() || level <= sorted[n]) break;
  }
  std::vector<double> poured;
  poured.reserve(load.size());
  for (const double l : load) poured.push_back(std::max(0.0, level - l));
  return poured;
}

/// One way from link to link: the turns that lead over it, one a lane.
struct Way {
  LinkIndex from, to;
  std::vector<std::size_t> turns;
};

std::vector<Way> ways_of(const JunctionModel& junction, const Network& network) {
  std::vector<Way> ways;
  const auto& turns = junction.turns();
  for (std::size_t t = 0; t < turns.size(); ++t) {
    const LinkIndex from = network.lane(junction.lanes()[turns[t].lane].lane).link;
    const LinkIndex to = network.lane(turns[t].to).link;
    auto way =
        std::ranges::find_if(ways, [&](const Way& w) { return w.from == from && w.to == to; });
    if (way == ways.end()) way = ways.insert(way, Way{from, to, {}});
    way->turns.push_back(t);
  }
  return ways;
}

/// Brings the lanes of one way to equal levels; of a lane with two turns over it the first has all.
void level(const JunctionModel& junction, const Way& way, std::vector<double>& flow,
           std::vector<double>& load) {
  double sum = 0;
  std::vector<std::size_t> firsts;  // the first turn of each lane
  for (const std::size_t t : way.turns) {
    const std::size_t lane = junction.turns()[t].lane;
    sum += flow[t];
    load[lane] -= flow[t];
    flow[t] = 0;
    const auto same = [&](std::size_t f) { return junction.turns()[f].lane == lane; };
    if (std::ranges::none_of(firsts, same)) firsts.push_back(t);
  }
  std::vector<double> others;
  others.reserve(firsts.size());
  for (const std::size_t t : firsts) others.push_back(load[junction.turns()[t].lane]);
  const std::vector<double> poured = pour(others, sum);
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    flow[firsts[i]] = poured[i];
    load[junction.turns()[firsts[i]].lane] += poured[i];
  }
}

}  // namespace

Result<WebsterPlan> webster_timetable(const JunctionModel& junction,
                                      std::span<const MovementFlow> flows, const TimetableId& id,
                                      const WebsterOptions& options) {
  return Webster(junction, flows, options).solve(id);
}

std::vector<double> spread_over_lanes(const JunctionModel& junction, const Network& network,
                                      std::vector<double> flow_veh_per_h) {
  constexpr int sweeps = 30;  // converges geometrically
  flow_veh_per_h.resize(junction.turns().size(), 0.0);
  std::vector<double> load(junction.lanes().size(), 0.0);
  for (std::size_t t = 0; t < flow_veh_per_h.size(); ++t)
    load[junction.turns()[t].lane] += flow_veh_per_h[t];
  const std::vector<Way> ways = ways_of(junction, network);
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (const Way& way : ways) level(junction, way, flow_veh_per_h, load);
  }
  return flow_veh_per_h;
}

}  // namespace chorraha
