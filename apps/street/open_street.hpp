#pragma once

#include <cstdint>
#include <memory>

#include "apps/street/traffic_thread.hpp"
#include "formats/city/city_folder.hpp"
#include "formats/sumo/sumo_config.hpp"
#include "traffic/time.hpp"

namespace chorraha {

/// The built-in street with the city's demand. It runs 600 s ahead on the folder's timetables, so
/// that nobody ever sees an empty city.
[[nodiscard]] StreetOpener built_in_street(std::shared_ptr<const City> city, Instant now,
                                           std::uint64_t seed);

/// SUMO with the scenario's demand, on the scenario's clock: at its begin when that is now, else up
/// to 600 s ago, and on from there on the folder's timetables.
[[nodiscard]] StreetOpener sumo_street(std::shared_ptr<const City> city, sumo::SumoConfig config,
                                       Instant now, std::uint64_t seed);

}  // namespace chorraha
