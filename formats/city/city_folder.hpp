#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "traffic/camera.hpp"
#include "traffic/demand.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// WGS84 place of 0/0 of the city's plane; 0/0 itself: no geographic position is known.
struct Origin {
  double latitude_deg = 0;
  double longitude_deg = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// Local time as a table of offsets from UTC: from each instant on, until the next.
struct Zone {
  struct Offset {
    std::chrono::sys_seconds from;
    std::chrono::minutes offset{0};
    friend bool operator==(const Offset&, const Offset&) = default;
  };
  std::string name;             // "Asia/Tashkent"
  std::vector<Offset> offsets;  // ascending, at least one
  friend bool operator==(const Zone&, const Zone&) = default;
};
/// Before the first entry the first one holds; without any: UTC.
[[nodiscard]] std::chrono::minutes offset_at(const Zone& zone, Instant instant);

/// How a link is drawn and what its traffic is worth on a map.
enum class LinkClass : std::uint8_t { arterial, collector, minor };
[[nodiscard]] std::string_view name_of(LinkClass link_class);
[[nodiscard]] std::optional<LinkClass> link_class_named(std::string_view name);

/// An area behind the streets.
struct MapArea {
  enum class Kind : std::uint8_t { river, park };
  Kind kind = Kind::park;
  std::string name;
  Polyline polygon;  // closed by itself
  friend bool operator==(const MapArea&, const MapArea&) = default;
};
[[nodiscard]] std::string_view name_of(MapArea::Kind kind);
[[nodiscard]] std::optional<MapArea::Kind> area_kind_named(std::string_view name);

/// What people call an intersection and who looks after it.
struct Asset {
  IntersectionId intersection;
  int number = 0;                            // the signal's number in the city's list
  std::map<std::string, std::string> names;  // by language: "uz-Latn", "uz-Cyrl", "ru", "en"
  std::vector<std::string> aliases;
  std::string owner;
  std::string crew;
  std::string feed;         // power feed
  std::string switch_name;  // network switch
  friend bool operator==(const Asset&, const Asset&) = default;
};

/// A named set of intersections; sets may overlap. A corridor is in driving order.
struct Group {
  enum class Kind : std::uint8_t { corridor, section, district, feed, network_switch };
  std::string id;
  Kind kind = Kind::district;
  std::map<std::string, std::string> names;  // by language
  std::vector<IntersectionId> intersections;
  friend bool operator==(const Group&, const Group&) = default;
};
[[nodiscard]] std::string_view name_of(Group::Kind kind);
[[nodiscard]] std::optional<Group::Kind> group_kind_named(std::string_view name);

/// What somebody answered to a doubt of an import: found again by id, else by place, bearing and
/// street.
struct Correction {
  std::string question;  // "turn_lanes", "stop_line" …
  std::string thing;     // id in the source
  Point at;
  double bearing_deg = 0;  // north = 0, clockwise
  std::string street;
  std::string answer;
  friend bool operator==(const Correction&, const Correction&) = default;
};

/// A city folder in memory. Every id in it points to something in `network`.
struct City {
  explicit City(Network streets) : network(std::move(streets)) {}

  std::string name;
  std::vector<std::string> languages;  // the first is the one people see first
  Origin origin;
  Zone zone;
  std::chrono::year_month_day date{};  // of simulated days

  Network network;
  std::vector<LinkClass> link_classes;  // by LinkIndex
  std::vector<MapArea> background;
  std::vector<IntersectionConfig> intersections;  // by IntersectionIndex
  std::vector<ConfigHash> hashes;                 // of these
  std::vector<CameraConfig> cameras;              // by id
  Demand demand;
  std::vector<Asset> assets;            // may be empty: then names are ids
  std::vector<Group> groups;            // may be empty
  std::vector<Correction> corrections;  // may be empty
};

/// Reads city.toml, network.json, demand.json, intersections/, cameras/ and, where they are there,
/// assets.toml, groups.toml, corrections.toml.
/// Faults: bad_input with file, line, value seen and value allowed: unknown keys, ids that point
/// nowhere, an intersection without its file or a file without its intersection, links of a route
/// that no movement joins, whatever the nouns refuse.
[[nodiscard]] Result<City> read_city(const std::filesystem::path& folder);

/// Writes what `read_city` reads back to an equal city; the same city gives the same bytes.
/// Makes the folder. Files of intersections and cameras that the city no longer has are removed;
/// corrections.toml is left alone when the city has none. Faults: cannot_run if the disk refuses.
[[nodiscard]] Done write_city(const City& city, const std::filesystem::path& folder);

/// The file name of an id: all but letters, digits, `_`, `-` and `.` as %XX; also a leading dot.
[[nodiscard]] std::string file_stem(std::string_view id);

}  // namespace chorraha
