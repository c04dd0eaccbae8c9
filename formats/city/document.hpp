#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/result.hpp"

namespace chorraha::city {

/// A value of a TOML or JSON file with the line it stands on: one shape for both, so that every
/// reader says file and line. Dates of TOML are texts as they were written.
struct Node {
  enum class Kind : std::uint8_t { nothing, flag, integer, number, text, list, table };
  Kind kind = Kind::nothing;
  std::string key;  // of an entry of a table
  int line = 0;     // from 1
  bool flag = false;
  std::int64_t integer = 0;
  double number = 0;  // of an integer too
  std::string text;
  std::vector<Node> items;
  std::vector<Node> entries;  // with keys, in the order of the file (TOML: sorted)

  /// nullptr if absent.
  [[nodiscard]] const Node* find(std::string_view name) const;
  /// What a fault shows as seen: `2.5`, `"abc"`, `a list of 3`.
  [[nodiscard]] std::string shown() const;
};

/// Faults: bad_input with file and line. Deeper than 64 levels or a key twice is a fault.
/// `file` names the text in faults only.
[[nodiscard]] Result<Node> parse_json(std::string_view text, const std::string& file);
[[nodiscard]] Result<Node> parse_toml(std::string_view text, const std::string& file);

/// Faults: bad_input if the file cannot be read or is larger than 512 MiB.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path);
/// Writes beside and renames, so that a reader sees the old file or the new one.
/// Faults: cannot_run if the disk refuses.
[[nodiscard]] Done write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace chorraha::city
