#include "small_city.hpp"

namespace chorraha::console::test {
namespace {

void add_street(NetworkParts& parts, const std::string& name, Point from, Point over, Point to) {
  for (const bool in : {true, false}) {
    const LinkIndex link{parts.links.size()};
    const LaneIndex lane{parts.lanes.size()};
    const std::string id = name + (in ? "_in" : "_out");
    Link street{.id = LinkId{id}, .street = name + " ko‘chasi", .lanes = {lane}};
    (in ? street.downstream : street.upstream) = IntersectionIndex{0};
    parts.links.push_back(street);
    const Point begin =
        in ? from
           : Point{over.x_m + (to.x_m - over.x_m) * 0.1, over.y_m + (to.y_m - over.y_m) * 0.1};
    const Point end = in ? over : to;
    Lane way{.id = LaneId{id + "_0"}, .link = link, .number = 0, .shape = {begin, end}};
    way.length_m = length_m(way.shape);
    way.speed_limit_mps = 13.9;
    parts.lanes.push_back(way);
  }
  Movement over_it{.id = MovementId{name + "_in_0>" + name + "_out_0"},
                   .from = LaneIndex{parts.lanes.size() - 2},
                   .to = LaneIndex{parts.lanes.size() - 1}};
  over_it.shape = {over, parts.lanes.back().shape.front()};
  over_it.length_m = length_m(over_it.shape);
  over_it.speed_limit_mps = 13.9;
  over_it.intersection = IntersectionIndex{0};
  parts.movements.push_back(over_it);
}

std::shared_ptr<const Network> network() {
  NetworkParts parts;
  parts.junctions.push_back({.id = IntersectionId{"J1"}, .name = "Navoiy / Furqat", .centre = {}});
  add_street(parts, "Furqat", {0, 200}, {0, 10}, {0, -200});
  add_street(parts, "Navoiy", {200, 0}, {10, 0}, {-200, 0});
  parts.crossings.push_back(
      {.id = CrossingId{"W"}, .intersection = IntersectionIndex{0}, .shape = {{-5, 12}, {5, 12}}});
  parts.detectors.push_back({.id = DetectorId{"D1"},
                             .lane = LaneIndex{0},
                             .position_m = 185,
                             .length_m = 5,
                             .intersection = IntersectionIndex{0}});
  return std::make_shared<const Network>(Network::make(std::move(parts)).value());
}

IntersectionConfig config() {
  IntersectionParts parts;
  parts.id = IntersectionId{"J1"};
  parts.profile = Profile::europe;
  parts.start_up.all_red = Ticks{50};
  const auto group = [&](const char* id, GroupType type) {
    SignalGroup& made = parts.groups.emplace_back();
    made.id = GroupId{id};
    made.type = type;
  };
  group("north", GroupType::vehicle);
  group("east", GroupType::vehicle);
  group("walk", GroupType::pedestrian);
  parts.groups[0].movements = {MovementId{"Furqat_in_0>Furqat_out_0"}};
  parts.groups[1].movements = {MovementId{"Navoiy_in_0>Navoiy_out_0"}};
  parts.groups[2].crossings = {CrossingId{"W"}};
  parts.groups[2].lenses = lens_red | lens_green;
  parts.groups[2].amber = Ticks{0};
  parts.groups[2].min_green = Ticks{70};
  const auto no = Relation::conflict;
  const auto ok = Relation::compatible;
  parts.relations = {{ok, no, no}, {no, ok, ok}, {no, ok, ok}};
  const Ticks between{50};
  parts.intergreen = {
      {Ticks{0}, between, between}, {between, Ticks{0}, Ticks{0}}, {between, Ticks{0}, Ticks{0}}};
  parts.stages = {{StageId{"A"}, {}}, {StageId{"B"}, {}}};
  parts.stages[0].green.insert(north);
  parts.stages[1].green.insert(east);
  parts.stages[1].green.insert(walk);
  parts.timetables = {
      {.id = TimetableId{"day"},
       .cycle = Ticks{600},
       .offset = Ticks{0},
       .steps = {{stage_north, Ticks{250}, Ticks{250}}, {stage_east, Ticks{550}, Ticks{550}}}}};
  parts.day_plan = {{.from = std::chrono::seconds{0}, .timetable = TimetableIndex{0}}};
  return IntersectionConfig::make(std::move(parts)).value();
}

}  // namespace

std::shared_ptr<const City> small_city() {
  City city;
  city.id = "small";
  city.name = "Kichik";
  city.simulated = true;
  city.utc_offset = std::chrono::hours{5};
  city.network = network();
  city.intersections = {config()};
  CameraConfig camera;
  camera.id = CameraId{"C1"};
  camera.intersection = "J1";
  camera.width = 640;
  camera.height = 360;
  camera.lines = {{.name = "in", .p1 = {10, 200}, .p2 = {300, 200}}};
  city.cameras = {camera};
  return std::make_shared<const City>(std::move(city));
}

StateReport in_stage_north() {
  StateReport report;
  report.intersection = IntersectionId{"J1"};
  report.boot = BootId{7};
  report.now = start;
  report.instant = morning + Milliseconds{15'000};  // second 15 of the cycle
  report.mode = SignalMode::normal;
  report.source = ControlSource::timetable;
  report.timetable = TimetableIndex{0};
  report.stage = stage_north;
  report.stage_since = start - Ticks{150};
  report.groups.resize(3);
  for (GroupState& group : report.groups) {
    group = {.aspect = Aspect::red,
             .since = start - Ticks{300},
             .green_since = start - Ticks{550},
             .red_since = start - Ticks{300}};
  }
  report.groups[0].aspect = Aspect::green;
  report.groups[0].since = report.groups[0].green_since = start - Ticks{100};
  return report;
}

CityView quiet_view() {
  CityView view;
  view.at = morning + Milliseconds{15'000};
  view.junctions.resize(1);
  view.junctions[0].report = in_stage_north();
  view.junctions[0].heard = view.at;
  view.junctions[0].detectors.resize(1);
  view.cameras.resize(1);
  view.cameras[0].lines.resize(1);
  return view;
}

HorizonPlan north_then_east() {
  HorizonPlan plan;
  plan.intersection = IntersectionId{"J1"};
  plan.boot = BootId{7};
  plan.built_on = start;
  plan.lease_until = start + Ticks{600};
  plan.stages = {{.stage = stage_north,
                  .end_earliest = start + Ticks{50},
                  .end_latest = start + Ticks{120},
                  .reason = StageReason::serve_queue},
                 {.stage = stage_east,
                  .end_earliest = start + Ticks{250},
                  .end_latest = start + Ticks{400},
                  .reason = StageReason::platoon}};
  return plan;
}

}  // namespace chorraha::console::test
