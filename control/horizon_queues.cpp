#include "control/horizon_queues.hpp"

#include <algorithm>

namespace chorraha::horizon {

using Right = JunctionModel::Right;

namespace {
constexpr double sub_step_s = 1.0;  // streams that give way to each other advance side by side
}  // namespace

double Drain::stay(StageIndex stage, double from_s, double to_s, Queues queues) {
  Phase phase;
  phase.after = &junction_.stage(stage);
  return run(phase.after->open_lanes, phase, from_s, to_s, queues);
}

double Drain::change(const Turnover& turnover, double from_s, double to_s, Queues queues) {
  const Phase phase{&junction_.stage(turnover.from), &junction_.stage(turnover.to),
                    turnover.change.windows.data(), from_s};
  return run(turnover.change.lanes, phase, from_s, to_s, queues);
}

double Drain::run(const std::vector<std::size_t>& lanes, const Phase& phase, double from_s,
                  double to_s, Queues queues) {
  double cost = 0;
  for (int i = 0; from_s + i * sub_step_s < to_s; ++i) {
    const double at_s = from_s + i * sub_step_s;
    const double end_s = std::min(at_s + sub_step_s, to_s);
    for (const std::size_t lane : lanes) {
      const Lane& queue = problem_.lanes[lane];
      const std::size_t next = queues.next[lane];
      if (next < queue.vehicles.size() && queue.vehicles[next].at_s < end_s)
        cost += drain(lane, phase, at_s, end_s, queues);
    }
  }
  return cost;
}

double Drain::drain(std::size_t lane, const Phase& phase, double from_s, double to_s,
                    Queues queues) {
  const Lane& queue = problem_.lanes[lane];
  double cost = 0;
  while (queues.next[lane] < queue.vehicles.size()) {
    const Vehicle& vehicle = queue.vehicles[queues.next[lane]];
    const double ready_s = std::max({vehicle.at_s, queues.free_s[lane], vehicle.not_before_s});
    if (ready_s >= to_s) break;
    Way way = way_of(vehicle, phase, ready_s);
    if (way.at_s >= to_s) break;
    const JunctionModel::Turn& turn = junction_.turns()[vehicle.turn];
    const Right right = way.view->rights[vehicle.turn];
    double headway_s = turn.headway_s;
    if (right == Right::yielding || right == Right::on_red) {
      way.at_s = std::max(way.at_s, from_s);
      headway_s = junction_.discharge().follow_up_s;
      if (!way.last_chance && !gap(vehicle.turn, phase, way, queues)) break;
    }
    cost += cost_of(vehicle, way.at_s, queues.free_s[lane]);
    queues.free_s[lane] = way.at_s + headway_s * std::min(vehicle.weight, 1.0);
    if (vehicle.weight > 1) queues.free_s[lane] += headway_s * (vehicle.weight - 1);
    if (record_ != nullptr) record_->push_back({lane, queues.next[lane], way.at_s});
    ++queues.next[lane];
  }
  return cost;
}

Drain::Way Drain::way_of(const Vehicle& vehicle, const Phase& phase, double ready_s) const {
  const Right after = phase.after->rights[vehicle.turn];
  if (phase.windows == nullptr) {
    if (after == Right::closed) return {};
    return {ready_s + (after == Right::on_red ? 1.0 : 0.0), phase.after, false};
  }
  const JunctionModel::Window& window = phase.windows[vehicle.turn];
  const double close_s = phase.decided_s + window.close_s;
  if (window.open_before && ready_s < close_s + used_s_) {
    const bool waits = phase.before->rights[vehicle.turn] == Right::yielding;
    const bool closes = window.close_s < JunctionModel::never_s && waits;
    if (closes && ready_s + 2 * sub_step_s < close_s + used_s_)
      return {ready_s, phase.before, false};
    return {closes ? close_s + used_s_ - 1e-3 : ready_s, phase.before, closes};
  }
  if (window.open_s == JunctionModel::never_s || after == Right::closed) return {};
  const double open_s = phase.decided_s + window.open_s + junction_.discharge().start_up_s;
  return {std::max(ready_s, open_s), phase.after, false};
}

bool Drain::gap(std::size_t turn, const Phase& phase, const Way& way, const Queues& queues) const {
  const double until_s = way.at_s + junction_.discharge().gap_s;
  for (const JunctionModel::Foe& foe : way.view->foes[turn]) {
    const Lane& queue = problem_.lanes[foe.lane];
    double free_s = queues.free_s[foe.lane];
    const std::size_t first = queues.next[foe.lane];
    const std::size_t last = std::min(first + 2, queue.vehicles.size());
    for (std::size_t i = first; i < last; ++i) {
      const Vehicle& vehicle = queue.vehicles[i];
      const double ready_s = std::max({vehicle.at_s, free_s, vehicle.not_before_s});
      if (ready_s >= until_s) break;
      const Way its = way_of(vehicle, phase, ready_s);
      if (its.at_s >= until_s) break;
      if (vehicle.turn == foe.turn) return false;
      if (its.view->rights[vehicle.turn] != Right::free) break;  // it waits itself
      free_s = its.at_s + junction_.turns()[vehicle.turn].headway_s;
    }
  }
  return true;
}

double Drain::cost_of(const Vehicle& vehicle, double at_s, double head_since_s) const {
  const HorizonOptions& options = problem_.options;
  const double waited_s = at_s - vehicle.at_s;
  double cost = waited_s;
  if (!vehicle.stopped && waited_s > stop_after_s) cost += options.stop_cost_s;
  cost *= vehicle.weight;
  return cost + overdue_cost(vehicle, at_s, head_since_s);
}

// Of the time from now on in which a lane's first vehicle is overdue: who stands behind it does not
// count, or a long queue would be dearer to serve than to leave.
double Drain::overdue_cost(const Vehicle& head, double until_s, double head_since_s) const {
  const HorizonOptions& options = problem_.options;
  const double begin_s = std::max(head_since_s, head.at_s + options.wait_limit_s);
  return options.overdue_cost_s * std::max(0.0, until_s - std::max(begin_s, 0.0));
}

double Drain::waiting(std::size_t k, std::span<const std::uint16_t> next,
                      std::span<const double> free_s) const {
  const HorizonOptions& options = problem_.options;
  const double now_s = problem_.grid_s[k];
  double cost = 0;
  for (std::size_t lane = 0; lane < problem_.lanes.size(); ++lane) {
    const Lane& queue = problem_.lanes[lane];
    const std::size_t first = next[lane];
    const std::size_t there = queue.arrived[k];
    if (there <= first) continue;
    cost += now_s * (queue.weight_sum[there] - queue.weight_sum[first]) -
            (queue.moment_sum[there] - queue.moment_sum[first]);
    const std::size_t stopped = queue.stopped_by[k];
    if (stopped > first)
      cost += options.stop_cost_s * (queue.stop_sum[stopped] - queue.stop_sum[first]);
    cost += overdue_cost(queue.vehicles[first], now_s, free_s[lane]);
  }
  return cost;
}

double Drain::left(std::span<const std::uint16_t> next) const {
  const double headway_s = junction_.discharge().headway_s;
  double cost = 0;
  for (std::size_t lane = 0; lane < problem_.lanes.size(); ++lane) {
    const Lane& queue = problem_.lanes[lane];
    const std::size_t there = queue.arrived.back();
    if (there <= next[lane]) continue;
    const double veh = queue.weight_sum[there] - queue.weight_sum[next[lane]];
    cost += problem_.options.left_cost_s * veh + veh * veh * headway_s / 2;
  }
  return cost;
}

}  // namespace chorraha::horizon
