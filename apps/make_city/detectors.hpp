#pragma once

#include <vector>

#include "apps/make_city/layout.hpp"
#include "apps/make_city/streets.hpp"
#include "traffic/camera.hpp"

namespace chorraha::make_city {

/// Detectors of one lane that ends at a stop line.
struct LaneDetectors {
  LaneIndex lane;
  DetectorIndex at_stop_line;  // a loop, or the line of a camera
  DetectorIndex upstream;      // none() where the lane is too short
};

struct Detectors {
  std::vector<LaneDetectors> lanes;
  std::vector<DetectorIndex> buttons;  // by CrossingIndex
  std::vector<CameraConfig> cameras;
};

/// Adds to the network per approach lane a presence loop of 2 m whose end lies 5 m, and one whose
/// end lies 80 m before the stop line, and a button per walk. Lanes that a camera watches get its
/// counting line in place of the loop at the stop line.
/// Faults: not_possible if a camera stands at no crossroads or a line is outside its picture.
[[nodiscard]] Result<Detectors> add_detectors(const Description& description, const Layout& layout,
                                              Streets& streets);

}  // namespace chorraha::make_city
