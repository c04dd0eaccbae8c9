#include "tests/unit/messaging/random_nouns.hpp"

#include <array>

namespace chorraha::test {

std::uint64_t RandomNouns::any() {
  return random_();
}
std::size_t RandomNouns::below(std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
}
double RandomNouns::real(double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random_);
}
float RandomNouns::real_f(float low, float high) {
  return std::uniform_real_distribution<float>(low, high)(random_);
}
std::string RandomNouns::word() {
  constexpr std::array<std::string_view, 6> parts{"J", "Навоий ", "-1#0", "кўчаси", "_", ":7"};
  std::string text{"x"};
  for (std::size_t i = below(8); i > 0; --i) text += parts.at(below(parts.size()));
  return text;
}
Tick RandomNouns::tick() {
  return Tick{Ticks{static_cast<std::int64_t>(below(2'000'000'000)) - 1'000'000}};
}
Instant RandomNouns::instant() {
  return Instant{Milliseconds{static_cast<std::int64_t>(below(4'000'000'000'000))}};
}
ConfigHash RandomNouns::hash() {
  ConfigHash hash;
  for (std::uint8_t& byte : hash.bytes) byte = static_cast<std::uint8_t>(below(256));
  return hash;
}
VehicleClass RandomNouns::vehicle_class() {
  return static_cast<VehicleClass>(below(7));
}

Hello RandomNouns::hello() {
  Hello noun;
  noun.role = static_cast<DeviceRole>(below(4));
  noun.boot = BootId{any()};
  for (std::size_t i = below(5); i > 0; --i)
    noun.served.push_back({IntersectionId{word()}, hash()});
  return noun;
}

StateReport RandomNouns::state_report() {
  StateReport noun;
  noun.intersection = IntersectionId{word()};
  noun.boot = BootId{any()};
  noun.now = tick();
  noun.instant = instant();
  noun.mode = static_cast<SignalMode>(below(4));
  noun.in_service_at = tick();
  noun.source = static_cast<ControlSource>(below(3));
  if (coin()) noun.stage = StageIndex{below(256)};
  noun.stage_since = tick();
  noun.entering = coin();
  noun.plan_epoch = any();
  noun.plan_number = any();
  noun.lease_until = tick();
  if (coin()) noun.timetable = TimetableIndex{below(256)};
  for (std::size_t i = below(GroupSet::capacity + 1); i > 0; --i)
    noun.groups.push_back({static_cast<Aspect>(below(7)), tick(), tick(), tick(), coin(), tick()});
  noun.detections_dropped = any();
  return noun;
}

HorizonPlan RandomNouns::horizon_plan() {
  HorizonPlan noun;
  noun.intersection = IntersectionId{word()};
  noun.config_hash = hash();
  noun.boot = BootId{any()};
  noun.built_on = tick();
  noun.sequence = sequence();
  noun.lease_until = tick();
  for (std::size_t i = 1 + below(HorizonPlan::stages_max); i > 0; --i) {
    const Tick earliest = tick();
    noun.stages.push_back({StageIndex{below(256)}, earliest,
                           earliest + Ticks{static_cast<std::int64_t>(below(600))}, coin(),
                           static_cast<StageReason>(below(5))});
  }
  return noun;
}

Renew RandomNouns::renew() {
  return {IntersectionId{word()}, BootId{any()}, tick(), sequence(), sequence(), tick()};
}

TimetablePlan RandomNouns::timetable_plan() {
  TimetablePlan noun{
      IntersectionId{word()}, hash(), BootId{any()}, tick(), sequence(), instant(), {}};
  noun.timetable.id = TimetableId{word()};
  noun.timetable.cycle = Ticks{10 + static_cast<std::int64_t>(below(1800))};
  noun.timetable.offset = Ticks{static_cast<std::int64_t>(below(1800)) - 900};
  for (std::size_t i = 1 + below(64); i > 0; --i) {
    const Ticks earliest{static_cast<std::int64_t>(below(1800))};
    noun.timetable.steps.push_back({StageIndex{below(256)}, earliest,
                                    earliest + Ticks{static_cast<std::int64_t>(below(100))},
                                    coin()});
  }
  return noun;
}

PlanAnswer RandomNouns::plan_answer() {
  PlanAnswer noun{IntersectionId{word()}, BootId{any()}, sequence(), tick(), {}};
  for (std::size_t i = below(4); i > 0; --i)
    noun.refusals.push_back({word(), word(), coin() ? word() : "", word()});
  return noun;
}

Detections RandomNouns::detections() {
  Detections noun;
  noun.sequence = any();
  for (std::size_t i = below(20); i > 0; --i) {
    Detection detection;
    detection.detector = DetectorId{word()};
    detection.at = instant();
    detection.kind = static_cast<Detection::Kind>(below(3));
    detection.vehicle_class = vehicle_class();
    if (coin()) detection.speed_mps = real(0, 60);
    detection.confidence = real(0, 1);
    noun.detections.push_back(detection);
  }
  return noun;
}

CameraHealth RandomNouns::camera_health() {
  return {CameraId{word()}, instant(),  coin(),     real(0, 60),         real(0, 1),
          real(0, 1),       real(0, 1), real(0, 1), coin() ? word() : ""};
}

Picture RandomNouns::picture() {
  Picture noun{CameraId{word()}, instant(), any(), {}, {}, {}};
  noun.jpeg.resize(below(5000));
  for (std::byte& byte : noun.jpeg) byte = static_cast<std::byte>(below(256));
  for (std::size_t i = below(6); i > 0; --i)
    noun.boxes.push_back({real_f(-5, 640), real_f(-5, 360), real_f(0, 90), real_f(0, 90),
                          vehicle_class(), real_f(0, 1), any()});
  for (std::size_t i = below(4); i > 0; --i) noun.counts.push_back({word(), any()});
  return noun;
}

Events RandomNouns::events() {
  Events noun{BootId{any()}, 1 + below(1'000'000), {}};
  for (std::size_t i = 1 + below(5); i > 0; --i)
    noun.events.push_back({IntersectionId{word()}, instant(), static_cast<Event::Kind>(below(9)),
                           coin() ? word() : ""});
  return noun;
}

StreetView RandomNouns::street_view() {
  StreetView noun{instant(), {}, {}};
  for (std::size_t i = below(50); i > 0; --i)
    noun.vehicles.push_back({real_f(-5000, 5000), real_f(-5000, 5000), real_f(-3, 3), real_f(1, 18),
                             vehicle_class(), any(), real_f(0, 40)});
  for (std::size_t i = below(20); i > 0; --i)
    noun.pedestrians.push_back({real_f(-5000, 5000), real_f(-5000, 5000)});
  return noun;
}

Explanations RandomNouns::explanations() {
  Explanations noun{IntersectionId{word()}, BootId{any()}, tick(), {}};
  for (std::size_t i = below(GroupSet::capacity); i > 0; --i) {
    GroupExplanation group;
    group.group = GroupIndex{below(GroupSet::capacity)};
    group.red_since = tick();
    group.called = coin();
    group.called_since = tick();
    if (coin()) group.served = StageIndex{below(256)};
    if (coin()) group.waiting_for = GroupIndex{below(GroupSet::capacity)};
    group.earliest = tick();
    noun.groups.push_back(group);
  }
  return noun;
}

Message RandomNouns::message(std::size_t kind) {
  switch (kind) {
    case 0:
      return hello();
    case 1:
      return HeartBeat{any(), instant()};
    case 2:
      return state_report();
    case 3:
      return horizon_plan();
    case 4:
      return renew();
    case 5:
      return timetable_plan();
    case 6:
      return plan_answer();
    case 7:
      return detections();
    case 8:
      return camera_health();
    case 9:
      return PictureWanted{CameraId{word()}, static_cast<std::uint32_t>(1 + below(60))};
    case 10:
      return picture();
    case 11:
      return events();
    case 12:
      return EventsSeen{BootId{any()}, any()};
    case 13:
      return street_view();
    default:
      return explanations();
  }
}

}  // namespace chorraha::test
