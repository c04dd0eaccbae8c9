#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "formats/city/intersection_file.hpp"
#include "formats/city/table.hpp"
#include "formats/city/words.hpp"

namespace chorraha {
namespace {

using city::Node;
using city::Reading;
using city::Table;

/// TOML for people has seconds (`amber_s = 3.0`), canonical JSON has ticks (`"amber_ticks":30`).
enum class Times { seconds, ticks };

class Reader {
 public:
  Reader(Table& file, Times times) : file_(file), times_(times) {}

  IntersectionParts read() {
    parts_.id = IntersectionId{file_.text("id")};
    parts_.profile = file_.word("profile", profile_named, "gost, europe, nema, research");
    parts_.silence_max = Milliseconds{file_.integer("silence_max_ms", 100, 2000)};
    file_.table("start_up", [this](Table& table) {
      parts_.start_up.flash = span(table, "flash");
      parts_.start_up.amber = span(table, "amber");
      parts_.start_up.all_red = span(table, "all_red");
    });
    file_.each("groups", [this](Table& table) { read_group(table); });
    read_pairs();
    read_intergreens();
    file_.each("stages", [this](Table& table) {
      const std::string id = table.text("id");
      parts_.stages.push_back({StageId{id}, groups_of(table, "green")});
    });
    file_.each_if_any("timetables", [this](Table& table) { read_timetable(table); });
    file_.each_if_any("day_plan", [this](Table& table) { read_day_plan(table); });
    file_.each_if_any("detectors", [this](Table& table) { read_detector(table); });
    return std::move(parts_);
  }

 private:
  Ticks span(Table& table, const std::string& name) {
    if (times_ == Times::seconds) return table.seconds(name + "_s");
    return Ticks{table.integer(name + "_ticks", 0, 36000)};
  }
  Ticks span_or(Table& table, const std::string& name, Ticks otherwise) {
    return table.has(name + (times_ == Times::seconds ? "_s" : "_ticks")) ? span(table, name)
                                                                          : otherwise;
  }

  void read_group(Table& table) {
    SignalGroup group;
    group.id = GroupId{table.text("id")};
    group.type = table.word("type", group_type_named, "vehicle, arrow, pedestrian, cycle, tram");
    const bool walks = group.type == GroupType::pedestrian;
    group.lenses = walks ? lens_red | lens_green : lens_red | lens_amber | lens_green;
    if (table.has("lenses")) group.lenses = lenses_of_words(table);
    group.red_amber = span_or(table, "red_amber", group.red_amber);
    group.flashing_green = span_or(table, "flashing_green", group.flashing_green);
    group.amber = span(table, "amber");
    group.min_green = span(table, "min_green");
    group.max_green = span_or(table, "max_green", group.max_green);
    group.min_red = span_or(table, "min_red", group.min_red);
    group.turn_on_red = table.flag_or("turn_on_red", false);
    for (std::string& id : table.texts_or_none("movements"))
      group.movements.emplace_back(std::move(id));
    for (std::string& id : table.texts_or_none("crossings"))
      group.crossings.emplace_back(std::move(id));
    if (parts_.groups.size() >= GroupSet::capacity) {
      table.refuse("id", fmt::format("more than {} groups", GroupSet::capacity),
                   fmt::format("at most {}", GroupSet::capacity));
      return;
    }
    parts_.groups.push_back(std::move(group));
  }

  static LensSet lenses_of_words(Table& table) {
    LensSet lenses = lens_none;
    for (const std::string& word : table.texts("lenses")) {
      const auto lens = city::lens_named(word);
      if (!lens) table.refuse("lenses", '"' + word + '"', "red, amber, green");
      lenses = static_cast<LensSet>(lenses | lens.value_or(lens_none));
    }
    return lenses;
  }

  std::optional<std::size_t> group_named(const std::string& id) {
    const auto found = std::ranges::find(parts_.groups, GroupId{id}, &SignalGroup::id);
    if (found == parts_.groups.end()) return std::nullopt;
    return static_cast<std::size_t>(found - parts_.groups.begin());
  }

