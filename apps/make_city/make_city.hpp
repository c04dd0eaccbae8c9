#pragma once

#include <string>
#include <vector>

#include "apps/make_city/description.hpp"
#include "formats/city/city_folder.hpp"
#include "traffic/result.hpp"

namespace chorraha::make_city {

/// How loaded one junction is in the peak; for the eyes of whoever writes a description.
struct JunctionLoad {
  std::string id;
  std::string name;
  double entering_veh_per_h = 0;
  double degree_of_saturation = 0;
  std::size_t stages = 0;
};

struct MadeCity {
  City city;
  std::vector<JunctionLoad> loads;
};

/// Draws the whole city. Deterministic: one description, one city.
/// Faults: not_possible where the description asks for what cannot be built or timed.
[[nodiscard]] Result<MadeCity> make_city(const Description& description);

/// A picture of the city from above, for a look.
[[nodiscard]] std::string svg_of(const City& city);

}  // namespace chorraha::make_city
