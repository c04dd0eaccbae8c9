#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/city/document.hpp"
#include "traffic/network.hpp"
#include "traffic/result.hpp"
#include "traffic/time.hpp"

namespace chorraha::city {

/// The reading of one file: keeps its first fault, while the rest is read with stand-ins that
/// nobody uses once `done` has said no.
class Reading {
 public:
  explicit Reading(std::string file) : file_(std::move(file)) {}

  void refuse(int line, const std::string& path, std::string seen, std::string allowed);
  [[nodiscard]] bool failed() const { return fault_.has_value(); }
  [[nodiscard]] Done done() const;

 private:
  std::string file_;
  std::optional<Fault> fault_;
};

struct Range {
  double least = std::numeric_limits<double>::lowest();
  double most = std::numeric_limits<double>::max();
};

/// One table of a file, by key. Every wrong value is refused with file, line, path, the value seen
/// and the value allowed; so is, when the table goes out of scope, every key nobody asked for.
class Table {
 public:
  using Visit = std::function<void(Table&)>;

  /// `path` names the table in faults; empty for the whole file. A node that is no table is a
  /// fault.
  Table(Reading& reading, const Node& node, std::string path);
  ~Table();
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  Table(Table&&) = delete;
  Table& operator=(Table&&) = delete;

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] int line() const { return node_.line; }

  // Required: absent is a fault.
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] double number(std::string_view key, Range range = {});
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
  [[nodiscard]] bool flag(std::string_view key);
  [[nodiscard]] Ticks seconds(std::string_view key);  // steps of 0.1 s, 0 to 3600
  [[nodiscard]] Point point(std::string_view key);    // [x, y]
  [[nodiscard]] Polyline polyline(std::string_view key, std::size_t points_least);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  void table(std::string_view key, const Visit& visit);
  void each(std::string_view key, const Visit& visit);  // a list of tables
  /// The raw value; nullptr (and a fault) if absent.
  [[nodiscard]] const Node* value(std::string_view key);

  // Optional.
  [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise);
  [[nodiscard]] double number_or(std::string_view key, double otherwise, Range range = {});
  [[nodiscard]] bool flag_or(std::string_view key, bool otherwise);
  [[nodiscard]] Ticks seconds_or(std::string_view key, Ticks otherwise);
  [[nodiscard]] std::vector<std::string> texts_or_none(std::string_view key);
  void each_if_any(std::string_view key, const Visit& visit);

  /// A word of a fixed list: `named` knows them, `allowed` says them.
  template <class E>
  [[nodiscard]] E word(std::string_view key, std::optional<E> (*named)(std::string_view),
                       const char* allowed) {
    const Node* node = value(key);
    if (node == nullptr) return E{};
    std::optional<E> found;
    if (node->kind == Node::Kind::text) found = named(node->text);
    if (!found) refuse(key, node->shown(), allowed);
    return found.value_or(E{});
  }

  /// Refuses the value of `key` (or the table itself if the key is absent).
  void refuse(std::string_view key, std::string seen, std::string allowed);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] Reading& reading() { return reading_; }
  /// Every key counts as asked for: the reader goes over entries itself.
  [[nodiscard]] const Node& whole();

 private:
  Reading& reading_;
  const Node& node_;
  std::string path_;
  std::vector<std::string> asked_;
  std::optional<std::string> missing_;
  bool whole_ = false;
};

/// One `[x, y]`; refused at `path` if it is none.
[[nodiscard]] Point point_of(Reading& reading, const Node& node, const std::string& path);

}  // namespace chorraha::city
