#include <string>
#include <vector>

#include <fmt/format.h>

#include "formats/city/json_text.hpp"
#include "formats/city/network_file.hpp"
#include "formats/city/words.hpp"

namespace chorraha {
namespace {

using city::JsonObject;

std::string junction_text(const Junction& junction) {
  JsonObject object;
  object.text("id", junction.id.text()).text("name", junction.name);
  object.raw("centre", city::json_point(junction.centre));
  if (!junction.outline.empty()) object.raw("outline", city::json_points(junction.outline));
  return object.done();
}

class Writer {
 public:
  explicit Writer(const Network& network) : network_(network) {}

  [[nodiscard]] std::string link(const Link& link, LinkClass link_class) const {
    JsonObject object;
    object.text("id", link.id.text()).text_if_any("street", link.street);
    object.text("class", name_of(link_class));
    add_junction(object, "upstream", link.upstream);
    add_junction(object, "downstream", link.downstream);
    std::vector<std::string> lanes;
    lanes.reserve(link.lanes.size());
    for (const LaneIndex lane : link.lanes) lanes.push_back(network_.lane(lane).id.text());
    return object.raw("lanes", city::json_texts(lanes)).done();
  }

  [[nodiscard]] std::string lane(const Lane& lane) const {
    JsonObject object;
    object.text("id", lane.id.text()).text("link", network_.link(lane.link).id.text());
    object.integer("number", lane.number).number("length_m", lane.length_m);
    object.number("speed_limit_mps", lane.speed_limit_mps).number("width_m", lane.width_m);
    if (!lane.vehicles_allowed) object.flag("vehicles_allowed", false);
    return object.raw("shape", city::json_points(lane.shape)).done();
  }

  [[nodiscard]] std::string movement(const Movement& movement) const {
    JsonObject object;
    object.text("id", movement.id.text()).text("from", network_.lane(movement.from).id.text());
    object.text("to", network_.lane(movement.to).id.text()).text("turn", name_of(movement.turn));
    object.number("length_m", movement.length_m);
    object.number("speed_limit_mps", movement.speed_limit_mps);
    add_junction(object, "intersection", movement.intersection);
    if (movement.signal_link >= 0) object.integer("signal_link", movement.signal_link);
    object.raw("shape", city::json_points(movement.shape));
    add_foes(object, movement);
    std::vector<std::string> crossings;
    crossings.reserve(movement.crossings.size());
    for (const CrossingIndex crossing : movement.crossings)
      crossings.push_back(network_.crossing(crossing).id.text());
    if (!crossings.empty()) object.raw("crossings", city::json_texts(crossings));
    return object.done();
  }

  [[nodiscard]] std::string crossing(const Crossing& crossing) const {
    JsonObject object;
    object.text("id", crossing.id.text());
    add_junction(object, "intersection", crossing.intersection);
    object.raw("shape", city::json_points(crossing.shape)).number("width_m", crossing.width_m);
    if (crossing.signal_link >= 0) object.integer("signal_link", crossing.signal_link);
    return object.done();
  }

  [[nodiscard]] std::string detector(const Detector& detector) const {
    JsonObject object;
    object.text("id", detector.id.text()).text("kind", city::name_of(detector.kind));
    add_junction(object, "intersection", detector.intersection);
    if (detector.kind == Detector::Kind::button)
      return object.text("crossing", network_.crossing(detector.crossing).id.text()).done();
    object.text("lane", network_.lane(detector.lane).id.text());
    object.number("position_m", detector.position_m).number("length_m", detector.length_m);
    if (detector.camera) object.flag("camera", true);
    return object.done();
  }

 private:
  void add_junction(JsonObject& object, const char* key, IntersectionIndex at) const {
    if (at.valid()) object.text(key, network_.junction(at).id.text());
  }

  void add_foes(JsonObject& object, const Movement& movement) const {
    std::vector<std::string> all, before;
    for (const Movement::Foe& foe : movement.foes) {
      all.push_back(network_.movement(foe.movement).id.text());
      if (foe.yields_to) before.push_back(all.back());
    }
    if (!all.empty()) object.raw("foes", city::json_texts(all));
    if (!before.empty()) object.raw("yields_to", city::json_texts(before));
  }

  const Network& network_;
};

std::string area_text(const MapArea& area) {
  return JsonObject()
      .text("kind", name_of(area.kind))
      .text_if_any("name", area.name)
      .raw("polygon", city::json_points(area.polygon))
      .done();
}

}  // namespace

std::string network_text(const Network& network, const std::vector<LinkClass>& link_classes,
                         const std::vector<MapArea>& background) {
  const Writer writer(network);
  std::vector<std::string> junctions, links, lanes, movements, crossings, detectors, areas;
  for (const Junction& junction : network.junctions()) junctions.push_back(junction_text(junction));
  for (std::size_t i = 0; i < network.links().size(); ++i) {
    const LinkClass link_class = i < link_classes.size() ? link_classes[i] : LinkClass::minor;
    links.push_back(writer.link(network.links()[i], link_class));
  }
  for (const Lane& lane : network.lanes()) lanes.push_back(writer.lane(lane));
  for (const Movement& movement : network.movements())
    movements.push_back(writer.movement(movement));
  for (const Crossing& crossing : network.crossings())
    crossings.push_back(writer.crossing(crossing));
  for (const Detector& detector : network.detectors())
    detectors.push_back(writer.detector(detector));
  for (const MapArea& area : background) areas.push_back(area_text(area));
  return fmt::format(
      "{{\n \"intersections\": {},\n \"links\": {},\n \"lanes\": {},\n \"movements\": {},\n"
      " \"crossings\": {},\n \"detectors\": {},\n \"background\": {}\n}}\n",
      city::json_lines(junctions, 2), city::json_lines(links, 2), city::json_lines(lanes, 2),
      city::json_lines(movements, 2), city::json_lines(crossings, 2),
      city::json_lines(detectors, 2), city::json_lines(areas, 2));
}

}  // namespace chorraha
