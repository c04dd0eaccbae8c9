#pragma once

#include <filesystem>

#include "traffic/camera.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::city {

// What one file cannot know: that the ids in it stand in the network, at this intersection, and are
// what the file takes them for. `path` is the file; faults name its line.
[[nodiscard]] Done check_against_network(const IntersectionConfig& config, const Network& network,
                                         const std::filesystem::path& path);
[[nodiscard]] Done check_against_network(const CameraConfig& camera, const Network& network,
                                         const std::filesystem::path& path);

}  // namespace chorraha::city
