#include "twin/closed_loop.hpp"

#include <algorithm>
#include <utility>

#include "messaging/codec/codec.hpp"

namespace chorraha {
namespace {

constexpr double near_stop_line_m = 30;  // a vehicle this near is its group's call (docs/seams.md)
constexpr Ticks no_wait{0};

Ticks ticks_in(Milliseconds span) {
  return std::chrono::duration_cast<Ticks>(span);
}

}  // namespace

Result<ClosedLoop> ClosedLoop::make(LoopSetup setup, std::unique_ptr<Street> street) {
  ClosedLoop loop(std::move(setup), std::move(street));
  const LoopSetup& s = loop.setup_;
  const std::size_t n = s.network->junctions().size();
  if (s.control == LoopSetup::Control::street) return loop;
  for (std::size_t i = 0; i < n; ++i) {
    loop.cabinets_.emplace_back(s.intersections[i], s.hashes[i], s.decision_step);
    loop.last_shown_.emplace_back();
  }
  if (s.control != LoopSetup::Control::adaptive) return loop;
  HorizonOptions horizon = s.horizon;
  horizon.decision_step = std::max(s.decision_step, horizon.decision_step);
  const bool full = s.sensing == LoopSetup::Sensing::full;
  if (!full) horizon.upstream = HorizonOptions::Upstream::unseen;
  for (std::size_t i = 0; i < n; ++i) {
    Result<JunctionPlanning> planning = JunctionPlanning::make(
        {s.network, IntersectionIndex{i}, s.intersections[i], s.hashes[i], horizon});
    if (!planning) return planning.error();
    loop.planning_.push_back(std::move(*planning));
  }
  return loop;
}

ClosedLoop::ClosedLoop(LoopSetup setup, std::unique_ptr<Street> street)
    : setup_(std::move(setup)),
      street_(std::move(street)),
      begin_(street_->now()),
      next_plan_(begin_),
      board_(setup_.network->junctions().size()) {
  const std::size_t n = setup_.network->junctions().size();
  detections_.resize(n);
  sighted_.resize(n);
}

Tick ClosedLoop::tick_now() const {
  return Tick{} + ticks_in(street_->now() - begin_);
}

void ClosedLoop::sense() {
  for (auto& detections : detections_) detections.clear();
  for (const Detection& detection : street_->detections()) {
    const DetectorIndex detector = setup_.network->find(detection.detector);
    if (!detector.valid()) continue;
    const IntersectionIndex at = setup_.network->detector(detector).intersection;
    if (at.valid()) detections_[at.value()].push_back(detection);
  }
  if (setup_.sensing != LoopSetup::Sensing::full || planning_.empty()) return;
  for (GroupSet& groups : sighted_) groups = {};
  sightings_ = street_->sightings(setup_.range_m);
  for (const Sighting& sighting : sightings_) {
    const std::size_t at = sighting.intersection.value();
    if (sighting.distance_m <= near_stop_line_m) {
      sighted_[at] = sighted_[at] | planning_[at].groups_of(sighting.approach, sighting.movement);
    }
  }
}

Done ClosedLoop::plan_one(IntersectionIndex at, Tick now) {
  JunctionPlanning& planning = planning_[at.value()];
  Cabinet& cabinet = cabinets_[at.value()];
  const StateReport report = cabinet.controller().report();
  if (setup_.sensing == LoopSetup::Sensing::full) {
    planning.see(std::span<const Sighting>(sightings_), report);
  } else {
    planning.see(std::span<const Detection>(detections_[at.value()]), report);
  }
  if (street_->now() < next_plan_) return {};
  const auto before = setup_.stopwatch ? setup_.stopwatch() : std::chrono::nanoseconds{0};
  const std::optional<Plan> plan =
      planning.plan(report, board_.towards(planning.model()), PlanSequence{1, ++plan_number_});
  if (setup_.stopwatch) {
    plan_times_us_.push_back(
        std::chrono::duration<double, std::micro>(setup_.stopwatch() - before).count());
  }
  board_.announce(at, street_->now(), planning.releases());
  if (!plan) return {};
  ++plans_;
  const Result<PlanAnswer> answer = cabinet.receive(encode_plan(*plan), now);
  if (!answer) return answer.error();
  planning.answered(*answer);
  if (!answer->accepted()) {
    ++refusals_;
    if (refused_) refused_(*answer);
  }
  return {};
}

Done ClosedLoop::plan() {
  for (std::size_t i = 0; i < planning_.size(); ++i) {
    if (Done done = plan_one(IntersectionIndex{i}, tick_now()); !done) return done;
  }
  if (street_->now() >= next_plan_) next_plan_ += setup_.plan_every;
  return {};
}

void ClosedLoop::step_cabinets(Tick tick, Instant utc) {
  const auto since_midnight = std::chrono::floor<std::chrono::seconds>(utc - setup_.midnight);
  const auto day = std::chrono::floor<std::chrono::days>(since_midnight);
  const std::chrono::weekday weekday{std::chrono::floor<std::chrono::days>(
                                         setup_.midnight + Milliseconds{std::chrono::hours{12}}) +
                                     day};
  const LocalTime local{since_midnight - day, static_cast<int>(weekday.iso_encoding()) - 1};
  for (std::size_t i = 0; i < cabinets_.size(); ++i) {
    cabinets_[i].step(tick, utc, local, detections_[i], sighted_[i]);
  }
}

void ClosedLoop::show() {
  for (std::size_t i = 0; i < cabinets_.size(); ++i) {
    const std::vector<Aspect>& aspects = cabinets_[i].shown();
    street_->show(IntersectionIndex{i}, aspects, cabinets_[i].mode());
    if (shown_ && aspects != last_shown_[i]) {
      last_shown_[i] = aspects;
      shown_(ShownState{street_->now(), IntersectionIndex{i}, aspects});
    }
  }
}

void ClosedLoop::watch_waiting() {
  for (const Cabinet& cabinet : cabinets_) {
    const StateReport report = cabinet.controller().report();
    for (const GroupState& group : report.groups) {
      if (!group.called || is_green(group.aspect)) continue;
      max_waiting_s_ =
          std::max(max_waiting_s_, to_seconds(std::max(report.now - group.called_since, no_wait)));
    }
  }
}

Done ClosedLoop::advance() {
  if (cabinets_.empty()) return street_->advance();
  const Instant now = street_->now();
  const Tick tick = tick_now();
  sense();
  if (Done planned = plan(); !planned) return planned;
  step_cabinets(tick, now);
  show();
  if (Done moved = street_->advance(); !moved) return moved;
  for (auto& detections : detections_) detections.clear();
  const Ticks step = ticks_in(street_->step_length());
  for (Ticks ahead{1}; ahead < step; ++ahead) step_cabinets(tick + ahead, now + ahead);
  watch_waiting();
  return {};
}

RunFigures ClosedLoop::figures(Instant begin, Instant end) const {
  RunFigures figures = figures_of(street_->trips(), begin, end);
  figures.locked = street_->totals().locked;
  figures.vehicle_steps = street_->totals().vehicle_steps;
  figures.max_waiting_s = max_waiting_s_;
  figures.plans = plans_;
  figures.safety_refusals = refusals_;
  for (const Cabinet& cabinet : cabinets_) figures.monitor_trips += cabinet.trips().size();
  figures.plan_p50_us = quantile(plan_times_us_, 0.5);
  figures.plan_p99_us = quantile(plan_times_us_, 0.99);
  return figures;
}

}  // namespace chorraha
