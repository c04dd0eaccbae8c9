#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "control/junction_planning.hpp"
#include "control/release_board.hpp"
#include "sim/street.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "twin/cabinet.hpp"
#include "twin/figures.hpp"

namespace chorraha {

/// Where a city stands and which controllers it has; copied into the loop.
struct LoopSetup {
  std::shared_ptr<const Network> network;
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex
  std::vector<ConfigHash> hashes;                 // by IntersectionIndex
  Instant midnight;                               // local midnight, for day plans

  /// street: no controllers, the street's own programs. timetable: controllers alone. adaptive:
  /// with the horizon planner.
  enum class Control : std::uint8_t { street, timetable, adaptive } control = Control::adaptive;
  enum class Sensing : std::uint8_t { full, detectors } sensing = Sensing::full;
  Ticks decision_step{10};
  Milliseconds plan_every{1000};
  double range_m = 200;  // of full sensing
  HorizonOptions horizon;

  /// Reads a stopwatch for the planning times; null: none are taken. Only `apps/` owns clocks.
  std::function<std::chrono::nanoseconds()> stopwatch;
};

/// One change of what an intersection's lamps show, as the street showed it.
struct ShownState {
  Instant at;
  IntersectionIndex intersection;
  std::vector<Aspect> by_group;
};

/// The closed loop in one process, on a clock that is handed in: street, estimator, optimiser, and
/// for each intersection its cabinet (controller, lamp driver, monitor). Order at t (docs/seams.md,
/// "Time"): detections stamped t -> state report -> plan -> answer -> tick
///          10t -> lamps(t) to the street -> street t -> t + h -> ticks 10t+1 ... 10(t+h)-1 without
///          new detections. A plan made on t acts at t. Lamps reach the street at multiples of h.
/// Faults:  a street that is lost; an intersection the planner cannot model.
/// Threads: one owner.
class ClosedLoop {
 public:
  [[nodiscard]] static Result<ClosedLoop> make(LoopSetup setup, std::unique_ptr<Street> street);

  /// One step of the street.
  Done advance();

  [[nodiscard]] Instant now() const { return street_->now(); }
  [[nodiscard]] const Street& street() const { return *street_; }
  [[nodiscard]] const Cabinet& cabinet(IntersectionIndex at) const { return cabinets_[at.value()]; }
  /// Adaptive control only.
  [[nodiscard]] const JunctionPlanning& planning(IntersectionIndex at) const {
    return planning_[at.value()];
  }
  [[nodiscard]] std::size_t cabinet_count() const { return cabinets_.size(); }

  /// Ends the loop and hands its street on, as it is.
  [[nodiscard]] std::unique_ptr<Street> take_street() && { return std::move(street_); }

  /// Figures so far; `end` bounds the departures that count. CPU and wall times are the caller's.
  [[nodiscard]] RunFigures figures(Instant begin, Instant end) const;

  /// Called at every change of lamps as the street is shown it.
  void on_shown(std::function<void(const ShownState&)> shown) { shown_ = std::move(shown); }
  /// Called for every plan that a controller refused.
  void on_refused(std::function<void(const PlanAnswer&)> refused) { refused_ = std::move(refused); }

 private:
  ClosedLoop(LoopSetup setup, std::unique_ptr<Street> street);

  [[nodiscard]] Tick tick_now() const;
  void sense();
  Done plan();
  Done plan_one(IntersectionIndex at, Tick now);
  void step_cabinets(Tick tick, Instant utc);
  void show();
  void watch_waiting();

  LoopSetup setup_;
  std::unique_ptr<Street> street_;
  Instant begin_;
  Instant next_plan_;
  std::vector<Cabinet> cabinets_;           // by IntersectionIndex
  std::vector<JunctionPlanning> planning_;  // by IntersectionIndex; empty unless adaptive
  ReleaseBoard board_;
  std::vector<std::vector<Detection>> detections_;  // of this step, by IntersectionIndex
  std::vector<Sighting> sightings_;                 // of this moment, everybody's
  std::vector<GroupSet> sighted_;
  std::vector<std::vector<Aspect>> last_shown_;
  std::uint64_t plan_number_ = 0;
  std::uint64_t plans_ = 0;
  std::uint64_t refusals_ = 0;
  double max_waiting_s_ = 0;
  std::vector<double> plan_times_us_;
  std::function<void(const ShownState&)> shown_;
  std::function<void(const PlanAnswer&)> refused_;
};

}  // namespace chorraha
