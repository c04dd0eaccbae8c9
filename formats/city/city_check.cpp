#include "formats/city/city_check.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "formats/city/document.hpp"

namespace chorraha::city {
namespace {

// The first line that holds the id in quotes; for faults only.
Fault fault_at(const std::filesystem::path& path, const std::string& id, const std::string& thing,
               const std::string& allowed) {
  std::ptrdiff_t line = 1;
  if (const Result<std::string> text = read_text(path)) {
    const std::size_t at = text->find('"' + id + '"');
    if (at != std::string::npos)
      line += std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(at), '\n');
  }
  return Fault{Reason::bad_input, fmt::format("{}:{} {}", path.string(), line, thing),
               '"' + id + '"', allowed};
}

class IntersectionCheck {
 public:
  IntersectionCheck(const IntersectionConfig& config, const Network& network,
                    const std::filesystem::path& path)
      : config_(config), network_(network), path_(path), at_(network.find(config.id())) {}

  [[nodiscard]] Done check() const {
    for (const SignalGroup& group : config_.groups()) {
      if (const Done done = check_group(group); !done) return done;
    }
    for (const DetectorUse& use : config_.detectors()) {
      if (const Done done = check_detector(use); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] Done check_group(const SignalGroup& group) const {
    const std::string thing = "group " + group.id.text();
    for (const MovementId& id : group.movements) {
      const MovementIndex movement = network_.find(id);
      if (!movement.valid() || network_.movement(movement).intersection != at_) {
        return fault_at(path_, id.text(), thing + " movements",
                        "movements of this intersection in network.json");
      }
    }
    for (const CrossingId& id : group.crossings) {
      const CrossingIndex crossing = network_.find(id);
      if (!crossing.valid() || network_.crossing(crossing).intersection != at_) {
        return fault_at(path_, id.text(), thing + " crossings",
                        "crossings of this intersection in network.json");
      }
    }
    return {};
  }

  [[nodiscard]] Done check_detector(const DetectorUse& use) const {
    const DetectorIndex index = network_.find(use.id);
    if (!index.valid() || network_.detector(index).intersection != at_) {
      return fault_at(path_, use.id.text(), "detectors",
                      "detectors of this intersection in network.json");
    }
    const Detector& detector = network_.detector(index);
    if (detector.camera != (use.input == DetectorUse::Input::camera)) {
      return fault_at(path_, use.id.text(), "detectors input",
                      detector.camera ? "camera, as in network.json" : "driver: it is no camera's");
    }
    if ((detector.kind == Detector::Kind::button) != (use.role == DetectorUse::Role::button))
      return fault_at(path_, use.id.text(), "detectors role", "button for buttons, and only those");
    return {};
  }

  const IntersectionConfig& config_;
  const Network& network_;
  const std::filesystem::path& path_;
  IntersectionIndex at_;
};

}  // namespace

Done check_against_network(const IntersectionConfig& config, const Network& network,
                           const std::filesystem::path& path) {
  return IntersectionCheck(config, network, path).check();
}

Done check_against_network(const CameraConfig& camera, const Network& network,
                           const std::filesystem::path& path) {
  const IntersectionIndex at = network.find(IntersectionId{camera.intersection});
  if (!camera.intersection.empty() && !at.valid()) {
    return fault_at(path, camera.intersection, "intersection", "an intersection of network.json");
  }
  const auto check = [&](const DetectorId& id, const char* thing) -> Done {
    if (id.empty()) return {};
    const DetectorIndex index = network.find(id);
    if (index.valid() && network.detector(index).camera) return {};
    return fault_at(path, id.text(), thing, "a detector of network.json that is a camera's");
  };
  for (const CountingLine& line : camera.lines) {
    if (const Done done = check(line.detector, "lines detector"); !done) return done;
  }
  for (const PictureArea& area : camera.areas) {
    if (const Done done = check(area.detector, "lanes detector"); !done) return done;
  }
  return {};
}

}  // namespace chorraha::city
