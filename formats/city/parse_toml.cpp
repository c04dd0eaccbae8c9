#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "formats/city/document.hpp"

namespace chorraha::city {
namespace {

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Node converted(const toml::node& from) {
  Node node;
  node.line = static_cast<int>(from.source().begin.line);
  if (const toml::table* table = from.as_table()) {
    node.kind = Node::Kind::table;
    for (const auto& [key, value] : *table) {
      node.entries.push_back(converted(value));
      node.entries.back().key = std::string(key.str());
    }
  } else if (const toml::array* list = from.as_array()) {
    node.kind = Node::Kind::list;
    for (const toml::node& item : *list) node.items.push_back(converted(item));
  } else if (const auto* flag = from.as_boolean()) {
    node.kind = Node::Kind::flag;
    node.flag = flag->get();
  } else if (const auto* integer = from.as_integer()) {
    node.kind = Node::Kind::integer;
    node.integer = integer->get();
    node.number = static_cast<double>(node.integer);
  } else if (const auto* number = from.as_floating_point()) {
    node.kind = Node::Kind::number;
    node.number = number->get();
  } else {
    node.kind = Node::Kind::text;
    if (const auto* text = from.as_string()) node.text = text->get();
    if (const auto* date = from.as_date()) node.text = printed(date->get());
    if (const auto* time = from.as_time()) node.text = printed(time->get());
    if (const auto* moment = from.as_date_time()) node.text = printed(moment->get());
  }
  return node;
}

}  // namespace

Result<Node> parse_toml(std::string_view text, const std::string& file) {
  try {
    return converted(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    return Fault{Reason::bad_input, fmt::format("{}:{}", file, error.source().begin.line),
                 std::string(error.description()), "TOML 1.0"};
  }
}

}  // namespace chorraha::city
