#include "console/frames.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <nlohmann/json.hpp>

namespace chorraha::console {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t vehicles_max = 600;
constexpr std::size_t people_max = 600;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ms(Instant instant) {
  return instant.time_since_epoch().count();
}

Json ms_or_null(const std::optional<Instant>& instant) {
  return instant ? ms(*instant) : Json(nullptr);
}

template <class T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json started(const char* type, FrameTime time) {
  return {{"type", type}, {"at_ms", ms(time.at)}, {"sent_wall_ms", ms(time.sent_wall)}};
}

/// The object without its opening brace: the client's own `{"seq":N,` stands before it.
std::string body_of(const Json& frame) {
  return text_of(frame).substr(1);
}

/// JSON numbers of two decimals without the noise of binary fractions.
double hundredths(double value) {
  return std::round(value * 100.0) / 100.0;
}

Instant tick_of(const StateReport& report, Tick tick) {
  return report.instant + std::chrono::duration_cast<Milliseconds>(tick - report.now);
}

Json in_service(const StateReport& report) {
  if (report.mode != SignalMode::start_up) return nullptr;
  return ms(tick_of(report, report.in_service_at));
}

Json brief(std::size_t index, const JunctionView& junction) {
  if (!junction.report) return {{"n", index}, {"mode", nullptr}, {"source", nullptr}};
  return {{"n", index},
          {"mode", name_of(junction.report->mode)},
          {"source", name_of(junction.report->source)},
          {"in_service_ms", in_service(*junction.report)}};
}

Json age_of(const JunctionView& junction, Instant at) {
  if (!junction.report) return -1;
  return std::max<Milliseconds::rep>(0, (at - junction.heard).count());
}

Json change_of(const Event& event) {
  return {{"at_ms", ms(event.at)},
          {"junction", event.intersection.text()},
          {"kind", name_of(event.kind)},
          {"detail", event.detail}};
}

Json changes_of(const std::vector<const Event*>& events) {
  Json list = Json::array();
  for (const Event* event : events) list.push_back(change_of(*event));
  return list;
}

Json camera_of(std::size_t index, const CameraView& camera) {
  Json lines = Json::array();
  for (const CameraView::Line& line : camera.lines) {
    lines.push_back({{"last_minute", value_or_null(line.last_minute)},
                     {"total", value_or_null(line.total)},
                     {"counted_ms", ms_or_null(line.counted)}});
  }
  Json entry{{"n", index}, {"lines", std::move(lines)}};
  if (!camera.health) return entry;
  const CameraHealth& health = *camera.health;
  entry["health_ms"] = ms(health.at);
  entry["streaming"] = health.streaming;
  entry["trouble"] = health.trouble;
  entry["dark"] = hundredths(health.dark);
  entry["blurred"] = hundredths(health.blurred);
  entry["moved"] = hundredths(health.moved);
  entry["frozen"] = hundredths(health.frozen);
  return entry;
}

bool inside(Point at, Point low, Point high) {
  return at.x_m >= low.x_m && at.x_m <= high.x_m && at.y_m >= low.y_m && at.y_m <= high.y_m;
}

Json boxes_of(const PictureView& picture) {
  Json list = Json::array();
  for (const PictureView::Box& box : picture.boxes) {
    list.push_back({std::round(box.x), std::round(box.y), std::round(box.width),
                    std::round(box.height), name_of(box.vehicle_class)});
  }
  return list;
}

}  // namespace

Standing standing(const JunctionView& junction, Instant at) {
  if (!junction.report || at - junction.heard >= stale_after) return Standing::silent;
  const StateReport& report = *junction.report;
  if (report.mode == SignalMode::start_up) return Standing::starting;
  const bool follows = report.mode == SignalMode::normal && report.source != ControlSource::none;
  return follows ? Standing::follow : Standing::off_plan;
}

