#include <string>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "formats/city/intersection_file.hpp"
#include "formats/city/words.hpp"
#include "traffic/expect.hpp"

namespace chorraha {
namespace {

using nlohmann::json;  // its objects are sorted by key

template <class T>
json texts_of(const std::vector<T>& ids) {
  json texts = json::array();
  for (const T& id : ids) texts.push_back(id.text());
  return texts;
}

json ids_of(const IntersectionConfig& config, GroupSet set) {
  json ids = json::array();
  for (const GroupIndex group : set) ids.push_back(config.group(group).id.text());
  return ids;
}

json group_json(const SignalGroup& group) {
  return {{"id", group.id.text()},
          {"type", name_of(group.type)},
          {"lenses", city::names_of_lenses(group.lenses)},
          {"red_amber_ticks", group.red_amber.count()},
          {"flashing_green_ticks", group.flashing_green.count()},
          {"amber_ticks", group.amber.count()},
          {"min_green_ticks", group.min_green.count()},
          {"max_green_ticks", group.max_green.count()},
          {"min_red_ticks", group.min_red.count()},
          {"turn_on_red", group.turn_on_red},
          {"movements", texts_of(group.movements)},
          {"crossings", texts_of(group.crossings)}};
}

json pairs_json(const IntersectionConfig& config, Relation relation) {
  const auto& groups = config.groups();
  json pairs = json::array();
  for (std::size_t a = 0; a < groups.size(); ++a) {
    for (std::size_t b = relation == Relation::yields ? 0 : a; b < groups.size(); ++b) {
      if (config.parts().relations[a][b] == relation)
        pairs.push_back(json::array({groups[a].id.text(), groups[b].id.text()}));
    }
  }
  return pairs;
}

json intergreens_json(const IntersectionConfig& config) {
  const auto& groups = config.groups();
  json rows = json::object();
  for (std::size_t a = 0; a < groups.size(); ++a) {
    for (std::size_t b = 0; b < groups.size(); ++b) {
      const Ticks span = config.parts().intergreen[a][b];
      if (span != Ticks{0}) rows[groups[a].id.text()][groups[b].id.text()] = span.count();
    }
  }
  return rows;
}

json timetables_json(const IntersectionConfig& config) {
  json timetables = json::array();
  for (const Timetable& timetable : config.timetables()) {
    json steps = json::array();
    for (const TimetableStep& step : timetable.steps) {
      steps.push_back({{"stage", config.stage(step.stage).id.text()},
                       {"end_earliest_ticks", step.end_earliest.count()},
                       {"end_latest_ticks", step.end_latest.count()},
                       {"skippable", step.skippable}});
    }
    timetables.push_back({{"id", timetable.id.text()},
                          {"cycle_ticks", timetable.cycle.count()},
                          {"offset_ticks", timetable.offset.count()},
                          {"steps", steps}});
  }
  return timetables;
}

}  // namespace

std::string canonical_json(const IntersectionConfig& config) {
  json groups = json::array(), stages = json::array(), day_plan = json::array(),
       detectors = json::array();
  for (const SignalGroup& group : config.groups()) groups.push_back(group_json(group));
  for (const Stage& stage : config.stages())
    stages.push_back({{"id", stage.id.text()}, {"green", ids_of(config, stage.green)}});
  for (const DayPlanEntry& entry : config.day_plan()) {
    day_plan.push_back({{"from", city::clock_text(entry.from)},
                        {"weekdays", city::names_of_weekdays(entry.weekdays)},
                        {"timetable", config.timetables()[entry.timetable.value()].id.text()}});
  }
  for (const DetectorUse& use : config.detectors()) {
    detectors.push_back({{"id", use.id.text()},
                         {"input", city::name_of(use.input)},
                         {"role", city::name_of(use.role)},
                         {"calls", ids_of(config, use.calls)}});
  }
  const json all{{"id", config.id().text()},
                 {"profile", name_of(config.profile())},
                 {"silence_max_ms", config.silence_max().count()},
                 {"start_up",
                  {{"flash_ticks", config.start_up().flash.count()},
                   {"amber_ticks", config.start_up().amber.count()},
                   {"all_red_ticks", config.start_up().all_red.count()}}},
                 {"groups", groups},
                 {"conflicts", pairs_json(config, Relation::conflict)},
                 {"yields", pairs_json(config, Relation::yields)},
                 {"same_stream", pairs_json(config, Relation::same_stream)},
                 {"intergreen_ticks", intergreens_json(config)},
                 {"stages", stages},
                 {"timetables", timetables_json(config)},
                 {"day_plan", day_plan},
                 {"detectors", detectors}};
  // Ids come from the world: bytes that are no UTF-8 must not throw.
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

ConfigHash hash_of(const IntersectionConfig& config) {
  const std::string text = canonical_json(config);
  ConfigHash hash;
  const int answer = crypto_generichash(hash.bytes.data(), hash.bytes.size(),
                                        reinterpret_cast<const unsigned char*>(text.data()),
                                        text.size(), nullptr, 0);
  CHORRAHA_EXPECT(answer == 0);  // fails only for sizes out of range
  return hash;
}

}  // namespace chorraha
