#include "field/controller.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "field/lamp_driver.hpp"
#include "field/plan_check.hpp"

namespace chorraha {
namespace {

// SAFETY.md D, since the last valid message.
constexpr Ticks horizon_silence_max{100};
constexpr Ticks link_silence_max{300};
constexpr Ticks override_silence_max{1200};
constexpr std::size_t events_max = 1000;

/// For a configuration without timetables: each stage in turn, 20 s and its interstage.
Timetable isolated_timetable(const IntersectionConfig& config) {
  const Ticks step = Ticks{200} + config.intergreen_max();
  Timetable made{TimetableId("isolated"), Ticks{0}, Ticks{0}, {}};
  for (std::size_t s = 0; s < config.stages().size(); ++s) {
    made.cycle += step;
    made.steps.push_back({StageIndex{s}, made.cycle, made.cycle, false});
  }
  return made;
}

std::string text_of(const Refusal& refusal) {
  return fmt::format("{}: {} {}, allowed {}", refusal.rule, refusal.thing, refusal.seen,
                     refusal.allowed);
}

}  // namespace

Controller::Controller(IntersectionConfig config, ConfigHash hash, BootId boot, Options options)
    : config_(std::make_unique<const IntersectionConfig>(std::move(config))),
      isolated_(std::make_unique<const Timetable>(isolated_timetable(*config_))),
      hash_(hash),
      boot_(boot),
      options_(options),
      kernel_(*config_, options.decision_step),
      keeper_(*config_),
      sequencer_(*config_, options.decision_step),
      aspects_(options.start == Start::cold
                   ? flash_pattern(*config_)
                   : std::vector<Aspect>(config_->groups().size(), Aspect::red)),
      aspect_since_(aspects_.size()) {}

void Controller::note(Event::Kind kind, std::string detail) {
  if (events_.size() >= events_max) events_.erase(events_.begin());
  events_.push_back(Event{config_->id(), utc_, kind, std::move(detail)});
}

std::vector<Event> Controller::take_events() {
  return std::exchange(events_, {});
}

void Controller::set_mode(SignalMode mode) {
  mode_ = mode;
  mode_since_ = now_;
  note(Event::Kind::mode, std::string(name_of(mode)));
}

void Controller::show(GroupIndex g, Aspect aspect) {
  if (aspects_[g.value()] == aspect) return;
  aspects_[g.value()] = aspect;
  aspect_since_[g.value()] = now_;
}

const std::vector<Aspect>& Controller::step(Tick now, Instant utc, LocalTime local,
                                            std::span<const Detection> detections,
                                            GroupSet sighted) {
  now_ = now;
  utc_ = utc;
  local_ = local;
  mind_the_link();
  choose_central_timetable();
  choose_mode();
  const bool in_service = mode_ == SignalMode::normal;
  const GroupSet green = in_service ? kernel_.green() : GroupSet{};
  const Calls& calls = keeper_.step(now, detections, sighted, green);
  if (in_service) {
    run(calls);
  } else {
    show_outside_service();
  }
  return aspects_;
}

void Controller::choose_mode() {
  const bool first = !std::exchange(stepped_, true);
  if (outside_ != Outside::well) {
    if (mode_ == SignalMode::flash) return;
    sequencer_.stop();
    return set_mode(SignalMode::flash);
  }
  if (first && options_.start == Start::warm) return begin_service(SafetyKernel::long_ago);
  if (first || mode_ == SignalMode::flash) set_mode(SignalMode::start_up);
  if (mode_ == SignalMode::start_up && now_ >= in_service_at())
    begin_service(in_service_at() - config_->start_up().all_red);
}

/// End of C2.
Tick Controller::in_service_at() const {
  const StartUp& start_up = config_->start_up();
  return mode_since_ + start_up.flash + start_up.amber + start_up.all_red;
}

void Controller::begin_service(Tick all_red_since) {
  kernel_.all_red(all_red_since);
  sequencer_.begin(timetable_now(), now_, utc_);
  set_mode(SignalMode::normal);
  note(Event::Kind::plan_source, std::string(name_of(ControlSource::timetable)));
  note(Event::Kind::stage_begun, config_->stage(sequencer_.stage()).id.text());
}

/// Flash, and the three intervals of C2.
void Controller::show_outside_service() {
  const StartUp& start_up = config_->start_up();
  const Ticks elapsed = now_ - mode_since_;
  const bool flash = mode_ == SignalMode::flash || elapsed < start_up.flash;
  const bool amber = !flash && elapsed < start_up.flash + start_up.amber;
  const std::vector<Aspect> pattern = flash_pattern(*config_);
  for (const GroupIndex g : config_->all_groups()) {
    const Aspect flashing = pattern[g.value()];
    const Aspect steady = amber && flashing == Aspect::flashing_amber ? Aspect::amber : Aspect::red;
    show(g, flash ? flashing : steady);
  }
}

void Controller::run(const Calls& calls) {
  choose_plan();
  const StageIndex before = sequencer_.stage();
  const Wishes wishes = sequencer_.step({now_, utc_, kernel_, calls});
  kernel_.step(now_, wishes, calls.called);
  for (const GroupIndex g : config_->all_groups()) show(g, kernel_.aspect(g));
  if (sequencer_.stage() != before)
    note(Event::Kind::stage_begun, config_->stage(sequencer_.stage()).id.text());
  for (const GroupIndex g : kernel_.forced_off())
    note(Event::Kind::safety_refusal, "A12: maximum green of group " + config_->group(g).id.text());
  mind_waiting(calls);
}

bool Controller::horizon_is_over() const {
  return now_ >= sequencer_.lease_until() || now_ - heard_ >= horizon_silence_max ||
         !kernel_.forced_off().empty();
}

void Controller::choose_plan() {
  const Timetable& timetable = timetable_now();
  const bool horizon = sequencer_.source() == ControlSource::horizon;
  if (horizon && !horizon_is_over()) return sequencer_.stand_by(timetable);
  if (!horizon && sequencer_.timetable() == &timetable) return;
  sequencer_.follow(timetable, now_, utc_);
  note(Event::Kind::plan_source, std::string(name_of(ControlSource::timetable)));
}

const Timetable& Controller::timetable_now() const {
  if (central_) return *central_;
  const TimetableIndex index = config_->timetable_at(local_.since_midnight, local_.weekday);
  return index.valid() ? config_->timetables()[index.value()] : *isolated_;
}

/// Of those stored, the one that became valid last; later ones wait.
void Controller::choose_central_timetable() {
  auto best = stored_.end();
  for (auto it = stored_.begin(); it != stored_.end(); ++it) {
    if (it->valid_from > utc_) continue;
    if (best == stored_.end() || it->valid_from >= best->valid_from) best = it;
  }
  if (best == stored_.end()) return;
  const StoredTimetable chosen = *best;
  const auto earlier = [&chosen](const StoredTimetable& stored) {
    return stored.valid_from <= chosen.valid_from;
  };
  std::erase_if(stored_, earlier);
  replaced_ = std::exchange(central_, chosen.timetable);  // until the sequencer lets go of it
}

void Controller::mind_the_link() {
  if (!ever_heard_) return;
  const Ticks silence = now_ - heard_;
  if (silence >= override_silence_max && (central_ || !stored_.empty())) {
    stored_.clear();
    replaced_ = std::exchange(central_, nullptr);
    note(Event::Kind::plan_source, "120 s without the centre: its timetables are dropped");
  }
  const bool lost = silence >= link_silence_max;
  if (lost == link_lost_) return;
  link_lost_ = lost;
  note(lost ? Event::Kind::link_lost : Event::Kind::link_restored,
       fmt::format("{:.0f} s", to_seconds(silence)));
}

/// A12: who waits too long is an alarm, once.
void Controller::mind_waiting(const Calls& calls) {
  alarmed_ = alarmed_ & calls.called;
  const Ticks limit = wait_limit(sequencer_.timetable()->cycle);
  for (const GroupIndex g : calls.called - alarmed_) {
    if (now_ - keeper_.called_since(g) <= limit) continue;
    alarmed_.insert(g);
    note(Event::Kind::safety_refusal, fmt::format("A12: group {} waits longer than {:.0f} s",
                                                  config_->group(g).id.text(), to_seconds(limit)));
  }
}

PlanAnswer Controller::receive(const Plan& plan, Tick now) {
  const PlanGround ground{*config_,
                          hash_,
                          boot_,
                          mode_,
                          now,
                          stepped_ ? std::max(now, now_ + Ticks{1}) : now,
                          options_.decision_step,
                          last_sequence_,
                          kernel_,
                          sequencer_,
                          keeper_};
  PlanAnswer answer{config_->id(), boot_, {}, now, {}};
  std::visit(
      [&](const auto& known) {
        answer.sequence = known.sequence;
        answer.refusals = check_plan(known, ground);
        if (known.intersection == config_->id())
          last_sequence_ = std::max(last_sequence_, known.sequence);
        if (answer.accepted()) accept(known);
      },
      plan);
  if (answer.accepted()) hear_centre(now);
  if (!answer.accepted()) note(Event::Kind::plan_refused, text_of(answer.refusals.front()));
  return answer;
}

void Controller::accept(const HorizonPlan& plan) {
  const bool anew = sequencer_.source() != ControlSource::horizon;
  sequencer_.follow(plan, entry_at_receipt(plan, sequencer_));
  if (anew) note(Event::Kind::plan_source, std::string(name_of(ControlSource::horizon)));
  note(Event::Kind::plan_accepted,
       fmt::format("horizon {}/{}", plan.sequence.epoch, plan.sequence.number));
}

void Controller::accept(const Renew& renew) {
  sequencer_.renew(renew.lease_until);
}

void Controller::accept(const TimetablePlan& plan) {
  if (stored_.size() >= stored_max) stored_.erase(stored_.begin());
  stored_.push_back({plan.valid_from, std::make_shared<const Timetable>(plan.timetable)});
  note(Event::Kind::plan_accepted, "timetable " + plan.timetable.id.text());
}

StateReport Controller::report() const {
  StateReport report;
  report.intersection = config_->id();
  report.boot = boot_;
  report.now = now_;
  report.instant = utc_;
  report.mode = mode_;
  report.in_service_at = mode_ == SignalMode::start_up ? in_service_at() : Tick{};
  report.source = sequencer_.source();
  report.stage = sequencer_.stage();
  report.stage_since = sequencer_.stage_since();
  report.entering = sequencer_.entering();
  if (report.source == ControlSource::horizon) {
    report.plan_epoch = sequencer_.sequence().epoch;
    report.plan_number = sequencer_.sequence().number;
    report.lease_until = sequencer_.lease_until();
  }
  for (std::size_t i = 0; i < config_->timetables().size(); ++i) {
    if (&config_->timetables()[i] == sequencer_.timetable()) report.timetable = TimetableIndex{i};
  }
  for (const GroupIndex g : config_->all_groups()) {
    const bool called = keeper_.calls().called.contains(g);
    report.groups.push_back({aspects_[g.value()], aspect_since_[g.value()], kernel_.green_since(g),
                             kernel_.red_since(g), called,
                             called ? keeper_.called_since(g) : Tick{}});
  }
  return report;
}

}  // namespace chorraha
