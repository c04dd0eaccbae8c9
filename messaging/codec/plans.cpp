#include <utility>

#include "messaging/codec/wire.hpp"

namespace chorraha::wire {
namespace {

constexpr int refusals_max = 64;
constexpr int timetable_steps_max = 64;
constexpr Bounds<std::uint32_t> cycle_bounds{10, 36'000};  // 1 s to 1 h
constexpr Bounds<std::uint32_t> place_in_cycle{0, 36'000};
constexpr Bounds<std::int32_t> offset_bounds{-36'000, 36'000};

void put_stage(const chorraha::HorizonStage& noun, HorizonStage& out) {
  out.set_stage(wire_place(noun.stage));
  out.set_end_earliest_tick(wire_tick(noun.end_earliest));
  out.set_end_latest_tick(wire_tick(noun.end_latest));
  out.set_skippable(noun.skippable);
  out.set_reason(static_cast<StageReason>(wire_value(noun.reason)));
}

chorraha::HorizonStage read_stage(const Reader& in, const HorizonStage& from) {
  chorraha::HorizonStage noun;
  noun.stage = in.place<StageIndex>(CHORRAHA_FIELD(from, stage), stage_places);
  noun.end_earliest = in.tick(CHORRAHA_FIELD(from, end_earliest_tick));
  noun.end_latest = in.tick(CHORRAHA_FIELD(from, end_latest_tick));
  noun.skippable = in.flag(CHORRAHA_FIELD(from, skippable));
  noun.reason = in.choice(CHORRAHA_FIELD(from, reason), chorraha::StageReason::rest);
  if (noun.end_latest < noun.end_earliest)
    in.complain("end_latest_tick", fmt::format("{}", wire_tick(noun.end_latest)),
                fmt::format("at least end_earliest_tick {}", wire_tick(noun.end_earliest)));
  return noun;
}

void put_timetable(const chorraha::Timetable& noun, Timetable& out) {
  out.set_id(noun.id.text());
  out.set_cycle_ticks(static_cast<std::uint32_t>(noun.cycle.count()));
  out.set_offset_ticks(static_cast<std::int32_t>(noun.offset.count()));
  for (const chorraha::TimetableStep& step : noun.steps) {
    TimetableStep& to = *out.add_steps();
    to.set_stage(wire_place(step.stage));
    to.set_end_earliest_ticks(static_cast<std::uint32_t>(step.end_earliest.count()));
    to.set_end_latest_ticks(static_cast<std::uint32_t>(step.end_latest.count()));
    to.set_skippable(step.skippable);
  }
}

chorraha::TimetableStep read_step(const Reader& in, const TimetableStep& from) {
  chorraha::TimetableStep noun;
  noun.stage = in.place<StageIndex>(CHORRAHA_FIELD(from, stage), stage_places);
  noun.end_earliest = Ticks{in.number(CHORRAHA_FIELD(from, end_earliest_ticks), place_in_cycle)};
  noun.end_latest = Ticks{in.number(CHORRAHA_FIELD(from, end_latest_ticks), place_in_cycle)};
  noun.skippable = in.flag(CHORRAHA_FIELD(from, skippable));
  if (noun.end_latest < noun.end_earliest)
    in.complain("end_latest_ticks", fmt::format("{}", noun.end_latest.count()),
                fmt::format("at least end_earliest_ticks {}", noun.end_earliest.count()));
  return noun;
}

chorraha::Timetable read_timetable(const Reader& in, const Timetable& from) {
  chorraha::Timetable noun;
  noun.id = TimetableId{in.name(CHORRAHA_FIELD(from, id))};
  noun.cycle = Ticks{in.number(CHORRAHA_FIELD(from, cycle_ticks), cycle_bounds)};
  noun.offset = Ticks{in.number(CHORRAHA_FIELD(from, offset_ticks), offset_bounds)};
  if (!in.list("steps", from.steps_size(), {1, timetable_steps_max})) return noun;
  for (const TimetableStep& step : from.steps())
    noun.steps.push_back(read_step(Reader(in, "steps", noun.steps.size()), step));
  return noun;
}

chorraha::Refusal read_refusal(const Reader& in, const Refusal& from) {
  return {in.text(CHORRAHA_FIELD(from, rule)), in.text(CHORRAHA_FIELD(from, thing)),
          in.text(CHORRAHA_FIELD(from, seen)), in.text(CHORRAHA_FIELD(from, allowed))};
}

}  // namespace

void put(const PlanSequence& noun, Sequence& out) {
  out.set_epoch(noun.epoch);
  out.set_number(noun.number);
}

PlanSequence read_sequence(const Reader& in, const Sequence& from) {
  return {in.number<std::uint64_t>(CHORRAHA_FIELD(from, epoch), any_number),
          in.number<std::uint64_t>(CHORRAHA_FIELD(from, number), any_number)};
}

BootId read_boot(const Reader& in, bool present, std::uint64_t value) {
  return BootId{in.number<std::uint64_t>("boot", present, value, any_number)};
}

void put(const chorraha::HorizonPlan& noun, Envelope& envelope) {
  HorizonPlan& out = *envelope.mutable_horizon_plan();
  out.set_intersection(noun.intersection.text());
  out.set_config_hash(wire_bytes(noun.config_hash));
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_built_on_tick(wire_tick(noun.built_on));
  put(noun.sequence, *out.mutable_sequence());
  out.set_lease_until_tick(wire_tick(noun.lease_until));
  for (const chorraha::HorizonStage& stage : noun.stages) put_stage(stage, *out.add_stages());
}

chorraha::HorizonPlan read(const Reader& in, const HorizonPlan& from) {
  chorraha::HorizonPlan noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.config_hash = in.hash(CHORRAHA_FIELD(from, config_hash));
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.built_on = in.tick(CHORRAHA_FIELD(from, built_on_tick));
  if (in.inside("sequence", from.has_sequence()))
    noun.sequence = read_sequence(Reader(in, "sequence"), from.sequence());
  noun.lease_until = in.tick(CHORRAHA_FIELD(from, lease_until_tick));
  constexpr int most = chorraha::HorizonPlan::stages_max;
  if (!in.list("stages", from.stages_size(), {1, most})) return noun;
  for (const HorizonStage& stage : from.stages())
    noun.stages.push_back(read_stage(Reader(in, "stages", noun.stages.size()), stage));
  return noun;
}

void put(const chorraha::Renew& noun, Envelope& envelope) {
  Renew& out = *envelope.mutable_renew();
  out.set_intersection(noun.intersection.text());
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_built_on_tick(wire_tick(noun.built_on));
  put(noun.sequence, *out.mutable_sequence());
  put(noun.of, *out.mutable_of());
  out.set_lease_until_tick(wire_tick(noun.lease_until));
}

chorraha::Renew read(const Reader& in, const Renew& from) {
  chorraha::Renew noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.built_on = in.tick(CHORRAHA_FIELD(from, built_on_tick));
  if (in.inside("sequence", from.has_sequence()))
    noun.sequence = read_sequence(Reader(in, "sequence"), from.sequence());
  if (in.inside("of", from.has_of())) noun.of = read_sequence(Reader(in, "of"), from.of());
  noun.lease_until = in.tick(CHORRAHA_FIELD(from, lease_until_tick));
  return noun;
}

void put(const chorraha::TimetablePlan& noun, Envelope& envelope) {
  TimetablePlan& out = *envelope.mutable_timetable_plan();
  out.set_intersection(noun.intersection.text());
  out.set_config_hash(wire_bytes(noun.config_hash));
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_built_on_tick(wire_tick(noun.built_on));
  put(noun.sequence, *out.mutable_sequence());
  out.set_valid_from_ms(wire_ms(noun.valid_from));
  put_timetable(noun.timetable, *out.mutable_timetable());
}

chorraha::TimetablePlan read(const Reader& in, const TimetablePlan& from) {
  chorraha::TimetablePlan noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.config_hash = in.hash(CHORRAHA_FIELD(from, config_hash));
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.built_on = in.tick(CHORRAHA_FIELD(from, built_on_tick));
  if (in.inside("sequence", from.has_sequence()))
    noun.sequence = read_sequence(Reader(in, "sequence"), from.sequence());
  noun.valid_from = in.instant(CHORRAHA_FIELD(from, valid_from_ms));
  if (in.inside("timetable", from.has_timetable()))
    noun.timetable = read_timetable(Reader(in, "timetable"), from.timetable());
  return noun;
}

void put(const chorraha::PlanAnswer& noun, Envelope& envelope) {
  PlanAnswer& out = *envelope.mutable_plan_answer();
  out.set_intersection(noun.intersection.text());
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  put(noun.sequence, *out.mutable_sequence());
  out.set_answered_at_tick(wire_tick(noun.answered_at));
  for (const chorraha::Refusal& refusal : noun.refusals) {
    Refusal& to = *out.add_refusals();
    to.set_rule(refusal.rule);
    to.set_thing(refusal.thing);
    to.set_seen(refusal.seen);
    to.set_allowed(refusal.allowed);
  }
}

chorraha::PlanAnswer read(const Reader& in, const PlanAnswer& from) {
  chorraha::PlanAnswer noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  if (in.inside("sequence", from.has_sequence()))
    noun.sequence = read_sequence(Reader(in, "sequence"), from.sequence());
  noun.answered_at = in.tick(CHORRAHA_FIELD(from, answered_at_tick));
  if (!in.list("refusals", from.refusals_size(), {0, refusals_max})) return noun;
  for (const Refusal& refusal : from.refusals())
    noun.refusals.push_back(read_refusal(Reader(in, "refusals", noun.refusals.size()), refusal));
  return noun;
}

}  // namespace chorraha::wire
