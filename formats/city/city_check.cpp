#include "formats/city/city_check.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "formats/city/document.hpp"

namespace chorraha::city {
namespace {

constexpr double walking_mps = 1.2;        // SAFETY.md A14
constexpr Ticks red_clearance_warned{10};  // A8

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
    for (const GroupIndex walk : config_.pedestrians()) {
      for (const GroupIndex other : config_.all_groups() - config_.pedestrians()) {
        if (const Done done = check_clearance(walk, other); !done) return done;
      }
    }
    for (const GroupIndex a : config_.all_groups()) {
      if (const Done done = check_foes(a); !done) return done;
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

  // Whether a movement of `group` runs over this crossing.
  [[nodiscard]] bool runs_over(const SignalGroup& group, CrossingIndex crossing) const {
    return std::ranges::any_of(group.movements, [&](const MovementId& id) {
      const Movement& movement = network_.movement(network_.find(id));
      return std::ranges::find(movement.crossings, crossing) != movement.crossings.end();
    });
  }

  // SAFETY.md A14: who has just stepped off is over before the other starts. Of several crossings
  // those count that the other runs over; all of them where the network knows of none.
  [[nodiscard]] Done check_clearance(GroupIndex walk, GroupIndex other) const {
    const SignalGroup& people = config_.group(walk);
    const SignalGroup& vehicles = config_.group(other);
    double longest_m = 0;
    double met_m = 0;
    for (const CrossingId& id : people.crossings) {
      const CrossingIndex crossing = network_.find(id);
      const double here_m = length_m(network_.crossing(crossing).shape);
      longest_m = std::max(longest_m, here_m);
      if (runs_over(vehicles, crossing)) met_m = std::max(met_m, here_m);
    }
    const std::string pair = people.id.text() + " -> " + vehicles.id.text();
    if (config_.relation(walk, other) == Relation::compatible) {
      if (met_m == 0 || config_.profile() == Profile::research) return {};
      return fault_of_pair("relation " + pair, "compatible",
                           "conflict or yields: these vehicles run over that walk");
    }
    const double counted_m = met_m > 0 ? met_m : longest_m;
    const Ticks least = ticks_at_least(counted_m / walking_mps);
    const Ticks seen = config_.intergreen(walk, other);
    if (seen >= least) return {};
    return fault_of_pair(
        "intergreen " + pair, fmt::format("{:.1f} s", to_seconds(seen)),
        fmt::format("at least {:.1f} s: {:.1f} m at 1.2 m/s (A14)", to_seconds(least), counted_m));
  }

  // Whether a way of `group` has one of `other` among its foes.
  [[nodiscard]] bool meet(const SignalGroup& group, const SignalGroup& other) const {
    return std::ranges::any_of(group.movements, [&](const MovementId& id) {
      return std::ranges::any_of(
          network_.movement(network_.find(id)).foes, [&](const Movement::Foe& foe) {
            return std::ranges::find(other.movements, network_.movement(foe.movement).id) !=
                   other.movements.end();
          });
    });
  }

  // Profile research: a program's parallel lanes into one edge stay compatible.
  [[nodiscard]] Done check_foes(GroupIndex a) const {
    if (config_.profile() == Profile::research) return {};
    for (const GroupIndex b : config_.all_groups()) {
      if (a == b || config_.relation(a, b) != Relation::compatible) continue;
      if (!meet(config_.group(a), config_.group(b))) continue;
      return fault_of_pair(
          "relation " + config_.group(a).id.text() + " -> " + config_.group(b).id.text(),
          "compatible", "conflict or yields: their ways cross in network.json");
    }
    return {};
  }

  [[nodiscard]] Fault fault_of_pair(const std::string& thing, std::string seen,
                                    std::string allowed) const {
    return {Reason::bad_input,
            fmt::format("{} intersection {} {}", path_.string(), config_.id().text(), thing),
            std::move(seen), std::move(allowed)};
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

std::vector<std::string> warnings_of(const IntersectionConfig& config) {
  std::vector<std::string> warnings;
  if (config.profile() != Profile::nema) return warnings;
  for (const GroupIndex a : config.all_groups() - config.pedestrians()) {
    for (const GroupIndex b : config.conflicts(a)) {
      const Ticks red = config.intergreen(a, b) - config.group(a).amber;
      if (red >= red_clearance_warned) continue;
      warnings.push_back(fmt::format(
          "intersection {} intergreen {} -> {}: {:.1f} s of red after amber, under 1.0 s (A8)",
          config.id().text(), config.group(a).id.text(), config.group(b).id.text(),
          to_seconds(red)));
    }
  }
  return warnings;
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
