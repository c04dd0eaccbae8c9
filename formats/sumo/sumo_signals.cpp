#include "formats/sumo/sumo_signals.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "formats/sumo/signal_groups.hpp"
#include "formats/sumo/signal_timing.hpp"

namespace chorraha::sumo {
namespace {

// Equal sets of groups are one stage, wherever they stand in the cycle.
std::vector<StageIndex> add_stages(IntersectionParts& parts, const GroupPlan& plan,
                                   const std::vector<StageRun>& runs) {
  std::vector<StageIndex> by_run;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto known = std::ranges::find(parts.stages, plan.lit[r], &Stage::green);
    by_run.emplace_back(static_cast<std::size_t>(known - parts.stages.begin()));
    if (known != parts.stages.end()) continue;
    parts.stages.push_back({StageId{fmt::format("p{}", runs[r].phase)}, plan.lit[r]});
  }
  return by_run;
}

void note_unlit(const GroupPlan& plan, std::vector<std::string>& notes) {
  GroupSet lit;
  for (const GroupSet run : plan.lit) lit = lit | run;
  for (const GroupIndex group : GroupSet::first(plan.groups.size()) - lit)
    notes.push_back(plan.groups[group.value()].id.text() + " is never green");
}

// Place in the cycle = (UTC + offset) mod cycle; SUMO's place 0 is at second `program.offset`.
Ticks offset_of(const SumoProgram& program, const SignalRules& rules, Ticks cycle) {
  const Ticks second_zero{rules.midnight.time_since_epoch().count() / 100};
  const Ticks offset = -(second_zero + program.offset) % cycle;
  return offset < Ticks{0} ? offset + cycle : offset;
}

Result<IntersectionConfig> import_one(const Network& network, IntersectionIndex at,
                                      const SumoProgram& program, const SignalRules& rules,
                                      std::vector<std::string>& notes) {
  if (program.type != "static")
    notes.push_back("program of type " + program.type + ": its durations are taken as they stand");
  const Result<ShownProgram> shown = shown_by(network, at, program, notes);
  if (!shown) return shown.error();
  const Result<std::vector<StageRun>> runs = stage_runs(*shown, rules.min_green, notes);
  if (!runs) return runs.error();
  Result<GroupPlan> plan = plan_groups(network, *shown, *runs, notes);
  if (!plan) return plan.error();
  set_times(*plan, *shown, rules, notes);
  note_unlit(*plan, notes);

  IntersectionParts parts;
  parts.id = program.intersection;
  parts.profile = Profile::research;
  parts.groups = plan->groups;
  parts.relations = plan->relations;
  parts.intergreen = intergreens(*plan, *shown, network, rules);
  for (const std::vector<Ticks>& row : parts.intergreen) {
    for (const Ticks needed : row)
      parts.start_up.all_red = std::max(parts.start_up.all_red, needed);
  }
  const std::vector<StageIndex> stages = add_stages(parts, *plan, *runs);
  Result<IntersectionConfig> untimed = IntersectionConfig::make(parts);
  if (!untimed) return untimed;
  Timetable timetable = rebuilt(*untimed, *runs, stages, shown->cycle, notes);
  timetable.offset = offset_of(program, rules, timetable.cycle);
  parts.timetables.push_back(std::move(timetable));
  parts.day_plan.push_back({std::chrono::seconds{0}, 0x7f, TimetableIndex{0}});
  return IntersectionConfig::make(std::move(parts));
}

}  // namespace

Result<SignalImport> import_signals(const Network& network, std::span<const SumoProgram> programs,
                                    const SignalRules& rules) {
  SignalImport import;
  for (std::size_t i = 0; i < network.junctions().size(); ++i) {
    const Junction& junction = network.junctions()[i];
    const auto program = std::ranges::find(programs, junction.id, &SumoProgram::intersection);
    if (program == programs.end()) {
      return Fault{Reason::bad_input, "intersection " + junction.id.text(), "no tlLogic",
                   "a program in the network or an additional file"};
    }
    std::vector<std::string> notes;
    Result<IntersectionConfig> config =
        import_one(network, IntersectionIndex{i}, *program, rules, notes);
    if (!config) {
      Fault fault = config.error();
      fault.thing =
          fmt::format("{} <tlLogic> {}: {}", program->place, junction.id.text(), fault.thing);
      return fault;
    }
    for (const std::string& note : notes) import.notes.push_back(junction.id.text() + ": " + note);
    import.intersections.push_back(std::move(*config));
  }
  return import;
}

}  // namespace chorraha::sumo
