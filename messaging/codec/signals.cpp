#include "messaging/codec/wire.hpp"

namespace chorraha::wire {
namespace {

constexpr int groups_max = GroupSet::capacity;
constexpr int events_max = 1000;

void put_group(const chorraha::GroupState& noun, GroupState& out) {
  out.set_aspect(static_cast<Aspect>(wire_value(noun.aspect)));
  out.set_since_tick(wire_tick(noun.since));
  out.set_green_since_tick(wire_tick(noun.green_since));
  out.set_red_since_tick(wire_tick(noun.red_since));
  out.set_called(noun.called);
  out.set_called_since_tick(wire_tick(noun.called_since));
}

chorraha::GroupState read_group(const Reader& in, const GroupState& from) {
  chorraha::GroupState noun;
  noun.aspect = in.choice(CHORRAHA_FIELD(from, aspect), chorraha::Aspect::flashing_amber);
  noun.since = in.tick(CHORRAHA_FIELD(from, since_tick));
  noun.green_since = in.tick(CHORRAHA_FIELD(from, green_since_tick));
  noun.red_since = in.tick(CHORRAHA_FIELD(from, red_since_tick));
  noun.called = in.flag(CHORRAHA_FIELD(from, called));
  noun.called_since = in.tick(CHORRAHA_FIELD(from, called_since_tick));
  return noun;
}

void put_explanation(const chorraha::GroupExplanation& noun, GroupExplanation& out) {
  out.set_group(wire_place(noun.group));
  out.set_red_since_tick(wire_tick(noun.red_since));
  out.set_called(noun.called);
  out.set_called_since_tick(wire_tick(noun.called_since));
  if (noun.served.valid()) out.set_served(wire_place(noun.served));
  if (noun.waiting_for.valid()) out.set_waiting_for(wire_place(noun.waiting_for));
  if (noun.earliest != Tick::max()) out.set_earliest_tick(wire_tick(noun.earliest));
}

chorraha::GroupExplanation read_explanation(const Reader& in, const GroupExplanation& from) {
  chorraha::GroupExplanation noun;
  noun.group = in.place<GroupIndex>(CHORRAHA_FIELD(from, group), GroupSet::capacity);
  noun.red_since = in.tick(CHORRAHA_FIELD(from, red_since_tick));
  noun.called = in.flag(CHORRAHA_FIELD(from, called));
  noun.called_since = in.tick(CHORRAHA_FIELD(from, called_since_tick));
  noun.served = in.place_or_none<StageIndex>(CHORRAHA_FIELD(from, served), stage_places);
  noun.waiting_for =
      in.place_or_none<GroupIndex>(CHORRAHA_FIELD(from, waiting_for), GroupSet::capacity);
  noun.earliest = Tick::max();
  if (from.has_earliest_tick()) noun.earliest = in.tick(CHORRAHA_FIELD(from, earliest_tick));
  return noun;
}

chorraha::Event read_event(const Reader& in, const Event& from) {
  chorraha::Event noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.at = in.instant(CHORRAHA_FIELD(from, at_ms));
  noun.kind = in.choice(CHORRAHA_FIELD(from, kind), chorraha::Event::Kind::safety_refusal);
  noun.detail = in.text(CHORRAHA_FIELD(from, detail));
  return noun;
}

}  // namespace

void put(const chorraha::StateReport& noun, Envelope& envelope) {
  StateReport& out = *envelope.mutable_state_report();
  out.set_intersection(noun.intersection.text());
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_now_tick(wire_tick(noun.now));
  out.set_at_ms(wire_ms(noun.instant));
  out.set_mode(static_cast<SignalMode>(wire_value(noun.mode)));
  out.set_in_service_at_tick(wire_tick(noun.in_service_at));
  out.set_source(static_cast<ControlSource>(wire_value(noun.source)));
  if (noun.stage.valid()) out.set_stage(wire_place(noun.stage));
  out.set_stage_since_tick(wire_tick(noun.stage_since));
  out.set_entering(noun.entering);
  put(PlanSequence{noun.plan_epoch, noun.plan_number}, *out.mutable_plan());
  out.set_lease_until_tick(wire_tick(noun.lease_until));
  if (noun.timetable.valid()) out.set_timetable(wire_place(noun.timetable));
  for (const chorraha::GroupState& group : noun.groups) put_group(group, *out.add_groups());
  out.set_detections_dropped(noun.detections_dropped);
}

chorraha::StateReport read(const Reader& in, const StateReport& from) {
  chorraha::StateReport noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.now = in.tick(CHORRAHA_FIELD(from, now_tick));
  noun.instant = in.instant(CHORRAHA_FIELD(from, at_ms));
  noun.mode = in.choice(CHORRAHA_FIELD(from, mode), chorraha::SignalMode::dark);
  noun.in_service_at = in.tick(CHORRAHA_FIELD(from, in_service_at_tick));
  noun.source = in.choice(CHORRAHA_FIELD(from, source), chorraha::ControlSource::horizon);
  noun.stage = in.place_or_none<StageIndex>(CHORRAHA_FIELD(from, stage), stage_places);
  noun.stage_since = in.tick(CHORRAHA_FIELD(from, stage_since_tick));
  noun.entering = in.flag(CHORRAHA_FIELD(from, entering));
  if (in.inside("plan", from.has_plan())) {
    const PlanSequence plan = read_sequence(Reader(in, "plan"), from.plan());
    noun.plan_epoch = plan.epoch;
    noun.plan_number = plan.number;
  }
  noun.lease_until = in.tick(CHORRAHA_FIELD(from, lease_until_tick));
  noun.timetable =
      in.place_or_none<TimetableIndex>(CHORRAHA_FIELD(from, timetable), timetable_places);
  noun.detections_dropped =
      in.number<std::uint64_t>(CHORRAHA_FIELD(from, detections_dropped), any_number);
  if (!in.list("groups", from.groups_size(), {0, groups_max})) return noun;
  for (const GroupState& group : from.groups())
    noun.groups.push_back(read_group(Reader(in, "groups", noun.groups.size()), group));
  return noun;
}

void put(const chorraha::Explanations& noun, Envelope& envelope) {
  Explanations& out = *envelope.mutable_explanations();
  out.set_intersection(noun.intersection.text());
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_now_tick(wire_tick(noun.now));
  for (const chorraha::GroupExplanation& group : noun.groups)
    put_explanation(group, *out.add_groups());
}

chorraha::Explanations read(const Reader& in, const Explanations& from) {
  chorraha::Explanations noun;
  noun.intersection = IntersectionId{in.name(CHORRAHA_FIELD(from, intersection))};
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.now = in.tick(CHORRAHA_FIELD(from, now_tick));
  if (!in.list("groups", from.groups_size(), {0, groups_max})) return noun;
  for (const GroupExplanation& group : from.groups())
    noun.groups.push_back(read_explanation(Reader(in, "groups", noun.groups.size()), group));
  return noun;
}

void put(const chorraha::Events& noun, Envelope& envelope) {
  Events& out = *envelope.mutable_events();
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_first(noun.first);
  for (const chorraha::Event& event : noun.events) {
    Event& to = *out.add_events();
    to.set_intersection(event.intersection.text());
    to.set_at_ms(wire_ms(event.at));
    to.set_kind(static_cast<EventKind>(wire_value(event.kind)));
    to.set_detail(event.detail);
  }
}

chorraha::Events read(const Reader& in, const Events& from) {
  chorraha::Events noun;
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  constexpr Bounds<std::uint64_t> numbers{1, any_number.high - events_max};
  noun.first = in.number<std::uint64_t>(CHORRAHA_FIELD(from, first), numbers);
  if (!in.list("events", from.events_size(), {1, events_max})) return noun;
  for (const Event& event : from.events())
    noun.events.push_back(read_event(Reader(in, "events", noun.events.size()), event));
  return noun;
}

void put(const chorraha::EventsSeen& noun, Envelope& envelope) {
  EventsSeen& out = *envelope.mutable_events_seen();
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  out.set_up_to(noun.up_to);
}

chorraha::EventsSeen read(const Reader& in, const EventsSeen& from) {
  chorraha::EventsSeen noun;
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  noun.up_to = in.number<std::uint64_t>(CHORRAHA_FIELD(from, up_to), any_number);
  return noun;
}

}  // namespace chorraha::wire
