#include "apps/make_city/description.hpp"

#include <set>

#include "formats/city/city_lists.hpp"
#include "formats/city/document.hpp"
#include "formats/city/table.hpp"

namespace chorraha::make_city {
namespace {

using city::Node;
using city::Reading;
using city::Table;

std::map<std::string, std::string> names_of(Table& table, const char* key) {
  std::map<std::string, std::string> names;
  table.table(key, [&](Table& inner) {
    for (const Node& name : inner.whole().entries) names[name.key] = inner.text(name.key);
  });
  return names;
}

std::array<double, 2> pair_of(Table& table, const char* key) {
  const Point pair = table.has(key) ? table.point(key) : Point{};
  if (pair.x_m < 0 || pair.y_m < 0)
    table.refuse(key, "a negative number", "[first, last], 0 or more");
  return {pair.x_m, pair.y_m};
}

StreetDescription street_of(Table& table) {
  constexpr double kmh_per_mps = 3.6;
  StreetDescription street;
  street.id = table.text("id");
  street.link_class = table.word("class", link_class_named, "arterial, collector, minor");
  street.lanes = static_cast<int>(table.integer("lanes", 1, 5));
  street.lane_width_m = table.number_or("lane_width_m", street.lane_width_m, {2.5, 5});
  street.median_m = table.number_or("median_m", 0, {0, 20});
  street.pocket_m = table.number_or("pocket_m", 0, {0, 300});
  street.speed_mps = table.number("speed_kmh", {10, 130}) / kmh_per_mps;
  street.names = names_of(table, "names");
  street.short_names = names_of(table, "short_names");
  street.points = table.polyline("points", 2);
  street.inflow_veh_per_h = pair_of(table, "inflow_veh_per_h");
  street.local_veh_per_h = table.number_or("local_veh_per_h", 0, {0, 2000});
  street.local_weight = table.number_or("local_weight", 0, {0, 1000});
  street.outflow_weight = pair_of(table, "outflow_weight");
  return street;
}

CameraDescription camera_of(Table& table) {
  CameraDescription camera;
  camera.id = table.text("id");
  camera.street = table.text("street");
  camera.cross_street = table.text("cross_street");
  camera.towards = table.text("approach_from");
  camera.width_px = static_cast<int>(table.integer("width_px", 160, 4096));
  camera.height_px = static_cast<int>(table.integer("height_px", 120, 4096));
  camera.focal_px = table.number("focal_px", {50, 10000});
  camera.past_stop_line_m = table.number("past_stop_line_m", {-50, 100});
  camera.height_m = table.number("height_m", {2, 60});
  camera.pitch_deg = table.number("pitch_deg", {-90, 0});
  camera.line_before_stop_line_m = table.number("line_before_stop_line_m", {0, 100});
  camera.source = table.text("source");
  return camera;
}

void read_map(Table& whole, Description& description) {
  whole.each("streets", [&](Table& table) { description.streets.push_back(street_of(table)); });
  whole.each_if_any("canals", [&](Table& table) {
    description.canals.push_back(
        {table.text("name"), table.number("width_m", {1, 200}), table.polyline("points", 2)});
  });
  whole.each_if_any("parks", [&](Table& table) {
    description.parks.push_back({table.text("name"), table.polyline("points", 3)});
  });
}

void read_signals(Table& whole, Description& description) {
  std::set<std::string> ids;
  whole.each("timetables", [&](Table& table) {
    TimetableDescription timetable;
    timetable.id = table.text("id");
    timetable.cycle_s = table.number("cycle_s", {30, 300});
    timetable.demand_share = table.number("demand_share", {0.01, 10});
    timetable.actuated = table.flag_or("actuated", false);
    ids.insert(timetable.id);
    description.timetables.push_back(std::move(timetable));
  });
  whole.each("day_plan", [&](Table& table) {
    DayPlanDescription entry{table.text("from"), table.text("timetable")};
    if (!ids.contains(entry.timetable))
      table.refuse("timetable", '"' + entry.timetable + '"', "an id of timetables");
    description.day_plan.push_back(std::move(entry));
  });
  whole.each("profile", [&](Table& table) {
    description.profile.push_back(
        {table.text("begin"), table.text("end"), table.number("share", {0, 10})});
  });
  whole.each_if_any("cameras",
                    [&](Table& table) { description.cameras.push_back(camera_of(table)); });
}

}  // namespace

Result<Description> read_description(const std::filesystem::path& path) {
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  const Result<Node> node = city::parse_toml(*text, path.string());
  if (!node) return node.error();
  Reading reading(path.string());
  Description description;
  {
    Table whole(reading, *node, "");
    city::Title title = city::title_of(whole);
    description.name = std::move(title.name);
    description.languages = std::move(title.languages);
    description.origin = title.origin;
    description.zone = std::move(title.zone);
    description.date = title.date;
    description.degree_of_saturation = whole.number("degree_of_saturation", {0.1, 2});
    description.pedestrians_per_h = whole.number("pedestrians_per_h", {0, 5000});
    read_map(whole, description);
    read_signals(whole, description);
  }
  if (const Done done = reading.done(); !done) return done.error();
  return description;
}

}  // namespace chorraha::make_city
