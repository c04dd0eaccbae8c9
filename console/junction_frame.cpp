#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "console/frames.hpp"
#include "console/outlook.hpp"

namespace chorraha::console {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json ms(Instant instant) {
  return instant.time_since_epoch().count();
}

Json ms_or_null(const std::optional<Instant>& instant) {
  return instant ? ms(*instant) : Json(nullptr);
}

Json group_texts(const IntersectionConfig& config, GroupSet groups) {
  Json list = Json::array();
  for (const GroupIndex g : groups) list.push_back(config.group(g).id.text());
  return list;
}

bool fits(const IntersectionConfig& config, const StateReport& report) {
  return report.groups.size() == config.groups().size() && report.stage.valid() &&
         report.stage.value() < config.stages().size();
}

const Timetable* counted_of(const JunctionView& junction) {
  return junction.timetable ? &junction.timetable->timetable : nullptr;
}

Json counted_part(const JunctionView& junction) {
  if (!junction.timetable) return nullptr;
  const CountedTimetable& counted = *junction.timetable;
  return {{"id", counted.timetable.id.text()},
          {"cycle_s", to_seconds(counted.timetable.cycle)},
          {"offset_s", to_seconds(counted.timetable.offset)},
          {"made_ms", ms(counted.made)},
          {"saturation", std::round(counted.saturation * 100.0) / 100.0}};
}

Json state_part(const IntersectionConfig& config, const JunctionView& junction,
                const StateReport& report, const TickMap& map) {
  Json state{{"mode", name_of(report.mode)},
             {"source", name_of(report.source)},
             {"stage", nullptr},
             {"stage_since_ms", ms(map.instant(report.stage_since))},
             {"entering", report.entering},
             {"lease_until_ms", nullptr},
             {"timetable", nullptr},
             {"counted_timetable", counted_part(junction)},
             {"in_service_ms", nullptr}};
  if (fits(config, report)) state["stage"] = config.stage(report.stage).id.text();
  if (report.source == ControlSource::horizon) {
    state["lease_until_ms"] = ms(map.instant(report.lease_until));
  }
  if (const Timetable* timetable = timetable_of(config, report, counted_of(junction)))
    state["timetable"] = timetable->id.text();
  if (report.mode == SignalMode::start_up) {
    state["in_service_ms"] = ms(map.instant(report.in_service_at));
  }
  return state;
}

Json next_of(const std::optional<NextChange>& next, const TickMap& map) {
  if (!next) return nullptr;
  Json latest = nullptr;
  if (next->latest) latest = ms(map.instant(*next->latest));
  return {{"aspect", name_of(next->to)},
          {"earliest_ms", ms(map.instant(next->earliest))},
          {"latest_ms", std::move(latest)}};
}

Json lamps_part(const StateReport& report, const Outlook& ahead, const TickMap& map) {
  Tick newest = Tick::min();
  Json groups = Json::array();
  for (std::size_t g = 0; g < report.groups.size(); ++g) {
    const GroupState& group = report.groups[g];
    newest = std::max(newest, group.since);
    Json called_since = nullptr;
    if (group.called) called_since = ms(map.instant(group.called_since));
    groups.push_back({{"aspect", name_of(group.aspect)},
                      {"since_ms", ms(map.instant(group.since))},
                      {"called", group.called},
                      {"called_since_ms", std::move(called_since)},
                      {"next", g < ahead.next.size() ? next_of(ahead.next[g], map) : nullptr}});
  }
  Json changed = nullptr;
  if (!report.groups.empty()) changed = ms(map.instant(newest));
  return {{"changed_ms", std::move(changed)}, {"groups", std::move(groups)}};
}

Json ahead_part(const IntersectionConfig& config, const Outlook& outlook, const TickMap& map) {
  Json list = Json::array();
  for (const StageAhead& stage : outlook.ahead) {
    Json entry{{"stage", config.stage(stage.stage).id.text()},
               {"reason", stage.reason ? name_of(*stage.reason) : "timetable"},
               {"begin_earliest_ms", ms(map.instant(stage.begin_earliest))},
               {"begin_latest_ms", ms(map.instant(stage.begin_latest))},
               {"end_earliest_ms", ms(map.instant(stage.end_earliest))},
               {"end_latest_ms", ms(map.instant(stage.end_latest))},
               {"skippable", stage.skippable},
               {"rests", stage.rests}};
    if (list.empty() && outlook.min_end) entry["min_end_ms"] = ms(map.instant(*outlook.min_end));
    list.push_back(std::move(entry));
  }
  return list;
}

/// The first entry ahead that is still to come and serves `group`.
Json entry_serving(const IntersectionConfig& config, const Outlook& outlook, GroupIndex group) {
  for (std::size_t i = 0; i < outlook.ahead.size(); ++i) {
    if (config.stage(outlook.ahead[i].stage).green.contains(group)) return i;
  }
  return nullptr;
}

Json explained(const IntersectionConfig& config, const GroupExplanation& own, const TickMap& map) {
  Json entry{{"waiting_for", nullptr}, {"stage", nullptr}};
  if (own.waiting_for.valid() && own.waiting_for.value() < config.groups().size()) {
    entry["waiting_for"] = config.group(own.waiting_for).id.text();
  }
  if (own.served.valid() && own.served.value() < config.stages().size()) {
    entry["stage"] = config.stage(own.served).id.text();
  }
  entry["earliest_ms"] = nullptr;
  if (own.earliest != Tick::max()) entry["earliest_ms"] = ms(map.instant(own.earliest));
  return entry;
}

class WhyRed {
 public:
  WhyRed(const IntersectionConfig& config, const JunctionView& junction, const Outlook& outlook,
         const TickMap& map)
      : config_(config),
        junction_(junction),
        report_(*junction.report),
        outlook_(outlook),
        map_(map) {}

