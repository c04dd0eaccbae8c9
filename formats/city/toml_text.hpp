#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chorraha::city {

/// A basic TOML string, quoted and escaped.
[[nodiscard]] std::string toml_text(std::string_view text);
/// `["a", "b"]`
[[nodiscard]] std::string toml_texts(const std::vector<std::string>& texts);
/// A number that TOML reads back as the same double: always with a point or exponent.
[[nodiscard]] std::string toml_number(double number);

}  // namespace chorraha::city