  // A fault at `node` unless `id` is one of this intersection's groups.
  std::optional<std::size_t> group_at(const Node& node, const std::string& id,
                                      const std::string& path) {
    const auto group = group_named(id);
    if (!group)
      file_.reading().refuse(node.line, path, '"' + id + '"', "a group of this intersection");
    return group;
  }

  GroupSet groups_of(Table& table, const char* key) {
    GroupSet set;
    for (const std::string& id : table.texts(key)) {
      const auto group = group_named(id);
      if (group) {
        set.insert(GroupIndex{*group});
      } else {
        table.refuse(key, '"' + id + '"', "groups of this intersection");
      }
    }
    return set;
  }

  void read_pairs() {
    const std::size_t n = parts_.groups.size();
    parts_.relations.assign(n, std::vector<Relation>(n, Relation::compatible));
    read_pairs("conflicts", Relation::conflict, Relation::conflict);
    read_pairs("yields", Relation::yields, Relation::yielded_to);
    read_pairs("same_stream", Relation::same_stream, Relation::same_stream);
  }

  void read_pairs(const char* key, Relation there, Relation back) {
    if (!file_.has(key)) return;
    const Node* list = file_.value(key);
    if (list->kind != Node::Kind::list) file_.refuse(key, list->shown(), "a list of pairs");
    for (const Node& pair : list->items) {
      if (pair.items.size() != 2 || pair.items[0].kind != Node::Kind::text ||
          pair.items[1].kind != Node::Kind::text) {
        file_.reading().refuse(pair.line, key, pair.shown(), "a pair of groups [\"a\", \"b\"]");
        return;
      }
      const auto a = group_at(pair, pair.items[0].text, key);
      const auto b = group_at(pair, pair.items[1].text, key);
      if (!a || !b) return;
      if (*a == *b || parts_.relations[*a][*b] != Relation::compatible) {
        file_.reading().refuse(
            pair.line, key, fmt::format("{} with {} again", pair.items[0].text, pair.items[1].text),
            "each pair of two groups in one list, once");
        return;
      }
      parts_.relations[*a][*b] = there;
      parts_.relations[*b][*a] = back;
    }
  }

  void read_intergreens() {
    const std::string key = times_ == Times::seconds ? "intergreen_s" : "intergreen_ticks";
    const std::size_t n = parts_.groups.size();
    parts_.intergreen.assign(n, std::vector<Ticks>(n, Ticks{0}));
    if (!file_.has(key)) return;
    file_.table(key, [&](Table& rows) {
      for (const Node& row : rows.whole().entries) read_intergreens_of(rows, row);
    });
  }

  void read_intergreens_of(Table& rows, const Node& row) {
    const auto a = group_at(row, row.key, rows.path_of(row.key));
    Table ends(file_.reading(), row, rows.path_of(row.key));
    for (const Node& end : ends.whole().entries) {
      const auto b = group_at(end, end.key, ends.path_of(end.key));
      if (!a || !b) return;
      parts_.intergreen[*a][*b] =
          times_ == Times::seconds ? ends.seconds(end.key) : Ticks{ends.integer(end.key, 0, 36000)};
    }
  }

  void read_timetable(Table& table) {
    Timetable timetable;
    timetable.id = TimetableId{table.text("id")};
    timetable.cycle = span(table, "cycle");
    timetable.offset = span_or(table, "offset", Ticks{0});
    table.each("steps", [&](Table& row) {
      TimetableStep step;
      const std::string stage = row.text("stage");
      const auto found = std::ranges::find(parts_.stages, StageId{stage}, &Stage::id);
      if (found == parts_.stages.end())
        row.refuse("stage", '"' + stage + '"', "a stage of this intersection");
      step.stage = StageIndex{static_cast<std::size_t>(found - parts_.stages.begin())};
      step.end_earliest = span(row, "end_earliest");
      step.end_latest = span(row, "end_latest");
      step.skippable = row.flag_or("skippable", false);
      timetable.steps.push_back(step);
    });
    if (!timetable_ids_.insert(timetable.id.text()).second)
      table.refuse("id", '"' + timetable.id.text() + "\" twice", "each id once");
    parts_.timetables.push_back(std::move(timetable));
  }

