// city.toml: name, languages, place, time zone and date.
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "formats/city/city_lists.hpp"
#include "formats/city/table.hpp"
#include "formats/city/toml_text.hpp"
#include "formats/city/words.hpp"

namespace chorraha::city {
namespace {

constexpr int offset_max_min = 16 * 60;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "2024-01-01"
std::optional<std::chrono::year_month_day> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

// "2024-01-01T00:00:00Z"
std::optional<std::chrono::sys_seconds> moment_of(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[19] != 'Z') return std::nullopt;
  const auto date = date_of(text.substr(0, 10));
  const auto second = second_of_day(text.substr(11, 8));
  if (!date || !second) return std::nullopt;
  return std::chrono::sys_days{*date} + *second;
}

std::string date_text(std::chrono::year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string moment_text(std::chrono::sys_seconds moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const auto second = (moment - day).count();
  return fmt::format("{}T{:02}:{:02}:{:02}Z", date_text(std::chrono::year_month_day{day}),
                     second / 3600, second / 60 % 60, second % 60);
}

Zone zone_of(Table& table) {
  Zone zone;
  zone.name = table.text("name");
  table.each("offsets", [&](Table& row) {
    Zone::Offset offset;
    const std::string from = row.text("from");
    const auto moment = moment_of(from);
    if (row.has("from") && !moment)
      row.refuse("from", '"' + from + '"', "a moment in UTC, 2024-01-01T00:00:00Z");
    offset.from = moment.value_or(std::chrono::sys_seconds{});
    if (!zone.offsets.empty() && offset.from <= zone.offsets.back().from)
      row.refuse("from", '"' + from + '"', "ascending moments");
    offset.offset =
        std::chrono::minutes{row.integer("utc_offset_min", -offset_max_min, offset_max_min)};
    zone.offsets.push_back(offset);
  });
  if (zone.offsets.empty()) table.refuse("offsets", "none", "at least one");
  return zone;
}

}  // namespace

Title title_of(Table& whole) {
  Title title;
  title.name = whole.text("name");
  title.languages = whole.texts("languages");
  const std::string date = whole.text("date");
  const auto day = date_of(date);
  if (whole.has("date") && !day) whole.refuse("date", '"' + date + '"', "a date, 2024-01-01");
  title.date = day.value_or(std::chrono::year_month_day{});
  whole.table("origin", [&](Table& table) {
    title.origin.latitude_deg = table.number("latitude_deg", {-90, 90});
    title.origin.longitude_deg = table.number("longitude_deg", {-180, 180});
  });
  whole.table("zone", [&](Table& table) { title.zone = zone_of(table); });
  return title;
}

Result<Title> read_title(std::string_view text, const std::string& file) {
  const Result<Node> node = parse_toml(text, file);
  if (!node) return node.error();
  Reading reading(file);
  Title title;
  {
    Table whole(reading, *node, "");
    title = title_of(whole);
  }
  if (const Done done = reading.done(); !done) return done.error();
  return title;
}

std::string title_text(const Title& title) {
  std::string text = fmt::format("name = {}\n\n", toml_text(title.name));
  text += fmt::format("# The first is the one people see first.\nlanguages = {}\n\n",
                      toml_texts(title.languages));
  text += fmt::format("# Of simulated days.\ndate = {}\n\n", date_text(title.date));
  text += "# WGS84 place of 0/0 of the plane in metres; 0/0: no geographic position.\n[origin]\n";
  text +=
      fmt::format("latitude_deg = {}\nlongitude_deg = {}\n\n",
                  toml_number(title.origin.latitude_deg), toml_number(title.origin.longitude_deg));
  text += "# Local time: from each moment on this many minutes ahead of UTC.\n[zone]\n";
  text += fmt::format("name = {}\noffsets = [\n", toml_text(title.zone.name));
  for (const Zone::Offset& offset : title.zone.offsets) {
    text += fmt::format("  {{ from = {}, utc_offset_min = {} }},\n", moment_text(offset.from),
                        offset.offset.count());
  }
  return text + "]\n";
}

}  // namespace chorraha::city

namespace chorraha {

std::chrono::minutes offset_at(const Zone& zone, Instant instant) {
  if (zone.offsets.empty()) return std::chrono::minutes{0};
  std::chrono::minutes offset = zone.offsets.front().offset;
  for (const Zone::Offset& entry : zone.offsets) {
    if (entry.from <= instant) offset = entry.offset;
  }
  return offset;
}

}  // namespace chorraha