std::string status_text(const City& city, const CityView& view, std::size_t clients) {
  std::array<std::size_t, 4> counts{};
  for (const JunctionView& junction : view.junctions) {
    ++counts.at(static_cast<std::size_t>(standing(junction, view.at)));
  }
  const auto count = [&](Standing kind) { return counts.at(static_cast<std::size_t>(kind)); };
  Json status{{"version", 1},
              {"city", city.name},
              {"signals", city.network->junctions().size()},
              {"follow", count(Standing::follow)},
              {"off_plan", count(Standing::off_plan)},
              {"silent", count(Standing::silent)},
              {"starting", count(Standing::starting)},
              {"at_ms", ms(view.at)},
              {"clients", clients}};
  if (view.chain) {
    status["chain"] = Json{{"counts", view.chain->counts},
                           {"plan", view.chain->plan},
                           {"lamps", view.chain->lamps},
                           {"intersection", view.chain->intersection.text()},
                           {"missing", view.chain->missing}};
  }
  return text_of(status);
}

std::string hello_body(const City& city, const std::string& network_etag, FrameTime time) {
  Json frame = started("hello", time);
  frame["version"] = 1;
  frame["network"] = network_etag;
  frame["clock_offset_ms"] = city.clock_offset.count();
  frame["utc_offset_s"] = city.utc_offset.count();
  frame["stale_after_ms"] = stale_after.count();
  return body_of(frame);
}

std::string pong_body(std::int64_t ping_wall_ms, FrameTime time) {
  Json frame = started("pong", time);
  frame["ping_wall_ms"] = ping_wall_ms;
  return body_of(frame);
}

std::string overview_body(const City& city, const CityView& view, const OverviewFrame& frame,
                          FrameTime time) {
  Json json = started("overview", time);
  json["key"] = frame.key;
  Json& junctions = json["junctions"] = Json::array();
  for (const std::size_t n : frame.junctions) junctions.push_back(brief(n, view.junctions[n]));
  Json& ages = json["age_ms"] = Json::array();
  for (const JunctionView& junction : view.junctions) ages.push_back(age_of(junction, view.at));
  json["changes"] = changes_of(frame.changes);
  Json& cameras = json["cameras"] = Json::array();
  for (std::size_t n = 0; n < view.cameras.size() && n < city.cameras.size(); ++n) {
    cameras.push_back(camera_of(n, view.cameras[n]));
  }
  return body_of(json);
}

std::string events_text(const std::vector<const Event*>& newest_first) {
  return text_of(changes_of(newest_first));
}

std::string junction_body(const JunctionFrame& frame, const JunctionParts& parts, FrameTime time) {
  Json json = started("junction", time);
  json["key"] = frame.key;
  json["junction"] = frame.id;
  json["age_ms"] = frame.age.count();
  std::string body = body_of(json);
  body.pop_back();
  for (const auto& [name, value] : parts)
    body.append(",\"").append(name).append("\":").append(value);
  return body + "}";
}

std::string street_body(const CityView& view, Point low, Point high, FrameTime time) {
  Json json = started("street", time);
  Json& list = json["vehicles"] = Json::array();
  for (const VehicleView& vehicle : *view.vehicles) {
    if (!inside(vehicle.front, low, high)) continue;
    if (list.size() == vehicles_max) break;
    const double heading_deg = vehicle.heading_rad * 180.0 / std::numbers::pi;
    list.push_back({vehicle.number, hundredths(vehicle.front.x_m), hundredths(vehicle.front.y_m),
                    std::round(heading_deg * 10.0) / 10.0, hundredths(vehicle.length_m),
                    name_of(vehicle.vehicle_class), std::round(vehicle.speed_mps * 10.0) / 10.0});
  }
  Json& people = json["people"] = Json::array();
  if (!view.people) return body_of(json);
  for (const Point& person : *view.people) {
    if (!inside(person, low, high)) continue;
    if (people.size() == people_max) break;
    people.push_back({hundredths(person.x_m), hundredths(person.y_m)});
  }
  return body_of(json);
}

std::string picture_frame(const CameraConfig& camera, const CameraView& view,
                          const PictureView& picture, FrameTime time) {
  Json counts = Json::array();
  for (const CameraView::Line& line : view.lines) counts.push_back(value_or_null(line.total));
  Json head = started("picture", {picture.at, time.sent_wall});
  head["camera"] = camera.id.text();
  head["boxes"] = boxes_of(picture);
  head["counts"] = std::move(counts);
  const std::string text = text_of(head);
  std::string frame;
  frame.reserve(4 + text.size() + picture.jpeg->size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    frame += static_cast<char>(text.size() >> shift & 0xffU);
  }
  frame += text;
  frame.append(picture.jpeg->begin(), picture.jpeg->end());
  return frame;
}

}  // namespace chorraha::console
