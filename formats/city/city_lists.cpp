#include "formats/city/city_lists.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "formats/city/table.hpp"
#include "formats/city/toml_text.hpp"

namespace chorraha::city {
namespace {

// Parses, lets `visit` take the whole file apart, and says what went wrong.
Done take_apart(std::string_view text, const std::string& file, const Table::Visit& visit) {
  const Result<Node> node = parse_toml(text, file);
  if (!node) return node.error();
  Reading reading(file);
  {
    Table table(reading, *node, "");
    visit(table);
  }
  return reading.done();
}

std::map<std::string, std::string> names_of(Table& table) {
  std::map<std::string, std::string> names;
  if (!table.has("names")) return names;
  table.table("names", [&](Table& inner) {
    for (const Node& name : inner.whole().entries) names[name.key] = inner.text(name.key);
  });
  return names;
}

std::string names_text(const std::map<std::string, std::string>& names) {
  std::string inner;
  for (const auto& [language, name] : names) {
    inner +=
        fmt::format("{} {} = {}", inner.empty() ? "" : ",", toml_text(language), toml_text(name));
  }
  return inner.empty() ? "" : fmt::format("names = {{{} }}\n", inner);
}

void refuse_unknown(Table& table, const char* key, const Network& network, const std::string& id) {
  if (network.find(IntersectionId{id}).valid()) return;
  table.refuse(key, '"' + id + '"', "an intersection of network.json");
}

}  // namespace

Result<std::vector<Asset>> read_assets(std::string_view text, const std::string& file,
                                       const Network& network) {
  std::vector<Asset> assets;
  std::set<std::string> seen;
  const auto read = [&](Table& table) {
    Asset asset;
    const std::string id = table.text("intersection");
    if (table.has("intersection")) refuse_unknown(table, "intersection", network, id);
    if (!seen.insert(id).second)
      table.refuse("intersection", '"' + id + "\" twice", "each intersection once");
    asset.intersection = IntersectionId{id};
    asset.number = table.has("number") ? static_cast<int>(table.integer("number", 0, 1 << 30)) : 0;
    asset.names = names_of(table);
    asset.aliases = table.texts_or_none("aliases");
    asset.owner = table.text_or("owner", "");
    asset.crew = table.text_or("crew", "");
    asset.feed = table.text_or("feed", "");
    asset.switch_name = table.text_or("switch", "");
    assets.push_back(std::move(asset));
  };
  const Done done =
      take_apart(text, file, [&](Table& whole) { whole.each_if_any("assets", read); });
  if (!done) return done.error();
  return assets;
}

std::string assets_text(const std::vector<Asset>& assets) {
  std::string text = "# What people call each intersection, and who looks after it.\n";
  for (const Asset& asset : assets) {
    text += fmt::format("\n[[assets]]\nintersection = {}\nnumber = {}\n",
                        toml_text(asset.intersection.text()), asset.number);
    text += names_text(asset.names);
    if (!asset.aliases.empty()) text += fmt::format("aliases = {}\n", toml_texts(asset.aliases));
    const auto field = [&](const char* key, const std::string& value) {
      if (!value.empty()) text += fmt::format("{} = {}\n", key, toml_text(value));
    };
    field("owner", asset.owner);
    field("crew", asset.crew);
    field("feed", asset.feed);
    field("switch", asset.switch_name);
  }
  return text;
}

Result<std::vector<Group>> read_groups(std::string_view text, const std::string& file,
                                       const Network& network) {
  std::vector<Group> groups;
  std::set<std::string> seen;
  const auto read = [&](Table& table) {
    Group group;
    group.id = table.text("id");
    if (!seen.insert(group.id).second)
      table.refuse("id", '"' + group.id + "\" twice", "each id once");
    group.kind = table.word("kind", group_kind_named, "corridor, section, district, feed, switch");
    group.names = names_of(table);
    for (std::string& id : table.texts("intersections")) {
      refuse_unknown(table, "intersections", network, id);
      group.intersections.emplace_back(std::move(id));
    }
    groups.push_back(std::move(group));
  };
  const Done done =
      take_apart(text, file, [&](Table& whole) { whole.each_if_any("groups", read); });
  if (!done) return done.error();
  return groups;
}

std::string groups_text(const std::vector<Group>& groups) {
  std::string text = "# Named sets of intersections; a corridor is in driving order.\n";
  for (const Group& group : groups) {
    std::vector<std::string> ids;
    ids.reserve(group.intersections.size());
    for (const IntersectionId& id : group.intersections) ids.push_back(id.text());
    text +=
        fmt::format("\n[[groups]]\nid = {}\nkind = {}\n{}intersections = {}\n", toml_text(group.id),
                    toml_text(name_of(group.kind)), names_text(group.names), toml_texts(ids));
  }
  return text;
}

Result<std::vector<Correction>> read_corrections(std::string_view text, const std::string& file) {
  std::vector<Correction> corrections;
  const auto read = [&](Table& table) {
    Correction correction;
    correction.question = table.text("question");
    correction.thing = table.text("thing");
    correction.at = table.point("at_m");
    correction.bearing_deg = table.number_or("bearing_deg", 0, {0, 360});
    correction.street = table.text_or("street", "");
    correction.answer = table.text("answer");
    corrections.push_back(std::move(correction));
  };
  const Done done =
      take_apart(text, file, [&](Table& whole) { whole.each_if_any("corrections", read); });
  if (!done) return done.error();
  return corrections;
}

std::string corrections_text(const std::vector<Correction>& corrections) {
  std::string text = "# People's answers to doubts of an import; kept over the next one.\n";
  for (const Correction& correction : corrections) {
    text += fmt::format(
        "\n[[corrections]]\nquestion = {}\nthing = {}\nat_m = [{}, {}]\nbearing_deg = {}\n"
        "street = {}\nanswer = {}\n",
        toml_text(correction.question), toml_text(correction.thing), toml_number(correction.at.x_m),
        toml_number(correction.at.y_m), toml_number(correction.bearing_deg),
        toml_text(correction.street), toml_text(correction.answer));
  }
  return text;
}

}  // namespace chorraha::city
