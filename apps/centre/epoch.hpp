#pragma once

#include <cstdint>
#include <filesystem>

#include "traffic/result.hpp"

namespace chorraha {

/// Raises the epoch of plan sequences kept in `file` by one, on disk before it is returned: a
/// centre that starts again is newer than any plan it sent before. A missing file begins at 1.
/// Faults: cannot_run if it cannot be written, bad_input if it holds no number.
[[nodiscard]] Result<std::uint64_t> raise_epoch(const std::filesystem::path& file);

}  // namespace chorraha
