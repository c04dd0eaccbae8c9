#include "formats/city/document.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace chorraha::city {

const Node* Node::find(std::string_view name) const {
  const auto found = std::ranges::find(entries, name, &Node::key);
  return found == entries.end() ? nullptr : &*found;
}

std::string Node::shown() const {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::flag:
      return flag ? "true" : "false";
    case Kind::integer:
      return fmt::format("{}", integer);
    case Kind::number:
      return fmt::format("{}", number);
    case Kind::text:
      return fmt::format("\"{}\"", text.size() > 80 ? text.substr(0, 80) + "…" : text);
    case Kind::list:
      return fmt::format("a list of {}", items.size());
    case Kind::table:
      return "a table";
  }
  return "nothing";
}

Result<std::string> read_text(const std::filesystem::path& path) {
  constexpr std::uintmax_t bytes_max = 512ULL << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Fault{Reason::bad_input, path.string(), "no such file", "a readable file"};
  }
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes > bytes_max) {
    return Fault{Reason::bad_input, path.string(),
                 error ? error.message() : fmt::format("{} bytes", bytes),
                 fmt::format("a readable file of at most {} bytes", bytes_max)};
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(bytes, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(bytes)))
    return Fault{Reason::bad_input, path.string(), "not readable", "a readable file"};
  return text;
}

Done write_text(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path beside = path.string() + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Fault{Reason::cannot_run, beside.string(), "not written", "a writable folder"};
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) return Fault{Reason::cannot_run, path.string(), error.message(), "a writable folder"};
  return {};
}

}  // namespace chorraha::city
