#include "apps/centre/city_pages.hpp"

#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace chorraha {
namespace {

constexpr Milliseconds camera_silence_max{3000};  // as SAFETY.md D suspects a link

console::MapArea area_of(const MapArea& area) {
  return {area.kind == MapArea::Kind::river ? console::MapArea::Kind::river
                                            : console::MapArea::Kind::park,
          area.polygon};
}

std::vector<std::uint8_t> bytes_of(const std::vector<std::byte>& bytes) {
  std::vector<std::uint8_t> copy(bytes.size());
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  return copy;
}

}  // namespace

CityPages::CityPages(const City& city, const Settings& settings, Instant now) {
  auto still = std::make_shared<console::City>();
  still->id = settings.id;
  still->name = city.name;
  still->geographic = city.origin != Origin{};
  still->simulated = settings.simulated;
  still->utc_offset = offset_at(city.zone, now);
  still->clock_offset = settings.clock_offset;
  still->network = std::make_shared<const Network>(city.network);
  still->intersections = city.intersections;
  still->cameras = city.cameras;
  for (const MapArea& area : city.background) still->areas.push_back(area_of(area));
  city_ = std::move(still);
  pictures_.resize(city_->cameras.size());
}

void CityPages::picture(const Picture& picture) {
  for (std::size_t i = 0; i < city_->cameras.size(); ++i) {
    if (city_->cameras[i].id != picture.camera) continue;
    console::PictureView view;
    view.at = picture.at;
    view.jpeg = std::make_shared<const std::vector<std::uint8_t>>(bytes_of(picture.jpeg));
    for (const PictureBox& box : picture.boxes) {
      view.boxes.push_back({box.x_px, box.y_px, box.width_px, box.height_px, box.vehicle_class});
    }
    pictures_[i] = std::move(view);
  }
}

void CityPages::street(const StreetView& view) {
  auto vehicles = std::make_shared<std::vector<console::VehicleView>>();
  vehicles->reserve(view.vehicles.size());
  std::uint64_t number = 0;
  for (const VehiclePlace& place : view.vehicles) {
    vehicles->push_back({number++,
                         {place.x_m, place.y_m},
                         place.heading_rad,
                         place.length_m,
                         0,
                         place.vehicle_class});
  }
  vehicles_ = std::move(vehicles);
}

void CityPages::add_junction(const Region& region, IntersectionIndex at, Instant now,
                             console::CityView& view) const {
  const JunctionView& known = region.junction(at);
  console::JunctionView& shown = view.junctions.emplace_back();
  shown.report = known.report;
  shown.heard = known.heard.value_or(Instant{});
  shown.plan = known.plan;
  if (const auto& made = region.timetable(at))
    shown.timetable = console::CountedTimetable{made->timetable, made->at, made->saturation};
  if (known.report && known.explanations.boot == known.report->boot &&
      !known.explanations.groups.empty())
    shown.explanations = known.explanations;
  for (const DetectorIndex index : region.network().junction(at).detectors) {
    const DetectorView seen = region.detector(index, now);
    const Detector& detector = region.network().detector(index);
    console::DetectorView& to = shown.detectors.emplace_back();
    to.occupied = seen.occupied;
    if (detector.kind == Detector::Kind::presence) to.occupancy = seen.occupancy;
    to.changed = seen.changed;
    to.last_minute = static_cast<int>(seen.last_minute);
  }
  for (const LaneScene& lane : known.lanes) {
    shown.queues.push_back(
        {lane.lane, lane.queue_veh, std::sqrt(std::max(lane.queue_variance_veh2, 0.0))});
  }
}

void CityPages::add_camera(const Region& region, std::size_t place, Instant now,
                           console::CityView& view) const {
  console::CameraView& shown = view.cameras.emplace_back();
  shown.health = region.camera(place);
  if (shown.health && now - shown.health->at > camera_silence_max) {
    shown.health->streaming = false;
    shown.health->frames_per_s = 0;
    shown.health->trouble =
        fmt::format("not heard for {} s",
                    std::chrono::floor<std::chrono::seconds>(now - shown.health->at).count());
  }
  shown.picture = pictures_[place];
  for (const CountingLine& line : city_->cameras[place].lines) {
    console::CameraView::Line& counts = shown.lines.emplace_back();
    const DetectorIndex index = region.network().find(line.detector);
    if (!index.valid()) continue;
    const DetectorView seen = region.detector(index, now);
    counts.last_minute = static_cast<int>(seen.last_minute);
    counts.total = static_cast<std::int64_t>(seen.total);
    counts.counted = seen.changed;
  }
}

console::CityView CityPages::view(Region& region, Instant now) {
  console::CityView view;
  view.at = now;
  for (std::size_t i = 0; i < region.network().junctions().size(); ++i)
    add_junction(region, IntersectionIndex{i}, now, view);
  for (std::size_t i = 0; i < city_->cameras.size(); ++i) add_camera(region, i, now, view);
  view.events = region.take_events();
  if (const std::optional<Chain::State> chain = region.chain()) {
    view.chain = console::ChainView{chain->counts, chain->plan, chain->lamps, chain->intersection,
                                    chain->missing};
  }
  view.vehicles = vehicles_;
  return view;
}

}  // namespace chorraha