  void read_day_plan(Table& table) {
    DayPlanEntry entry;
    const std::string from = table.text("from");
    const auto second = city::second_of_day(from);
    if (table.has("from") && !second)
      table.refuse("from", '"' + from + '"', "\"hh:mm\" or \"hh:mm:ss\"");
    entry.from = second.value_or(std::chrono::seconds{0});
    if (table.has("weekdays")) {
      entry.weekdays = 0;
      for (const std::string& word : table.texts("weekdays")) {
        const auto day = city::weekday_named(word);
        if (!day) table.refuse("weekdays", '"' + word + '"', city::weekdays_said);
        entry.weekdays = static_cast<std::uint8_t>(entry.weekdays | 1U << day.value_or(0));
      }
    }
    const std::string id = table.text("timetable");
    const auto found = std::ranges::find(parts_.timetables, TimetableId{id}, &Timetable::id);
    if (found == parts_.timetables.end())
      table.refuse("timetable", '"' + id + '"', "a timetable of this intersection");
    entry.timetable = TimetableIndex{static_cast<std::size_t>(found - parts_.timetables.begin())};
    parts_.day_plan.push_back(entry);
  }

  void read_detector(Table& table) {
    DetectorUse use;
    use.id = DetectorId{table.text("id")};
    use.input = table.word("input", city::detector_input_named, "driver, camera");
    use.role = table.word("role", city::detector_role_named, "call_and_extend, count_only, button");
    use.calls = groups_of(table, "calls");
    parts_.detectors.push_back(std::move(use));
  }

  Table& file_;
  Times times_;
  IntersectionParts parts_;
  std::set<std::string> timetable_ids_;
};

/// The line that a fault of IntersectionConfig::make is about: it names "group ID KEY" and the
/// like. Outer things first: a timetable's fault names a stage too.
int line_about(const Node& file, const std::string& thing) {
  using Section = std::pair<const char*, const char*>;
  constexpr std::array<Section, 4> sections{{{"timetables", "timetable"},
                                             {"detectors", "detector"},
                                             {"groups", "group"},
                                             {"stages", "stage"}}};
  const std::string padded = thing + ' ';
  const std::string last = thing.substr(thing.rfind(' ') + 1);
  const auto names = [&](const std::string& words) {
    return padded.find(' ' + words + ' ') != std::string::npos;
  };
  for (const auto& [section, word] : sections) {
    const Node* list = file.find(section);
    if (list == nullptr) continue;
    for (const Node& entry : list->items) {
      const Node* id = entry.find("id");
      if (id == nullptr || !names(word + (' ' + id->text))) continue;
      const Node* key = entry.find(last);
      return key != nullptr ? key->line : entry.line;
    }
  }
  for (const Node& value : file.entries) {
    if (!names(value.key) && !names(value.key.substr(0, value.key.rfind("_s")))) continue;
    const Node* inner = value.find(last);
    return inner != nullptr ? inner->line : value.line;
  }
  return 1;
}

Result<IntersectionConfig> read_as(const Result<Node>& node, const std::string& file, Times times) {
  if (!node) return node.error();
  Reading reading(file);
  IntersectionParts parts;
  {
    Table table(reading, *node, "");
    parts = Reader(table, times).read();
  }
  if (const Done done = reading.done(); !done) return done.error();
  auto config = IntersectionConfig::make(std::move(parts));
  if (config) return config;
  Fault fault = config.error();
  fault.thing = fmt::format("{}:{} {}", file, line_about(*node, fault.thing), fault.thing);
  return fault;
}

}  // namespace

Result<IntersectionConfig> read_intersection_text(std::string_view text, const std::string& file) {
  return read_as(city::parse_toml(text, file), file, Times::seconds);
}

Result<IntersectionConfig> read_intersection(const std::filesystem::path& path) {
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  return read_intersection_text(*text, path.string());
}

Result<IntersectionConfig> read_canonical_text(std::string_view text, const std::string& file) {
  return read_as(city::parse_json(text, file), file, Times::ticks);
}

Result<IntersectionConfig> read_canonical(const std::filesystem::path& path) {
  const Result<std::string> text = city::read_text(path);
  if (!text) return text.error();
  return read_canonical_text(*text, path.string());
}

}  // namespace chorraha
