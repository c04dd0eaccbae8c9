#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/city/city_folder.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::city {

// The small TOML files of a city folder. `file` names the text in faults.

/// city.toml without the streets.
struct Title {
  std::string name;
  std::vector<std::string> languages;
  Origin origin;
  Zone zone;
  std::chrono::year_month_day date{};
};
class Table;
/// Takes the keys of city.toml out of a file that may hold more.
[[nodiscard]] Title title_of(Table& whole);
[[nodiscard]] Result<Title> read_title(std::string_view text, const std::string& file);
[[nodiscard]] std::string title_text(const Title& title);

[[nodiscard]] Result<std::vector<Asset>> read_assets(std::string_view text, const std::string& file,
                                                     const Network& network);
[[nodiscard]] std::string assets_text(const std::vector<Asset>& assets);

[[nodiscard]] Result<std::vector<Group>> read_groups(std::string_view text, const std::string& file,
                                                     const Network& network);
[[nodiscard]] std::string groups_text(const std::vector<Group>& groups);

[[nodiscard]] Result<std::vector<Correction>> read_corrections(std::string_view text,
                                                               const std::string& file);
[[nodiscard]] std::string corrections_text(const std::vector<Correction>& corrections);

}  // namespace chorraha::city
