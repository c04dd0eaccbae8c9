#include "sim/sumo/departures.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>
#include <system_error>

#include <pugixml.hpp>

namespace chorraha::sumo {
namespace {

constexpr int includes_max = 8;
constexpr double time_max_s = 1e9;

// Seconds or [days:]hours:minutes:seconds.
std::optional<Milliseconds> time_in(std::string_view text) {
  std::array<double, 4> parts{};
  std::size_t count = 0;
  while (!text.empty() && count < parts.size()) {
    const std::span<const char> letters(text);
    const auto [end, error] =
        std::from_chars(letters.data(), letters.data() + letters.size(), parts[count]);
    if (error != std::errc{} || !std::isfinite(parts[count++])) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(':')) text.remove_prefix(1);
  }
  if (!text.empty() || count == 0 || count == 2) return std::nullopt;
  double time_s = parts[0];
  if (count == 3) time_s = (parts[0] * 60 + parts[1]) * 60 + parts[2];
  if (count == 4) time_s = ((parts[0] * 24 + parts[1]) * 60 + parts[2]) * 60 + parts[3];
  if (std::abs(time_s) > time_max_s) return std::nullopt;
  return Milliseconds{std::llround(time_s * 1000)};
}

}  // namespace

Departures::Departures(const std::vector<std::filesystem::path>& files) {
  for (const std::filesystem::path& file : files) read(file, 0);
}

void Departures::read(const std::filesystem::path& file, int depth) {
  pugi::xml_document document;
  if (depth > includes_max || !document.load_file(file.c_str())) return;
  for (const pugi::xml_node& node : document.document_element().children()) {
    const std::string_view name = node.name();
    if (name == "include") read(file.parent_path() / node.attribute("href").value(), depth + 1);
    if (name != "vehicle" && name != "trip") continue;
    if (const auto time = time_in(node.attribute("depart").value()))
      by_id_.emplace(node.attribute("id").value(), *time);
  }
}

std::optional<Milliseconds> Departures::of(const std::string& id) const {
  auto found = by_id_.find(id);
  if (found == by_id_.end()) found = by_id_.find(id.substr(0, id.rfind('.')));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace chorraha::sumo
