#include "formats/city/table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chorraha::city {
namespace {

bool is_number(const Node& node) {
  return (node.kind == Node::Kind::number || node.kind == Node::Kind::integer) &&
         std::isfinite(node.number);
}

std::string said(Range range) {
  const Range all;
  if (range.least == all.least && range.most == all.most) return "a number";
  if (range.most == all.most) return fmt::format("at least {}", range.least);
  return fmt::format("{} to {}", range.least, range.most);
}

}  // namespace

void Reading::refuse(int line, const std::string& path, std::string seen, std::string allowed) {
  if (fault_) return;
  fault_ = Fault{
      Reason::bad_input,
      path.empty() ? fmt::format("{}:{}", file_, line) : fmt::format("{}:{} {}", file_, line, path),
      std::move(seen), std::move(allowed)};
}

Done Reading::done() const {
  if (fault_) return *fault_;
  return {};
}

Table::Table(Reading& reading, const Node& node, std::string path)
    : reading_(reading), node_(node), path_(std::move(path)) {
  if (node_.kind == Node::Kind::table) return;
  reading_.refuse(node_.line, path_, node_.shown(), "a table");
  whole_ = true;
}

// An unknown key is said before a missing one: it is mostly that one, misspelt.
Table::~Table() {
  if (reading_.failed()) return;
  for (const Node& entry : node_.entries) {
    if (whole_ || std::ranges::find(asked_, entry.key) != asked_.end()) continue;
    reading_.refuse(entry.line, path_of(entry.key), "an unknown key",
                    fmt::format("{}", fmt::join(asked_, ", ")));
    return;
  }
  if (missing_) reading_.refuse(node_.line, path_of(*missing_), "nothing", "a value: it is needed");
}

std::string Table::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void Table::refuse(std::string_view key, std::string seen, std::string allowed) {
  const Node* node = node_.find(key);
  reading_.refuse(node != nullptr ? node->line : node_.line, path_of(key), std::move(seen),
                  std::move(allowed));
}

const Node& Table::whole() {
  whole_ = true;
  return node_;
}

bool Table::has(std::string_view key) {
  if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
  return node_.find(key) != nullptr;
}

const Node* Table::value(std::string_view key) {
  if (has(key)) return node_.find(key);
  if (!missing_) missing_ = std::string(key);
  return nullptr;
}

std::string Table::text(std::string_view key) {
  const Node* node = value(key);
  if (node == nullptr) return {};
  if (node->kind != Node::Kind::text) refuse(key, node->shown(), "a text in quotes");
  return node->text;
}

double Table::number(std::string_view key, Range range) {
  const Node* node = value(key);
  if (node == nullptr) return 0;
  if (!is_number(*node) || node->number < range.least || node->number > range.most)
    refuse(key, node->shown(), said(range));
  return node->number;
}

std::int64_t Table::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const Node* node = value(key);
  if (node == nullptr) return least;
  if (node->kind != Node::Kind::integer || node->integer < least || node->integer > most) {
    refuse(key, node->shown(), fmt::format("a whole number, {} to {}", least, most));
    return least;
  }
  return node->integer;
}

bool Table::flag(std::string_view key) {
  const Node* node = value(key);
  if (node == nullptr) return false;
  if (node->kind != Node::Kind::flag) refuse(key, node->shown(), "true or false");
  return node->flag;
}

Ticks Table::seconds(std::string_view key) {
  constexpr double ticks_max = 36000;
  constexpr double rounding = 1e-6;  // 0.3 in binary is no multiple of 0.1
  const Node* node = value(key);
  if (node == nullptr) return Ticks{0};
  const double ticks = node->number * 10;
  if (!is_number(*node) || ticks < 0 || ticks > ticks_max ||
      std::abs(ticks - std::round(ticks)) > rounding) {
    refuse(key, node->shown(), "0 to 3600 s in steps of 0.1");
    return Ticks{0};
  }
  return Ticks{std::llround(ticks)};
}

Point point_of(Reading& reading, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::list || node.items.size() != 2 || !is_number(node.items[0]) ||
      !is_number(node.items[1])) {
    reading.refuse(node.line, path, node.shown(), "[x, y]");
    return {};
  }
  return {node.items[0].number, node.items[1].number};
}

Point Table::point(std::string_view key) {
  const Node* node = value(key);
  return node == nullptr ? Point{} : point_of(reading_, *node, path_of(key));
}

Polyline Table::polyline(std::string_view key, std::size_t points_least) {
  Polyline line;
  const Node* node = value(key);
  if (node == nullptr) return line;
  if (node->kind != Node::Kind::list || node->items.size() < points_least)
    refuse(key, node->shown(), fmt::format("a list of at least {} points [x, y]", points_least));
  for (const Node& item : node->items) line.push_back(point_of(reading_, item, path_of(key)));
  return line;
}

std::vector<std::string> Table::texts(std::string_view key) {
  std::vector<std::string> all;
  const Node* node = value(key);
  if (node == nullptr) return all;
  if (node->kind != Node::Kind::list) refuse(key, node->shown(), "a list of texts");
  for (const Node& item : node->items) {
    if (item.kind != Node::Kind::text)
      reading_.refuse(item.line, path_of(key), item.shown(), "a text in quotes");
    all.push_back(item.text);
  }
  return all;
}

void Table::table(std::string_view key, const Visit& visit) {
  const Node* node = value(key);
  if (node == nullptr) return;
  Table inner(reading_, *node, path_of(key));
  if (node->kind == Node::Kind::table) visit(inner);
}

void Table::each(std::string_view key, const Visit& visit) {
  const Node* node = value(key);
  if (node == nullptr) return;
  if (node->kind != Node::Kind::list) refuse(key, node->shown(), "a list of tables");
  for (std::size_t i = 0; i < node->items.size() && !reading_.failed(); ++i) {
    Table inner(reading_, node->items[i], fmt::format("{}[{}]", path_of(key), i));
    if (node->items[i].kind == Node::Kind::table) visit(inner);
  }
}

std::string Table::text_or(std::string_view key, std::string otherwise) {
  return has(key) ? text(key) : std::move(otherwise);
}
double Table::number_or(std::string_view key, double otherwise, Range range) {
  return has(key) ? number(key, range) : otherwise;
}
bool Table::flag_or(std::string_view key, bool otherwise) {
  return has(key) ? flag(key) : otherwise;
}
Ticks Table::seconds_or(std::string_view key, Ticks otherwise) {
  return has(key) ? seconds(key) : otherwise;
}
std::vector<std::string> Table::texts_or_none(std::string_view key) {
  return has(key) ? texts(key) : std::vector<std::string>{};
}
void Table::each_if_any(std::string_view key, const Visit& visit) {
  if (has(key)) each(key, visit);
}

}  // namespace chorraha::city
