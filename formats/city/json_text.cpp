#include "formats/city/json_text.hpp"

#include <fmt/format.h>

namespace chorraha::city {

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string json_number(double number) {
  return fmt::format("{}", number);
}

std::string json_point(Point point) {
  return fmt::format("[{},{}]", point.x_m, point.y_m);
}

std::string json_points(const Polyline& line) {
  std::string all = "[";
  for (const Point point : line) all += (all.size() > 1 ? "," : "") + json_point(point);
  return all + "]";
}

std::string json_texts(const std::vector<std::string>& texts) {
  std::string all = "[";
  for (const std::string& text : texts) all += (all.size() > 1 ? "," : "") + json_text(text);
  return all + "]";
}

std::string json_lines(const std::vector<std::string>& items, int indent) {
  if (items.empty()) return "[]";
  std::string all = "[";
  for (const std::string& item : items)
    all += fmt::format("{}\n{:{}}{}", all.size() > 1 ? "," : "", "", indent, item);
  return all + fmt::format("\n{:{}}]", "", indent - 1);
}

JsonObject& JsonObject::raw(std::string_view key, std::string_view json) {
  inner_ += fmt::format("{}{}:{}", inner_.empty() ? "" : ",", json_text(key), json);
  return *this;
}
JsonObject& JsonObject::text(std::string_view key, std::string_view text) {
  return raw(key, json_text(text));
}
JsonObject& JsonObject::text_if_any(std::string_view key, std::string_view text) {
  return text.empty() ? *this : raw(key, json_text(text));
}
JsonObject& JsonObject::number(std::string_view key, double number) {
  return raw(key, json_number(number));
}
JsonObject& JsonObject::integer(std::string_view key, std::int64_t number) {
  return raw(key, fmt::format("{}", number));
}
JsonObject& JsonObject::flag(std::string_view key, bool flag) {
  return raw(key, flag ? "true" : "false");
}

}  // namespace chorraha::city
