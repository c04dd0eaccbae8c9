#include "formats/sumo/xml_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace chorraha::sumo {
namespace {

bool read_number(std::string_view text, double& number) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
}

std::vector<std::string_view> pieces(std::string_view text, char separator) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::size_t line_of(const std::string& bytes, std::ptrdiff_t offset) {
  const auto end = std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(bytes.size()));
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + end, '\n'));
}

}  // namespace

Result<XmlFile> XmlFile::load(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return Fault{Reason::bad_input, file.string(),
                 std::filesystem::exists(file, error) ? "no file" : "nothing there",
                 "an XML file of SUMO"};
  }
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream.good() && !stream.eof())
    return Fault{Reason::bad_input, file.string(), "cannot be read", "a readable file"};
  return parse(file.string(), std::move(bytes));
}

Result<XmlFile> XmlFile::parse(std::string name, std::string bytes) {
  XmlFile xml;
  xml.name_ = std::move(name);
  xml.bytes_ = std::move(bytes);
  if (xml.bytes_.starts_with("\x1f\x8b"))
    return Fault{Reason::bad_input, xml.name_, "a gzip file", "plain XML (unpack it first)"};
  xml.document_ = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed =
      xml.document_->load_buffer(xml.bytes_.data(), xml.bytes_.size());
  if (!parsed) {
    return Fault{Reason::bad_input,
                 fmt::format("{}:{}", xml.name_, line_of(xml.bytes_, parsed.offset)),
                 parsed.description(), "well-formed XML"};
  }
  return xml;
}

std::string XmlFile::place(const pugi::xml_node& node) const {
  return fmt::format("{}:{}", name_, line_of(bytes_, node.offset_debug()));
}

Fault XmlFile::fault(const pugi::xml_node& node, const char* attribute,
                     const std::string& allowed) const {
  const pugi::xml_attribute found = node.attribute(attribute);
  return Fault{Reason::bad_input, fmt::format("{} <{}> {}", place(node), node.name(), attribute),
               found ? fmt::format("\"{}\"", found.value()) : "nothing", allowed};
}

Result<std::string> XmlFile::text(const pugi::xml_node& node, const char* attribute) const {
  std::string value = node.attribute(attribute).value();
  if (value.empty()) return fault(node, attribute, "a text");
  return value;
}

Result<double> XmlFile::number(const pugi::xml_node& node, const char* attribute) const {
  double value = 0;
  if (!read_number(node.attribute(attribute).value(), value))
    return fault(node, attribute, "a number");
  return value;
}

Result<int> XmlFile::whole(const pugi::xml_node& node, const char* attribute) const {
  const std::string_view text = node.attribute(attribute).value();
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return fault(node, attribute, "a whole number");
  return value;
}

Result<Polyline> XmlFile::shape(const pugi::xml_node& node, std::size_t least) const {
  Polyline line;
  for (const std::string_view place : pieces(node.attribute("shape").value(), ' ')) {
    const std::vector<std::string_view> numbers = pieces(place, ',');
    Point point;
    if (numbers.size() < 2 || !read_number(numbers[0], point.x_m) ||
        !read_number(numbers[1], point.y_m)) {
      return fault(node, "shape", "points \"x,y x,y\"");
    }
    line.push_back(point);
  }
  if (line.size() < least)
    return fault(node, "shape", fmt::format("at least {} points \"x,y x,y\"", least));
  return line;
}

Result<double> seconds_in(const std::string& text) {
  const auto fault = [&text] {
    return Fault{Reason::bad_input, "time", text, "seconds or [days:]hh:mm:ss"};
  };
  const std::vector<std::string_view> parts = pieces(text, ':');
  constexpr double to_next[] = {1, 60, 60, 24};
  if (parts.empty() || parts.size() == 2 || parts.size() > 4) return fault();
  double unit_s = 1;
  double sum_s = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    double value = 0;
    if (!read_number(parts[parts.size() - 1 - i], value)) return fault();
    unit_s *= to_next[i];
    sum_s += value * unit_s;
  }
  return sum_s;
}

}  // namespace chorraha::sumo
