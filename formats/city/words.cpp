#include "formats/city/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "formats/city/city_folder.hpp"

namespace chorraha::city {
namespace {

constexpr std::array<std::pair<DetectorUse::Input, std::string_view>, 2> inputs{
    {{DetectorUse::Input::driver, "driver"}, {DetectorUse::Input::camera, "camera"}}};
constexpr std::array<std::pair<DetectorUse::Role, std::string_view>, 3> roles{
    {{DetectorUse::Role::call_and_extend, "call_and_extend"},
     {DetectorUse::Role::count_only, "count_only"},
     {DetectorUse::Role::button, "button"}}};
constexpr std::array<std::pair<Detector::Kind, std::string_view>, 3> detector_kinds{
    {{Detector::Kind::presence, "presence"},
     {Detector::Kind::crossing, "crossing"},
     {Detector::Kind::button, "button"}}};
constexpr std::array<std::pair<LinkClass, std::string_view>, 3> link_classes{
    {{LinkClass::arterial, "arterial"},
     {LinkClass::collector, "collector"},
     {LinkClass::minor, "minor"}}};
constexpr std::array<std::pair<MapArea::Kind, std::string_view>, 2> area_kinds{
    {{MapArea::Kind::river, "river"}, {MapArea::Kind::park, "park"}}};
constexpr std::array<std::pair<Group::Kind, std::string_view>, 5> group_kinds{
    {{Group::Kind::corridor, "corridor"},
     {Group::Kind::section, "section"},
     {Group::Kind::district, "district"},
     {Group::Kind::feed, "feed"},
     {Group::Kind::network_switch, "switch"}}};
constexpr std::array<std::pair<LensSet, std::string_view>, 3> lenses_by_name{
    {{lens_red, "red"}, {lens_amber, "amber"}, {lens_green, "green"}}};
constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu",
                                                        "fri", "sat", "sun"};

template <class E, std::size_t N>
std::string_view name_in(const std::array<std::pair<E, std::string_view>, N>& names, E value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "";
}

template <class E, std::size_t N>
std::optional<E> value_in(const std::array<std::pair<E, std::string_view>, N>& names,
                          std::string_view name) {
  for (const auto& [value, each] : names) {
    if (each == name) return value;
  }
  return std::nullopt;
}

// Two digits at `at`, below `limit`.
std::optional<int> two_digits(std::string_view text, std::size_t at, int limit) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (at + 2 > text.size() || !digit(at) || !digit(at + 1)) return std::nullopt;
  const int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  if (value >= limit) return std::nullopt;
  return value;
}

}  // namespace

std::string_view name_of(DetectorUse::Input input) {
  return name_in(inputs, input);
}
std::optional<DetectorUse::Input> detector_input_named(std::string_view name) {
  return value_in(inputs, name);
}
std::string_view name_of(DetectorUse::Role role) {
  return name_in(roles, role);
}
std::optional<DetectorUse::Role> detector_role_named(std::string_view name) {
  return value_in(roles, name);
}

std::string_view name_of(Detector::Kind kind) {
  return name_in(detector_kinds, kind);
}
std::optional<Detector::Kind> detector_kind_named(std::string_view name) {
  return value_in(detector_kinds, name);
}

std::optional<LensSet> lens_named(std::string_view name) {
  return value_in(lenses_by_name, name);
}

std::vector<std::string> names_of_lenses(LensSet lenses) {
  std::vector<std::string> names;
  for (const auto& [lens, name] : lenses_by_name) {
    if ((lenses & lens) != 0) names.emplace_back(name);
  }
  return names;
}

std::optional<unsigned> weekday_named(std::string_view name) {
  const auto found = std::ranges::find(weekday_names, name);
  if (found == weekday_names.end()) return std::nullopt;
  return static_cast<unsigned>(found - weekday_names.begin());
}

std::vector<std::string> names_of_weekdays(std::uint8_t weekdays) {
  std::vector<std::string> names;
  for (std::size_t day = 0; day < weekday_names.size(); ++day) {
    if ((weekdays >> day & 1U) != 0) names.emplace_back(weekday_names[day]);
  }
  return names;
}

std::optional<std::chrono::seconds> second_of_day(std::string_view clock) {
  const bool with_seconds = clock.size() == 8;
  if ((clock.size() != 5 && !with_seconds) || clock[2] != ':' || (with_seconds && clock[5] != ':'))
    return std::nullopt;
  const auto hour = two_digits(clock, 0, 24);
  const auto minute = two_digits(clock, 3, 60);
  const auto second = with_seconds ? two_digits(clock, 6, 60) : std::optional<int>{0};
  if (!hour || !minute || !second) return std::nullopt;
  return std::chrono::seconds{*hour * 3600 + *minute * 60 + *second};
}

std::string clock_text(std::chrono::seconds since_midnight) {
  const auto seconds = since_midnight.count();
  std::string text = fmt::format("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 != 0) text += fmt::format(":{:02}", seconds % 60);
  return text;
}

}  // namespace chorraha::city

namespace chorraha {

std::string_view name_of(LinkClass link_class) {
  return city::name_in(city::link_classes, link_class);
}
std::optional<LinkClass> link_class_named(std::string_view name) {
  return city::value_in(city::link_classes, name);
}
std::string_view name_of(MapArea::Kind kind) {
  return city::name_in(city::area_kinds, kind);
}
std::optional<MapArea::Kind> area_kind_named(std::string_view name) {
  return city::value_in(city::area_kinds, name);
}
std::string_view name_of(Group::Kind kind) {
  return city::name_in(city::group_kinds, kind);
}
std::optional<Group::Kind> group_kind_named(std::string_view name) {
  return city::value_in(city::group_kinds, name);
}

}  // namespace chorraha
