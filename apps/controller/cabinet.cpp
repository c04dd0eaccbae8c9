#include "apps/controller/cabinet.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace chorraha {
namespace {

constexpr Ticks report_every{10};

Ticks in_ticks(Milliseconds span) {
  return std::chrono::ceil<Ticks>(span);
}

bool shows_the_same(const StateReport& a, const StateReport& b) {
  return a.mode == b.mode && a.source == b.source && a.stage == b.stage &&
         a.entering == b.entering && a.plan_epoch == b.plan_epoch &&
         a.plan_number == b.plan_number &&
         std::ranges::equal(a.groups, b.groups, [](const GroupState& x, const GroupState& y) {
           return x.aspect == y.aspect && x.called == y.called;
         });
}

}  // namespace

Cabinet::Cabinet(IntersectionConfig config, ConfigHash hash, BootId boot)
    : controller_(std::move(config), hash, boot, Start::cold),
      events_(boot),
      silence_max_(in_ticks(controller_.config().silence_max())) {
  for (const DetectorUse& use : controller_.config().detectors()) inputs_[use.id] = use.input;
}

void Cabinet::hear_driver(BootId boot, const BackFrame::Entry& entry, Instant utc) {
  if (!driver_frames_.accept(boot, entry.number)) return;
  driver_heard_ = now_;
  self_flash_ = entry.self_flash;
  for (const BackFrame::Loop& loop : entry.loops) {
    const auto input = inputs_.find(loop.detector);
    if (input == inputs_.end() || input->second != DetectorUse::Input::driver) continue;
    if (std::exchange(loops_[loop.detector], loop.occupied) == loop.occupied) continue;
    Detection change;
    change.detector = loop.detector;
    change.at = utc;
    change.kind = loop.occupied ? Detection::Kind::on : Detection::Kind::off;
    queue(change);
    if (to_forward_.size() < detections_max) to_forward_.push_back(change);
  }
}

void Cabinet::hear_monitor(BootId boot, const HeartbeatFrame::Entry& entry) {
  if (!monitor_beats_.accept(boot, entry.number)) return;
  monitor_heard_ = now_;
  monitor_differs_ = entry.config_hash != controller_.config_hash();
}

void Cabinet::see(const Detection& detection) {
  const auto input = inputs_.find(detection.detector);
  if (input != inputs_.end() && input->second == DetectorUse::Input::camera) queue(detection);
}

void Cabinet::queue(const Detection& detection) {
  if (seen_.size() < detections_max) {
    seen_.push_back(detection);
  } else {
    ++dropped_;
  }
}

void Cabinet::connected() {
  reported_.reset();
  to_forward_.clear();
  answers_.clear();  // of plans that came before the link was lost
  events_.send_again();
}

void Cabinet::receive(const Message& message) {
  if (const auto* seen = std::get_if<EventsSeen>(&message)) return events_.seen(*seen);
  const auto take = [this](const auto& plan) {
    answers_.push_back(controller_.receive(Plan{plan}, now_));
  };
  if (const auto* horizon = std::get_if<HorizonPlan>(&message)) take(*horizon);
  if (const auto* renew = std::get_if<Renew>(&message)) take(*renew);
  if (const auto* timetable = std::get_if<TimetablePlan>(&message)) take(*timetable);
}

bool Cabinet::fresh(const std::optional<Tick>& heard) const {
  return heard && now_ - *heard <= silence_max_;
}

Controller::Outside Cabinet::look_outside() const {
  if (!fresh(monitor_heard_) || monitor_differs_) return Controller::Outside::monitor_gone;
  if (!fresh(driver_heard_) || self_flash_) return Controller::Outside::self_flash;
  return Controller::Outside::well;
}

void Cabinet::step(Tick now, Instant utc, LocalTime local) {
  now_ = now;
  ++steps_;
  outside_ = look_outside();
  controller_.set_outside(outside_);
  controller_.step(now, utc, local, seen_, GroupSet{});
  seen_.clear();
  events_.add(controller_.take_events());
}

bool Cabinet::report_is_due(const StateReport& report) const {
  return !reported_ || report.now - reported_->now >= report_every ||
         !shows_the_same(report, *reported_);
}

std::vector<Message> Cabinet::take_messages() {
  std::vector<Message> messages;
  if (!to_forward_.empty())
    messages.emplace_back(Detections{++batches_, std::exchange(to_forward_, {})});
  StateReport report = controller_.report();
  report.detections_dropped = dropped_;
  if (report_is_due(report)) {
    const bool second_is_over = !reported_ || report.now - reported_->now >= report_every;
    reported_ = report;
    messages.emplace_back(std::move(report));
    if (second_is_over) messages.emplace_back(controller_.explain());
  }
  for (PlanAnswer& answer : std::exchange(answers_, {})) messages.emplace_back(std::move(answer));
  if (std::optional<Events> batch = events_.next(now_)) messages.emplace_back(*std::move(batch));
  return messages;
}

AspectFrame::Entry Cabinet::aspects() const {
  return {controller_.config().id(), steps_, controller_.aspects()};
}

HeartbeatFrame::Entry Cabinet::heartbeat() const {
  return {controller_.config().id(), steps_, controller_.config_hash()};
}

}  // namespace chorraha
