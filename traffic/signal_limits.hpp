#pragma once

// Inside traffic only: between which values SAFETY.md lets the times of an intersection be. The
// table for people is in README.md, "Limits".

#include <string>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// One time of a configuration, the least and the most that it may be, and the rule that says so.
struct TimeLimit {
  std::string key;  // as in the file
  Ticks seen{0};
  Ticks least{0};
  Ticks most{0};
  const char* rule = "";
};

/// Of group g; a walk with a button may be shorter (A13).
[[nodiscard]] std::vector<TimeLimit> limits_of_group(const IntersectionParts& parts, std::size_t g);
/// Of I[a][b]; the matrices are square. A pair that needs none has none: F.
[[nodiscard]] TimeLimit limit_of_intergreen(const IntersectionParts& parts, std::size_t a,
                                            std::size_t b);
[[nodiscard]] std::vector<TimeLimit> limits_of_start_up(const IntersectionParts& parts);
/// Without these a group could not be watched: its red by B3, its amber by B5.
[[nodiscard]] LensSet lenses_needed(const SignalGroup& group);

}  // namespace chorraha
