#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "traffic/camera.hpp"
#include "traffic/intersection.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::city {

// What one file cannot know: that the ids in it stand in the network, at this intersection, and are
// what the file takes them for; and that each walk has time to clear: I[walk][vehicles] at least
// the crossing's length at 1.2 m/s (SAFETY.md A14), and no vehicles over a walk, nor ways that
// cross, in compatible groups (profile research: may be). `path` is the file; faults name its line.
[[nodiscard]] Done check_against_network(const IntersectionConfig& config, const Network& network,
                                         const std::filesystem::path& path);
[[nodiscard]] Done check_against_network(const CameraConfig& camera, const Network& network,
                                         const std::filesystem::path& path);

// What is legal and still wants a second look by who accepts it: red clearance under 1 s between
// conflicting groups in profile nema (SAFETY.md A8). Others go by distances (A9), where it is
// common.
[[nodiscard]] std::vector<std::string> warnings_of(const IntersectionConfig& config);

}  // namespace chorraha::city
