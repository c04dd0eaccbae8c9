#include "apps/count/count_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace chorraha::count {
namespace {

using json = nlohmann::ordered_json;

// Dividing by a whole number gives the double nearest to the decimal; multiplying by 0.001 does
// not.
double rounded(double value, double per_unit) {
  return std::round(value * per_unit) / per_unit;
}
double to_3(double value) {
  return rounded(value, 1000);
}

json event_json(const LineEvent& event) {
  constexpr double kmh_per_mps = 3.6;
  json speed = nullptr;
  if (event.speed_mps) speed = rounded(*event.speed_mps * kmh_per_mps, 10);
  return {{"frame", event.frame},
          {"time_s", to_3(event.time_s)},
          {"class", name_of(event.vehicle_class)},
          {"speed_kmh", std::move(speed)},
          {"lane", nullptr},
          {"confidence", to_3(event.confidence)}};
}

std::int64_t count_of(const CountReport& report, std::size_t line) {
  return std::ranges::count_if(report.events, [&](const LineEvent& event) {
    return event.line == line && is_counted(event.vehicle_class);
  });
}

json line_json(const CountReport& report, std::size_t line) {
  json events = json::array();
  for (const LineEvent& event : report.events)
    if (event.line == line) events.push_back(event_json(event));
  return {{"name", report.lines[line].name},
          {"count", count_of(report, line)},
          {"events", std::move(events)},
          {"occupancy", to_3(report.figures[line].occupancy)},
          {"queue_max_m", nullptr}};
}

}  // namespace

bool is_counted(VehicleClass vehicle_class) {
  return vehicle_class != VehicleClass::bicycle && vehicle_class != VehicleClass::person;
}

std::string json_text(const CountReport& report) {
  json lines = json::array();
  for (std::size_t i = 0; i < report.lines.size(); ++i) lines.push_back(line_json(report, i));
  json document = {{"video", report.video},
                   {"frames", report.frames},
                   {"fps", to_3(report.fps)},
                   {"cpu_s", to_3(report.cpu_s)},
                   {"decode_cpu_s", to_3(report.decode_cpu_s)},
                   {"lines", std::move(lines)},
                   {"health",
                    {{"dark", to_3(report.health.dark)},
                     {"blurred", to_3(report.health.blurred)},
                     {"moved", to_3(report.health.moved)},
                     {"frozen", to_3(report.health.frozen)}}}};
  if (report.score) {
    document["score"] = {{"required", report.score->required},
                         {"missed", report.score->missed},
                         {"false", report.score->false_counts},
                         {"event_error", to_3(report.score->event_error())}};
  }
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

void write_table(const CountReport& report, std::ostream& out) {
  out << fmt::format("{}: {} frames at {:.2f} frames/s, {:.2f} s CPU ({:.2f} s decoding)\n",
                     report.video, report.frames, report.fps, report.cpu_s, report.decode_cpu_s);
  out << fmt::format("{:<24} {:>9} {:>8} {:>9}\n", "line", "direction", "count", "occupied");
  for (std::size_t i = 0; i < report.lines.size(); ++i) {
    out << fmt::format("{:<24} {:>9} {:>8} {:>8.1f}%\n", report.lines[i].name,
                       name_of(report.lines[i].direction), count_of(report, i),
                       100.0 * report.figures[i].occupancy);
  }
  const CameraHealth& health = report.health;
  out << fmt::format("sight: dark {:.0f}%, blurred {:.0f}%, moved {:.0f}%, frozen {:.0f}%\n",
                     100 * health.dark, 100 * health.blurred, 100 * health.moved,
                     100 * health.frozen);
  if (report.score) {
    out << fmt::format("score: {} required, {} missed, {} false: event error {:.1f}%\n",
                       report.score->required, report.score->missed, report.score->false_counts,
                       100.0 * report.score->event_error());
  }
}

}  // namespace chorraha::count
