#include "apps/centre/city_pages.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
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
  std::vector<std::uint8_t> copy;
  copy.reserve(bytes.size());
  for (const std::byte byte : bytes) copy.push_back(std::to_integer<std::uint8_t>(byte));
  return copy;
}

console::StreetClass class_of(LinkClass link_class) {
  switch (link_class) {
    case LinkClass::arterial:
      return console::StreetClass::arterial;
    case LinkClass::collector:
      return console::StreetClass::collector;
    case LinkClass::minor:
      return console::StreetClass::minor;
  }
  return console::StreetClass::minor;
}

/// Other names by which people search an intersection, each once.
std::vector<std::string> aliases_of(const Asset& asset) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(all, name) == all.end()) all.push_back(name);
  };
  for (const auto& [language, name] : asset.names) add(name);
  for (const std::string& alias : asset.aliases) add(alias);
  return all;
}

/// Corridors have names in every language of the city: the page finds their street by each.
void name_streets(const City& city, console::City& still) {
  for (const Group& group : city.groups) {
    if (group.kind != Group::Kind::corridor) continue;
    console::Corridor& corridor = still.corridors.emplace_back();
    corridor.id = group.id;
    for (const auto& [language, name] : group.names) corridor.names.push_back(name);
    for (const IntersectionId& id : group.intersections)
      corridor.junctions.push_back(city.network.find(id));
  }
}

void name_junctions(const City& city, console::City& still) {
  const std::size_t n = city.network.junctions().size();
  still.aliases.resize(n);
  still.numbers.resize(n, 0);
  for (const Asset& asset : city.assets) {
    const IntersectionIndex at = city.network.find(asset.intersection);
    if (!at.valid()) continue;
    still.aliases[at.value()] = aliases_of(asset);
    still.numbers[at.value()] = asset.number;
  }
}

std::string_view word_of(DetectorDoubt doubt) {
  switch (doubt) {
    case DetectorDoubt::none:
      return "";
    case DetectorDoubt::stuck:
      return "stuck";
    case DetectorDoubt::unseen:
      return "unseen";
    case DetectorDoubt::camera_silent:
      return "camera_silent";
    case DetectorDoubt::camera_blind:
      return "camera_blind";
  }
  return "";
}

}  // namespace

CityPages::CityPages(const City& city, const Settings& settings, Instant now)
    : camera_of_detector_(city.network.detectors().size()),
      watch_(city.network, city.intersections) {
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
  for (const LinkClass one : city.link_classes) still->street_classes.push_back(class_of(one));
  for (const MapArea& area : city.background) still->areas.push_back(area_of(area));
  name_junctions(city, *still);
  name_streets(city, *still);
  city_ = std::move(still);
  pictures_.resize(city_->cameras.size());
  for (std::size_t i = 0; i < city_->cameras.size(); ++i) {
    counts_.emplace_back(city_->cameras[i].lines.size());
    const auto serves = [&](const DetectorId& id) {
      const DetectorIndex detector = city_->network->find(id);
      if (detector.valid()) camera_of_detector_[detector.value()] = i;
    };
    for (const CountingLine& line : city_->cameras[i].lines) serves(line.detector);
    for (const PictureArea& area : city_->cameras[i].areas) serves(area.detector);
  }
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
    const std::vector<CountingLine>& lines = city_->cameras[i].lines;
    for (const LineCount& count : picture.counts) {
      const auto line = std::ranges::find(lines, count.line, &CountingLine::name);
      if (line == lines.end()) continue;
      counts_[i][static_cast<std::size_t>(line - lines.begin())].told(count.vehicles, picture.at);
    }
  }
}

void CityPages::street(const StreetView& view) {
  auto vehicles = std::make_shared<std::vector<console::VehicleView>>();
  vehicles->reserve(view.vehicles.size());
  for (const VehiclePlace& place : view.vehicles) {
    vehicles->push_back({place.number,
                         {place.x_m, place.y_m},
                         place.heading_rad,
                         place.length_m,
                         place.speed_mps,
                         place.vehicle_class});
  }
  vehicles_ = std::move(vehicles);
  auto people = std::make_shared<std::vector<Point>>();
  people->reserve(view.pedestrians.size());
  for (const PedestrianPlace& place : view.pedestrians) people->push_back({place.x_m, place.y_m});
  people_ = std::move(people);
}

/// What its camera cannot see comes before what its own story tells.
std::string CityPages::trouble_of(const Region& region, DetectorIndex detector, Instant now) const {
  DetectorDoubt doubt = DetectorDoubt::none;
  if (const auto& camera = camera_of_detector_[detector.value()])
    doubt = doubt_of(region.camera(*camera), now);
  if (doubt == DetectorDoubt::none) doubt = watch_.doubt(detector);
  return std::string(word_of(doubt));
}

void CityPages::add_junction(const Region& region, IntersectionIndex at, Instant now,
                             console::CityView& view) {
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
  const std::vector<DetectorIndex>& detectors = region.network().junction(at).detectors;
  std::vector<DetectorView> all;
  all.reserve(detectors.size());
  for (const DetectorIndex index : detectors) all.push_back(region.detector(index, now));
  if (known.report && region.standing(at, now) != Standing::silent)
    watch_.look(at, *known.report, all, now);
  for (std::size_t i = 0; i < detectors.size(); ++i) {
    const DetectorView& seen = all[i];
    console::DetectorView& to = shown.detectors.emplace_back();
    to.occupied = seen.occupied;
    if (region.network().detector(detectors[i]).kind == Detector::Kind::presence)
      to.occupancy = seen.occupancy;
    to.changed = seen.changed;
    to.last_minute = static_cast<int>(seen.last_minute);
    to.trouble = trouble_of(region, detectors[i], now);
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
  const std::vector<CountingLine>& lines = city_->cameras[place].lines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    console::CameraView::Line& counts = shown.lines.emplace_back();
    const LineCounts& told = counts_[place][i];
    const DetectorIndex index = region.network().find(lines[i].detector);
    if (index.valid()) {
      const DetectorView seen = region.detector(index, now);
      counts = {static_cast<int>(seen.last_minute), seen.total, seen.changed};
    } else {
      if (const auto minute = told.last_minute()) counts.last_minute = static_cast<int>(*minute);
      counts.counted = told.counted();
    }
    // The camera's own count is what its picture shows; what came before this centre is in it.
    if (told.total()) counts.total = told.total();
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
  view.people = people_;
  return view;
}

}  // namespace chorraha
