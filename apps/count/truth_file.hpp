#pragma once

#include <map>
#include <string>

#include "apps/count/score.hpp"
#include "traffic/result.hpp"

namespace chorraha::count {

/// The spans of a TRUTH.json by name of line. Faults: bad_input, naming file and place.
[[nodiscard]] Result<std::map<std::string, LineTruth>> read_truth(const std::string& path);
[[nodiscard]] Result<std::map<std::string, LineTruth>> read_truth_text(const std::string& text,
                                                                       const std::string& file);

}  // namespace chorraha::count
