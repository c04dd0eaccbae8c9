#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/intersection.hpp"
#include "traffic/network.hpp"

namespace chorraha::city {

// Words of our files beyond those of the nouns. Unknown words give nothing.
[[nodiscard]] std::string_view name_of(DetectorUse::Input input);
[[nodiscard]] std::optional<DetectorUse::Input> detector_input_named(std::string_view name);
[[nodiscard]] std::string_view name_of(DetectorUse::Role role);
[[nodiscard]] std::optional<DetectorUse::Role> detector_role_named(std::string_view name);

[[nodiscard]] std::string_view name_of(Detector::Kind kind);
[[nodiscard]] std::optional<Detector::Kind> detector_kind_named(std::string_view name);

[[nodiscard]] std::optional<LensSet> lens_named(std::string_view name);
[[nodiscard]] std::vector<std::string> names_of_lenses(LensSet lenses);

/// 0 = Monday.
inline constexpr const char* weekdays_said = "mon, tue, wed, thu, fri, sat, sun";
[[nodiscard]] std::optional<unsigned> weekday_named(std::string_view name);
[[nodiscard]] std::vector<std::string> names_of_weekdays(std::uint8_t weekdays);

/// "06:30" or "06:30:15" and back; always the shortest form.
[[nodiscard]] std::optional<std::chrono::seconds> second_of_day(std::string_view clock);
[[nodiscard]] std::string clock_text(std::chrono::seconds since_midnight);

}  // namespace chorraha::city
