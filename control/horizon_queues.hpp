#pragma once

// Inside of control/horizon: how the queues of a Problem drain under one stage or one change.

#include <cstdint>
#include <span>
#include <vector>

#include "control/horizon_problem.hpp"

namespace chorraha::horizon {

/// The queues of one partial plan: per lane, who leaves next and when the stop line is free.
/// Views into storage of the search.
struct Queues {
  std::span<std::uint16_t> next;
  std::span<double> free_s;
};

/// One vehicle over the stop line.
struct Departure {
  std::size_t lane = 0;
  std::size_t vehicle = 0;
  double at_s = 0;
};

/// A change and the stages around it.
struct Turnover {
  const JunctionModel::Change& change;
  StageIndex from;
  StageIndex to;
};

/// Drains queues step by step. Costs are those of the vehicles that leave.
class Drain {
 public:
  explicit Drain(const Problem& problem)
      : problem_(problem),
        junction_(problem.junction),
        used_s_(problem.junction.discharge().amber_used_s) {}

  /// Under a stage whose groups are all green, from `from_s` to `to_s`.
  double stay(StageIndex stage, double from_s, double to_s, Queues queues);
  /// Through a change decided at `from_s`, and on in the stage it leads to.
  double change(const Turnover& turnover, double from_s, double to_s, Queues queues);

  /// Of everybody who has arrived by grid place `k` and not left.
  [[nodiscard]] double waiting(std::size_t k, std::span<const std::uint16_t> next,
                               std::span<const double> free_s) const;
  /// Of who is left at the end of the view.
  [[nodiscard]] double left(std::span<const std::uint16_t> next) const;

  /// Writes departures down from now on.
  void record(std::vector<Departure>* into) { record_ = into; }

 private:
  /// What is open: a stage alone, or the change into it.
  struct Phase {
    const JunctionModel::StageView* before = nullptr;  // null: no change
    const JunctionModel::StageView* after = nullptr;
    const JunctionModel::Window* windows = nullptr;  // by turn; null: no change
    double decided_s = 0;
  };
  struct Way {
    double at_s = JunctionModel::never_s;
    const JunctionModel::StageView* view = nullptr;  // whose right of way holds
    bool last_chance = false;  // waits in the junction and clears it in the amber
  };

  double run(const std::vector<std::size_t>& lanes, const Phase& phase, double from_s, double to_s,
             Queues queues);
  double drain(std::size_t lane, const Phase& phase, double from_s, double to_s, Queues queues);
  [[nodiscard]] Way way_of(const Vehicle& vehicle, const Phase& phase, double ready_s) const;
  [[nodiscard]] bool gap(std::size_t turn, const Phase& phase, const Way& way,
                         const Queues& queues) const;
  [[nodiscard]] double cost_of(const Vehicle& vehicle, double at_s, double head_since_s) const;
  [[nodiscard]] double overdue_cost(const Vehicle& head, double until_s, double head_since_s) const;

  const Problem& problem_;
  const JunctionModel& junction_;
  double used_s_;
  std::vector<Departure>* record_ = nullptr;
};

}  // namespace chorraha::horizon
