#include <algorithm>

#include "messaging/codec/wire.hpp"

namespace chorraha::wire {
namespace {

constexpr int detections_max = 4096;
constexpr int boxes_max = 1024;
constexpr int lines_max = 64;
constexpr int street_max = 20'000;
constexpr Bounds<double> speed_bounds{0, 150};
constexpr Bounds<double> share{0, 1};
constexpr Bounds<double> frame_rates{0, 1000};
constexpr Bounds<float> pixels{-65'536, 65'536};
constexpr Bounds<float> metres{-1e7F, 1e7F};
constexpr Bounds<float> lengths_m{0, 100};
constexpr Bounds<float> headings_rad{-10, 10};
constexpr Bounds<float> street_speeds_mps{0, 150};
constexpr auto last_class = chorraha::VehicleClass::person;

chorraha::Detection read_detection(const Reader& in, const Detection& from) {
  chorraha::Detection noun;
  noun.detector = DetectorId{in.name(CHORRAHA_FIELD(from, detector))};
  noun.at = in.instant(CHORRAHA_FIELD(from, at_ms));
  noun.kind = in.choice(CHORRAHA_FIELD(from, kind), chorraha::Detection::Kind::crossing);
  noun.vehicle_class = in.choice(CHORRAHA_FIELD(from, vehicle_class), last_class);
  if (from.has_speed_mps())
    noun.speed_mps = in.number(CHORRAHA_FIELD(from, speed_mps), speed_bounds);
  noun.confidence = in.number(CHORRAHA_FIELD(from, confidence), share);
  return noun;
}

chorraha::PictureBox read_box(const Reader& in, const PictureBox& from) {
  chorraha::PictureBox noun;
  noun.x_px = in.number(CHORRAHA_FIELD(from, x_px), pixels);
  noun.y_px = in.number(CHORRAHA_FIELD(from, y_px), pixels);
  noun.width_px = in.number(CHORRAHA_FIELD(from, width_px), {0, pixels.high});
  noun.height_px = in.number(CHORRAHA_FIELD(from, height_px), {0, pixels.high});
  noun.vehicle_class = in.choice(CHORRAHA_FIELD(from, vehicle_class), last_class);
  noun.confidence = in.number(CHORRAHA_FIELD(from, confidence), {0, 1});
  noun.track = in.number<std::uint64_t>(CHORRAHA_FIELD(from, track), any_number);
  return noun;
}

void put_box(const chorraha::PictureBox& noun, PictureBox& out) {
  out.set_x_px(noun.x_px);
  out.set_y_px(noun.y_px);
  out.set_width_px(noun.width_px);
  out.set_height_px(noun.height_px);
  out.set_vehicle_class(static_cast<VehicleClass>(wire_value(noun.vehicle_class)));
  out.set_confidence(noun.confidence);
  out.set_track(noun.track);
}

chorraha::VehiclePlace read_vehicle(const Reader& in, const VehicleView& from) {
  chorraha::VehiclePlace noun;
  noun.x_m = in.number(CHORRAHA_FIELD(from, x_m), metres);
  noun.y_m = in.number(CHORRAHA_FIELD(from, y_m), metres);
  noun.heading_rad = in.number(CHORRAHA_FIELD(from, heading_rad), headings_rad);
  noun.length_m = in.number(CHORRAHA_FIELD(from, length_m), lengths_m);
  noun.vehicle_class = in.choice(CHORRAHA_FIELD(from, vehicle_class), last_class);
  if (from.has_number())
    noun.number = in.number<std::uint64_t>(CHORRAHA_FIELD(from, number), any_number);
  if (from.has_speed_mps())
    noun.speed_mps = in.number(CHORRAHA_FIELD(from, speed_mps), street_speeds_mps);
  return noun;
}

}  // namespace

void put(const chorraha::Detections& noun, Envelope& envelope) {
  Detections& out = *envelope.mutable_detections();
  out.set_sequence(noun.sequence);
  for (const chorraha::Detection& detection : noun.detections) {
    Detection& to = *out.add_detections();
    to.set_detector(detection.detector.text());
    to.set_at_ms(wire_ms(detection.at));
    to.set_kind(static_cast<DetectionKind>(wire_value(detection.kind)));
    to.set_vehicle_class(static_cast<VehicleClass>(wire_value(detection.vehicle_class)));
    if (detection.speed_mps) to.set_speed_mps(*detection.speed_mps);
    to.set_confidence(detection.confidence);
  }
}

chorraha::Detections read(const Reader& in, const Detections& from) {
  chorraha::Detections noun;
  noun.sequence = in.number<std::uint64_t>(CHORRAHA_FIELD(from, sequence), any_number);
  if (!in.list("detections", from.detections_size(), {0, detections_max})) return noun;
  for (const Detection& detection : from.detections())
    noun.detections.push_back(
        read_detection(Reader(in, "detections", noun.detections.size()), detection));
  return noun;
}

void put(const chorraha::CameraHealth& noun, Envelope& envelope) {
  CameraHealth& out = *envelope.mutable_camera_health();
  out.set_camera(noun.camera.text());
  out.set_at_ms(wire_ms(noun.at));
  out.set_streaming(noun.streaming);
  out.set_frames_per_s(noun.frames_per_s);
  out.set_dark(noun.dark);
  out.set_blurred(noun.blurred);
  out.set_moved(noun.moved);
  out.set_frozen(noun.frozen);
  out.set_trouble(noun.trouble);
}

chorraha::CameraHealth read(const Reader& in, const CameraHealth& from) {
  chorraha::CameraHealth noun;
  noun.camera = CameraId{in.name(CHORRAHA_FIELD(from, camera))};
  noun.at = in.instant(CHORRAHA_FIELD(from, at_ms));
  noun.streaming = in.flag(CHORRAHA_FIELD(from, streaming));
  noun.frames_per_s = in.number(CHORRAHA_FIELD(from, frames_per_s), frame_rates);
  noun.dark = in.number(CHORRAHA_FIELD(from, dark), share);
  noun.blurred = in.number(CHORRAHA_FIELD(from, blurred), share);
  noun.moved = in.number(CHORRAHA_FIELD(from, moved), share);
  noun.frozen = in.number(CHORRAHA_FIELD(from, frozen), share);
  noun.trouble = in.text(CHORRAHA_FIELD(from, trouble));
  return noun;
}

void put(const chorraha::PictureWanted& noun, Envelope& envelope) {
  PictureWanted& out = *envelope.mutable_picture_wanted();
  out.set_camera(noun.camera.text());
  out.set_seconds(noun.seconds);
}

chorraha::PictureWanted read(const Reader& in, const PictureWanted& from) {
  chorraha::PictureWanted noun;
  noun.camera = CameraId{in.name(CHORRAHA_FIELD(from, camera))};
  noun.seconds = in.number<std::uint32_t>(CHORRAHA_FIELD(from, seconds), {1, 60});
  return noun;
}

void put(const chorraha::Picture& noun, Envelope& envelope) {
  Picture& out = *envelope.mutable_picture();
  out.set_camera(noun.camera.text());
  out.set_at_ms(wire_ms(noun.at));
  out.set_frame(noun.frame);
  out.set_jpeg(noun.jpeg.data(), noun.jpeg.size());
  for (const chorraha::PictureBox& box : noun.boxes) put_box(box, *out.add_boxes());
  for (const chorraha::LineCount& count : noun.counts) {
    LineCount& to = *out.add_counts();
    to.set_line(count.line);
    to.set_vehicles(count.vehicles);
  }
}

chorraha::Picture read(const Reader& in, const Picture& from) {
  chorraha::Picture noun;
  noun.camera = CameraId{in.name(CHORRAHA_FIELD(from, camera))};
  noun.at = in.instant(CHORRAHA_FIELD(from, at_ms));
  noun.frame = in.number<std::uint64_t>(CHORRAHA_FIELD(from, frame), any_number);
  if (in.inside("jpeg", from.has_jpeg())) {
    noun.jpeg.resize(from.jpeg().size());
    std::ranges::transform(from.jpeg(), noun.jpeg.begin(),
                           [](char c) { return static_cast<std::byte>(c); });
  }
  if (!in.list("boxes", from.boxes_size(), {0, boxes_max})) return noun;
  if (!in.list("counts", from.counts_size(), {0, lines_max})) return noun;
  for (const PictureBox& box : from.boxes())
    noun.boxes.push_back(read_box(Reader(in, "boxes", noun.boxes.size()), box));
  for (const LineCount& count : from.counts()) {
    const Reader line(in, "counts", noun.counts.size());
    noun.counts.push_back(
        {line.name(CHORRAHA_FIELD(count, line)),
         line.number<std::uint64_t>(CHORRAHA_FIELD(count, vehicles), any_number)});
  }
  return noun;
}

void put(const chorraha::StreetView& noun, Envelope& envelope) {
  StreetView& out = *envelope.mutable_street_view();
  out.set_at_ms(wire_ms(noun.at));
  for (const chorraha::VehiclePlace& vehicle : noun.vehicles) {
    VehicleView& to = *out.add_vehicles();
    to.set_x_m(vehicle.x_m);
    to.set_y_m(vehicle.y_m);
    to.set_heading_rad(vehicle.heading_rad);
    to.set_length_m(vehicle.length_m);
    to.set_vehicle_class(static_cast<VehicleClass>(wire_value(vehicle.vehicle_class)));
    to.set_number(vehicle.number);
    to.set_speed_mps(vehicle.speed_mps);
  }
  for (const chorraha::PedestrianPlace& pedestrian : noun.pedestrians) {
    PedestrianView& to = *out.add_pedestrians();
    to.set_x_m(pedestrian.x_m);
    to.set_y_m(pedestrian.y_m);
  }
}

chorraha::StreetView read(const Reader& in, const StreetView& from) {
  chorraha::StreetView noun;
  noun.at = in.instant(CHORRAHA_FIELD(from, at_ms));
  if (!in.list("vehicles", from.vehicles_size(), {0, street_max})) return noun;
  if (!in.list("pedestrians", from.pedestrians_size(), {0, street_max})) return noun;
  for (const VehicleView& vehicle : from.vehicles())
    noun.vehicles.push_back(read_vehicle(Reader(in, "vehicles", noun.vehicles.size()), vehicle));
  for (const PedestrianView& from_pedestrian : from.pedestrians()) {
    const Reader pedestrian(in, "pedestrians", noun.pedestrians.size());
    noun.pedestrians.push_back({pedestrian.number(CHORRAHA_FIELD(from_pedestrian, x_m), metres),
                                pedestrian.number(CHORRAHA_FIELD(from_pedestrian, y_m), metres)});
  }
  return noun;
}

}  // namespace chorraha::wire
