#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "apps/count/score.hpp"
#include "traffic/camera.hpp"
#include "traffic/health.hpp"
#include "vision/pipeline.hpp"

namespace chorraha::count {

/// What one run of `chorraha count` found.
struct CountReport {
  std::string video;
  std::int64_t frames = 0;
  double fps = 0;
  double cpu_s = 0;         // of the process while it counted, decoding included
  double decode_cpu_s = 0;  // the decoder's share, its own threads included
  std::vector<CountingLine> lines;
  std::vector<LineEvent> events;
  std::vector<LineFigures> figures;  // by place in `lines`
  CameraHealth health;
  std::optional<Score> score;
};

/// Bicycles and people stand in `events`, but not in `count`, and are not scored.
[[nodiscard]] bool is_counted(VehicleClass vehicle_class);

/// The one JSON object of docs/cli.md, with a line break at its end.
[[nodiscard]] std::string json_text(const CountReport& report);

/// A table for people.
void write_table(const CountReport& report, std::ostream& out);

}  // namespace chorraha::count
