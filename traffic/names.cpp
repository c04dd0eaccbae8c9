// The words that files, messages and people use for the enumerations of the nouns.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "traffic/camera.hpp"
#include "traffic/detection.hpp"
#include "traffic/event.hpp"
#include "traffic/expect.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/plan.hpp"
#include "traffic/signal_state.hpp"

namespace chorraha {
namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<Aspect, 7> aspects{{{Aspect::dark, "dark"},
                                    {Aspect::red, "red"},
                                    {Aspect::red_amber, "red_amber"},
                                    {Aspect::green, "green"},
                                    {Aspect::flashing_green, "flashing_green"},
                                    {Aspect::amber, "amber"},
                                    {Aspect::flashing_amber, "flashing_amber"}}};
constexpr Names<SignalMode, 4> modes{{{SignalMode::start_up, "start_up"},
                                      {SignalMode::normal, "normal"},
                                      {SignalMode::flash, "flash"},
                                      {SignalMode::dark, "dark"}}};
constexpr Names<ControlSource, 3> sources{{{ControlSource::none, "none"},
                                           {ControlSource::timetable, "timetable"},
                                           {ControlSource::horizon, "horizon"}}};
constexpr Names<GroupType, 5> group_types{{{GroupType::vehicle, "vehicle"},
                                           {GroupType::arrow, "arrow"},
                                           {GroupType::pedestrian, "pedestrian"},
                                           {GroupType::cycle, "cycle"},
                                           {GroupType::tram, "tram"}}};
constexpr Names<Relation, 5> relations{{{Relation::compatible, "compatible"},
                                        {Relation::conflict, "conflict"},
                                        {Relation::yields, "yields"},
                                        {Relation::yielded_to, "yielded_to"},
                                        {Relation::same_stream, "same_stream"}}};
constexpr Names<Profile, 4> profiles{{{Profile::gost, "gost"},
                                      {Profile::europe, "europe"},
                                      {Profile::nema, "nema"},
                                      {Profile::research, "research"}}};
constexpr Names<StageReason, 5> stage_reasons{{{StageReason::serve_queue, "serve_queue"},
                                               {StageReason::platoon, "platoon"},
                                               {StageReason::call, "call"},
                                               {StageReason::wait_limit, "wait_limit"},
                                               {StageReason::rest, "rest"}}};
constexpr Names<VehicleClass, 7> vehicle_classes{{{VehicleClass::unknown, "unknown"},
                                                  {VehicleClass::car, "car"},
                                                  {VehicleClass::truck, "truck"},
                                                  {VehicleClass::bus, "bus"},
                                                  {VehicleClass::motorcycle, "motorcycle"},
                                                  {VehicleClass::bicycle, "bicycle"},
                                                  {VehicleClass::person, "person"}}};
constexpr Names<Turn, 4> turns{{{Turn::straight, "straight"},
                                {Turn::left, "left"},
                                {Turn::right, "right"},
                                {Turn::u_turn, "u_turn"}}};
constexpr Names<PictureDirection, 5> directions{{{PictureDirection::up, "up"},
                                                 {PictureDirection::down, "down"},
                                                 {PictureDirection::left, "left"},
                                                 {PictureDirection::right, "right"},
                                                 {PictureDirection::both, "both"}}};
constexpr Names<Event::Kind, 9> event_kinds{{{Event::Kind::stage_begun, "stage_begun"},
                                             {Event::Kind::plan_accepted, "plan_accepted"},
                                             {Event::Kind::plan_refused, "plan_refused"},
                                             {Event::Kind::plan_source, "plan_source"},
                                             {Event::Kind::mode, "mode"},
                                             {Event::Kind::monitor_trip, "monitor_trip"},
                                             {Event::Kind::link_lost, "link_lost"},
                                             {Event::Kind::link_restored, "link_restored"},
                                             {Event::Kind::safety_refusal, "safety_refusal"}}};

template <class E, std::size_t N>
std::string_view name_in(const Names<E, N>& names, E value) {
  const auto found = std::ranges::find(names, value, &std::pair<E, std::string_view>::first);
  CHORRAHA_EXPECT(found != names.end());
  return found->second;
}

template <class E, std::size_t N>
std::optional<E> value_in(const Names<E, N>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<E, std::string_view>::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view name_of(Aspect aspect) {
  return name_in(aspects, aspect);
}
std::optional<Aspect> aspect_named(std::string_view name) {
  return value_in(aspects, name);
}
std::string_view name_of(SignalMode mode) {
  return name_in(modes, mode);
}
std::optional<SignalMode> signal_mode_named(std::string_view name) {
  return value_in(modes, name);
}
std::string_view name_of(ControlSource source) {
  return name_in(sources, source);
}
std::optional<ControlSource> control_source_named(std::string_view name) {
  return value_in(sources, name);
}
std::string_view name_of(GroupType type) {
  return name_in(group_types, type);
}
std::optional<GroupType> group_type_named(std::string_view name) {
  return value_in(group_types, name);
}
std::string_view name_of(Relation relation) {
  return name_in(relations, relation);
}
std::optional<Relation> relation_named(std::string_view name) {
  return value_in(relations, name);
}
std::string_view name_of(Profile profile) {
  return name_in(profiles, profile);
}
std::optional<Profile> profile_named(std::string_view name) {
  return value_in(profiles, name);
}
std::string_view name_of(StageReason reason) {
  return name_in(stage_reasons, reason);
}
std::string_view name_of(VehicleClass vehicle_class) {
  return name_in(vehicle_classes, vehicle_class);
}
std::optional<VehicleClass> vehicle_class_named(std::string_view name) {
  return value_in(vehicle_classes, name);
}
std::string_view name_of(Turn turn) {
  return name_in(turns, turn);
}
std::optional<Turn> turn_named(std::string_view name) {
  return value_in(turns, name);
}
std::string_view name_of(PictureDirection direction) {
  return name_in(directions, direction);
}
std::optional<PictureDirection> picture_direction_named(std::string_view name) {
  return value_in(directions, name);
}
std::string_view name_of(Event::Kind kind) {
  return name_in(event_kinds, kind);
}

}  // namespace chorraha
