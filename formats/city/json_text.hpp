#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/network.hpp"

namespace chorraha::city {

// JSON for people's eyes: one record a line, numbers in the shortest form that reads back exactly.
[[nodiscard]] std::string json_text(std::string_view text);
[[nodiscard]] std::string json_number(double number);
[[nodiscard]] std::string json_point(Point point);
[[nodiscard]] std::string json_points(const Polyline& line);
[[nodiscard]] std::string json_texts(const std::vector<std::string>& texts);
/// Items that are JSON already, one a line, indented by `indent` spaces.
[[nodiscard]] std::string json_lines(const std::vector<std::string>& items, int indent);

/// Builds one object on one line.
class JsonObject {
 public:
  JsonObject& raw(std::string_view key, std::string_view json);
  JsonObject& text(std::string_view key, std::string_view text);
  JsonObject& text_if_any(std::string_view key, std::string_view text);
  JsonObject& number(std::string_view key, double number);
  JsonObject& integer(std::string_view key, std::int64_t number);
  JsonObject& flag(std::string_view key, bool flag);
  [[nodiscard]] std::string done() const { return inner_.empty() ? "{}" : "{" + inner_ + "}"; }

 private:
  std::string inner_;
};

}  // namespace chorraha::city
