#pragma once

#include <string>
#include <utility>
#include <vector>

#include "console/city_view.hpp"
#include "console/lamp_history.hpp"

namespace chorraha::console {

/// How the page counts a junction: once, in this order (docs/live-feed.md).
enum class Standing : std::uint8_t { silent, starting, off_plan, follow };

/// A junction is silent after three missed reports (one a second).
constexpr Milliseconds stale_after{3000};

[[nodiscard]] Standing standing(const JunctionView& junction, Instant at);

/// One line for scripts: `GET /api/status`.
[[nodiscard]] std::string status_text(const City& city, const CityView& view, std::size_t clients);

/// Bodies of frames: JSON members without the opening `{"seq":N,`, which each client has its own.
/// All are pure; docs/live-feed.md is their contract.
struct FrameTime {
  Instant at;
  Instant sent_wall;
};

[[nodiscard]] std::string hello_body(const City& city, const std::string& network_etag,
                                     FrameTime time);
[[nodiscard]] std::string pong_body(std::int64_t ping_wall_ms, FrameTime time);

/// Those of `junctions` by index, with all ages and cameras.
struct OverviewFrame {
  bool key = false;
  std::vector<std::size_t> junctions;
  std::vector<const Event*> changes;  // newest first
};
[[nodiscard]] std::string overview_body(const City& city, const CityView& view,
                                        const OverviewFrame& frame, FrameTime time);

/// The parts of one junction's frame: name and JSON value; the same state gives the same texts.
using JunctionParts = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] JunctionParts junction_parts(const City& city, std::size_t index,
                                           const JunctionView& junction, const TickMap& map);
/// Its `events` and `past`.
[[nodiscard]] std::string events_text(const std::vector<const Event*>& newest_first);
[[nodiscard]] std::string past_text(const IntersectionConfig& config, const LampHistory& history);

struct JunctionFrame {
  bool key = false;
  std::string id;
  Milliseconds age{-1};  // -1: never heard
};
[[nodiscard]] std::string junction_body(const JunctionFrame& frame, const JunctionParts& parts,
                                        FrameTime time);

/// Vehicles and people of the street inside `low`..`high`, at most 600 of each. The view has
/// vehicles.
[[nodiscard]] std::string street_body(const CityView& view, Point low, Point high, FrameTime time);

/// A binary frame: length of the head (4 bytes, little-endian), head, JPEG.
[[nodiscard]] std::string picture_frame(const CameraConfig& camera, const CameraView& view,
                                        const PictureView& picture, FrameTime time);

}  // namespace chorraha::console
