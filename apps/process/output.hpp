#pragma once

#include <string>
#include <string_view>

#include "traffic/result.hpp"

namespace chorraha {

/// Writes what a command was asked for to a file, or to standard output where `target` is "-".
/// Faults: cannot_run, naming the target, when not all of it was taken (disk full, no such folder).
[[nodiscard]] Done write_output(const std::string& target, std::string_view text);

}  // namespace chorraha
