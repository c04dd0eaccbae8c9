#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "traffic/intersection.hpp"
#include "traffic/result.hpp"

namespace chorraha {

// intersections/ID.toml: everything a controller and its monitor must know of one intersection;
// a commented example is config/intersection.example.toml. Durations are seconds in steps of 0.1;
// pairs of groups that no list names are compatible, with an intergreen of 0.
// Faults: bad_input with file, line, value seen and value allowed; unknown keys are faults, and so
// is what IntersectionConfig::make refuses.

[[nodiscard]] Result<IntersectionConfig> read_intersection(const std::filesystem::path& path);
/// `file` names the text in faults.
[[nodiscard]] Result<IntersectionConfig> read_intersection_text(std::string_view text,
                                                                const std::string& file);
/// The text that `read_intersection_text` reads back to an equal configuration.
[[nodiscard]] std::string intersection_text(const IntersectionConfig& config);

/// The same content as JSON that is equal byte for byte iff the configuration is: keys sorted, no
/// blanks, durations as integers in 0.1 s (`amber_ticks`). What the hash is of (docs/seams.md), and
/// what the monitor keeps as its own copy.
[[nodiscard]] std::string canonical_json(const IntersectionConfig& config);
[[nodiscard]] Result<IntersectionConfig> read_canonical_text(std::string_view text,
                                                             const std::string& file);
[[nodiscard]] Result<IntersectionConfig> read_canonical(const std::filesystem::path& path);

/// BLAKE2b-256 over `canonical_json`.
[[nodiscard]] ConfigHash hash_of(const IntersectionConfig& config);

}  // namespace chorraha