  [[nodiscard]] Json of(GroupIndex group) const {
    if (is_green(report_.groups[group.value()].aspect)) return Json::object();
    GroupSet green;
    GroupSet clearing;
    std::optional<Tick> limit;
    for (const GroupIndex foe : config_.conflicts(group)) {
      const Aspect aspect = report_.groups[foe.value()].aspect;
      if (aspect == Aspect::amber) clearing.insert(foe);
      if (!is_green(aspect)) continue;
      green.insert(foe);
      const auto own = green_limit(config_, report_, foe);
      if (own) limit = limit ? std::max(*limit, *own) : *own;
    }
    Json entry = of_controller(group);
    entry["blocked_by"] = group_texts(config_, green);
    entry["clearing"] = group_texts(config_, clearing);
    entry["in_stage"] = entry_serving(config_, outlook_, group);
    entry["limit_ms"] = limit ? ms(map_.instant(*limit)) : Json(nullptr);
    return entry;
  }

 private:
  /// What the controller itself says, if it did since its last start.
  [[nodiscard]] Json of_controller(GroupIndex group) const {
    const auto& said = junction_.explanations;
    if (!said || said->boot != report_.boot) return Json::object();
    const auto own = std::ranges::find(said->groups, group, &GroupExplanation::group);
    return own == said->groups.end() ? Json::object() : explained(config_, *own, map_);
  }

  const IntersectionConfig& config_;
  const JunctionView& junction_;
  const StateReport& report_;
  const Outlook& outlook_;
  const TickMap& map_;
};

Json why_part(const IntersectionConfig& config, const JunctionView& junction,
              const Outlook& outlook, const TickMap& map) {
  const WhyRed why(config, junction, outlook, map);
  Json list = Json::array();
  for (const GroupIndex g : config.all_groups()) list.push_back(why.of(g));
  return list;
}

Json detectors_part(const std::vector<DetectorView>& detectors) {
  Json list = Json::array();
  for (const DetectorView& detector : detectors) {
    Json occupancy = nullptr;
    if (detector.occupancy) occupancy = std::round(*detector.occupancy * 100.0) / 100.0;
    list.push_back({{"occupied", detector.occupied},
                    {"occupancy", std::move(occupancy)},
                    {"changed_ms", ms_or_null(detector.changed)},
                    {"last_minute", detector.last_minute},
                    {"trouble", detector.trouble}});
  }
  return list;
}

Json queues_part(const Network& network, const std::vector<QueueView>& queues) {
  Json list = Json::array();
  for (const QueueView& queue : queues) {
    if (!queue.lane.valid() || queue.lane.value() >= network.lanes().size()) continue;
    list.push_back({{"lane", network.lane(queue.lane).id.text()},
                    {"vehicles", std::round(queue.vehicles * 10.0) / 10.0},
                    {"deviation", std::round(queue.deviation * 10.0) / 10.0}});
  }
  return list;
}

}  // namespace

JunctionParts junction_parts(const City& city, std::size_t index, const JunctionView& junction,
                             const TickMap& map) {
  JunctionParts parts;
  if (!junction.report) return parts;
  const IntersectionConfig& config = city.intersections[index];
  const StateReport& report = *junction.report;
  const Outlook ahead = outlook(config, report, junction.plan, counted_of(junction));
  parts.emplace_back("state", text_of(state_part(config, junction, report, map)));
  parts.emplace_back("lamps", text_of(lamps_part(report, ahead, map)));
  parts.emplace_back("ahead", text_of(ahead_part(config, ahead, map)));
  if (fits(config, report)) {
    parts.emplace_back("why", text_of(why_part(config, junction, ahead, map)));
  }
  parts.emplace_back("detectors", text_of(detectors_part(junction.detectors)));
  parts.emplace_back("queues", text_of(queues_part(*city.network, junction.queues)));
  return parts;
}

std::string past_text(const IntersectionConfig& config, const LampHistory& history) {
  Json stages = Json::array();
  for (const LampHistory::Stood& stood : history.stages()) {
    if (!stood.stage.valid() || stood.stage.value() >= config.stages().size()) continue;
    stages.push_back({{"stage", config.stage(stood.stage).id.text()}, {"from_ms", ms(stood.from)}});
  }
  Json groups = Json::array();
  for (const auto& past : history.groups()) {
    Json shown = Json::array();
    for (const LampHistory::Shown& entry : past) {
      shown.push_back({{"aspect", name_of(entry.aspect)}, {"from_ms", ms(entry.from)}});
    }
    groups.push_back(std::move(shown));
  }
  return text_of({{"stages", std::move(stages)}, {"groups", std::move(groups)}});
}

}  // namespace chorraha::console
