#include <string>
#include <vector>

#include <fmt/format.h>

#include "formats/city/intersection_file.hpp"
#include "formats/city/toml_text.hpp"
#include "formats/city/words.hpp"

namespace chorraha {
namespace {

using city::toml_text;
using city::toml_texts;

std::string in_s(Ticks span) {
  return fmt::format("{}.{}", span.count() / 10, span.count() % 10);
}

std::vector<std::string> ids_of(const IntersectionConfig& config, GroupSet set) {
  std::vector<std::string> ids;
  for (const GroupIndex group : set) ids.push_back(config.group(group).id.text());
  return ids;
}

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const T& id : ids) texts.push_back(id.text());
  return texts;
}

std::string group_text(const SignalGroup& group) {
  std::string text = "\n[[groups]]\n";
  text += fmt::format("id = {}\ntype = {}\n", toml_text(group.id.text()),
                      toml_text(name_of(group.type)));
  text += fmt::format("lenses = {}\n", toml_texts(city::names_of_lenses(group.lenses)));
  text += fmt::format("red_amber_s = {}\nflashing_green_s = {}\namber_s = {}\n",
                      in_s(group.red_amber), in_s(group.flashing_green), in_s(group.amber));
  text += fmt::format("min_green_s = {}\nmax_green_s = {}\nmin_red_s = {}\n", in_s(group.min_green),
                      in_s(group.max_green), in_s(group.min_red));
  if (group.turn_on_red) text += "turn_on_red = true\n";
  if (!group.movements.empty())
    text += fmt::format("movements = {}\n", toml_texts(texts_of(group.movements)));
  if (!group.crossings.empty())
    text += fmt::format("crossings = {}\n", toml_texts(texts_of(group.crossings)));
  return text;
}

// Pairs (a, b) with relations[a][b] == relation; symmetric relations are named once.
std::string pairs_text(const IntersectionConfig& config, Relation relation) {
  const auto& groups = config.groups();
  std::string text;
  for (std::size_t a = 0; a < groups.size(); ++a) {
    std::string row;
    for (std::size_t b = 0; b < groups.size(); ++b) {
      if (config.parts().relations[a][b] != relation) continue;
      if (relation != Relation::yields && b < a) continue;
      row += fmt::format("{}[{}, {}]", row.empty() ? "" : ", ", toml_text(groups[a].id.text()),
                         toml_text(groups[b].id.text()));
    }
    if (!row.empty()) text += "  " + row + ",\n";
  }
  return text;
}

std::string relations_text(const IntersectionConfig& config) {
  std::string text = "\n# Pairs of groups; those that no list names are compatible.\n";
  const auto list = [&](const char* key, Relation relation) {
    const std::string pairs = pairs_text(config, relation);
    if (!pairs.empty()) text += fmt::format("{} = [\n{}]\n", key, pairs);
  };
  list("conflicts", Relation::conflict);
  list("yields", Relation::yields);
  list("same_stream", Relation::same_stream);
  return text;
}

std::string intergreens_text(const IntersectionConfig& config) {
  const auto& groups = config.groups();
  std::string rows;
  for (std::size_t a = 0; a < groups.size(); ++a) {
    std::string row;
    for (std::size_t b = 0; b < groups.size(); ++b) {
      const Ticks span = config.parts().intergreen[a][b];
      if (span == Ticks{0}) continue;
      row += fmt::format("{} {} = {}", row.empty() ? "" : ",", toml_text(groups[b].id.text()),
                         in_s(span));
    }
    if (!row.empty()) rows += fmt::format("{} = {{{} }}\n", toml_text(groups[a].id.text()), row);
  }
  if (rows.empty()) return "";
  return "\n# From the end of green of the one to the start of green of the other.\n"
         "[intergreen_s]\n" +
         rows;
}

std::string timetable_text(const IntersectionConfig& config, const Timetable& timetable) {
  std::string text = "\n[[timetables]]\n";
  text +=
      fmt::format("id = {}\ncycle_s = {}\noffset_s = {}\nsteps = [\n",
                  toml_text(timetable.id.text()), in_s(timetable.cycle), in_s(timetable.offset));
  for (const TimetableStep& step : timetable.steps) {
    text += fmt::format("  {{ stage = {}, end_earliest_s = {}, end_latest_s = {}{} }},\n",
                        toml_text(config.stage(step.stage).id.text()), in_s(step.end_earliest),
                        in_s(step.end_latest), step.skippable ? ", skippable = true" : "");
  }
  return text + "]\n";
}

std::string day_plan_text(const IntersectionConfig& config) {
  std::string text;
  for (const DayPlanEntry& entry : config.day_plan()) {
    const std::string weekdays =
        entry.weekdays == 0x7f
            ? ""
            : fmt::format("weekdays = {}\n", toml_texts(city::names_of_weekdays(entry.weekdays)));
    text += fmt::format("\n[[day_plan]]\nfrom = \"{}\"\n{}timetable = {}\n",
                        city::clock_text(entry.from), weekdays,
                        toml_text(config.timetables()[entry.timetable.value()].id.text()));
  }
  return text;
}

}  // namespace

std::string intersection_text(const IntersectionConfig& config) {
  std::string text =
      fmt::format("id = {}\nprofile = {}\nsilence_max_ms = {}\n", toml_text(config.id().text()),
                  toml_text(name_of(config.profile())), config.silence_max().count());
  text += relations_text(config);
  text += fmt::format("\n[start_up]\nflash_s = {}\namber_s = {}\nall_red_s = {}\n",
                      in_s(config.start_up().flash), in_s(config.start_up().amber),
                      in_s(config.start_up().all_red));
  text += intergreens_text(config);
  for (const SignalGroup& group : config.groups()) text += group_text(group);
  for (const Stage& stage : config.stages()) {
    text += fmt::format("\n[[stages]]\nid = {}\ngreen = {}\n", toml_text(stage.id.text()),
                        toml_texts(ids_of(config, stage.green)));
  }
  for (const Timetable& timetable : config.timetables()) text += timetable_text(config, timetable);
  text += day_plan_text(config);
  for (const DetectorUse& use : config.detectors()) {
    text += fmt::format("\n[[detectors]]\nid = {}\ninput = \"{}\"\nrole = \"{}\"\ncalls = {}\n",
                        toml_text(use.id.text()), city::name_of(use.input), city::name_of(use.role),
                        toml_texts(ids_of(config, use.calls)));
  }
  return text;
}

}  // namespace chorraha
