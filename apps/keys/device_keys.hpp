#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "messaging/link/keys.hpp"
#include "traffic/ids.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// The names of all keys of one system: the centre's, the street's, and each device's.
[[nodiscard]] std::vector<std::string> device_key_names(std::span<const IntersectionId> controllers,
                                                        std::span<const CameraId> cameras);

struct MadeKeys {
  std::vector<std::string> made;
  std::vector<std::string> kept;  // were there, or are revoked
};
/// Makes those that are absent; never overwrites. Faults: cannot_run naming the file.
[[nodiscard]] Result<MadeKeys> make_device_keys(const std::filesystem::path& folder,
                                                std::span<const std::string> names);

/// By name: role, fingerprint (the public key), mode of the secret's file. No secret is read.
[[nodiscard]] Result<std::vector<KeyEntry>> list_device_keys(const std::filesystem::path& folder);

}  // namespace chorraha
