#include "formats/sumo/sumo_program.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "formats/sumo/xml_file.hpp"

namespace chorraha::sumo {
namespace {

constexpr std::string_view letters = "rRyYgGuUoOs";
constexpr double phase_max_s = 86400;

Result<SumoPhase> read_phase(const XmlFile& xml, const pugi::xml_node& node) {
  SumoPhase phase;
  const Result<double> duration_s = xml.number(node, "duration");
  if (!duration_s) return duration_s.error();
  if (!(*duration_s > 0) || *duration_s > phase_max_s)
    return xml.fault(node, "duration", "more than 0, at most 86400 s");
  phase.duration = Ticks{std::max<std::int64_t>(1, std::llround(*duration_s * 10))};
  Result<std::string> state = xml.text(node, "state");
  if (!state) return state.error();
  if (state->find_first_not_of(letters) != std::string::npos)
    return xml.fault(node, "state", fmt::format("letters of {}", letters));
  phase.state = std::move(*state);
  return phase;
}

Result<SumoProgram> read_program(const XmlFile& xml, const pugi::xml_node& node) {
  SumoProgram program;
  Result<std::string> id = xml.text(node, "id");
  if (!id) return id.error();
  program.intersection = IntersectionId{std::move(*id)};
  program.program = node.attribute("programID").as_string("0");
  program.type = node.attribute("type").as_string("static");
  program.place = xml.place(node);
  constexpr std::array<std::string_view, 3> types{"static", "actuated", "delay_based"};
  if (std::ranges::find(types, program.type) == types.end())
    return xml.fault(node, "type", "static, actuated or delay_based");
  if (node.attribute("offset")) {
    const Result<double> offset_s = seconds_in(node.attribute("offset").value());
    if (!offset_s || std::abs(*offset_s) > phase_max_s)
      return xml.fault(node, "offset", "seconds, at most a day");
    program.offset = Ticks{std::llround(*offset_s * 10)};
  }
  for (const pugi::xml_node& phase_node : node.children("phase")) {
    Result<SumoPhase> phase = read_phase(xml, phase_node);
    if (!phase) return phase.error();
    if (!program.phases.empty() && phase->state.size() != program.phases.front().state.size()) {
      return xml.fault(
          phase_node, "state",
          fmt::format("{} letters, as the first phase has", program.phases.front().state.size()));
    }
    program.phases.push_back(std::move(*phase));
  }
  if (program.phases.empty())
    return Fault{Reason::bad_input, program.place + " <tlLogic> " + program.intersection.text(),
                 "no phase", "at least one phase"};
  return program;
}

Result<std::vector<SumoProgram>> programs_in(const Result<XmlFile>& xml) {
  if (!xml) return xml.error();
  std::vector<SumoProgram> programs;
  for (const pugi::xml_node& node : xml->root().children("tlLogic")) {
    Result<SumoProgram> program = read_program(*xml, node);
    if (!program) return program.error();
    programs.push_back(std::move(*program));
  }
  return programs;
}

// A later program of the same signal replaces the one before, as in SUMO.
void put(SumoProgram program, std::vector<SumoProgram>& programs) {
  const auto earlier =
      std::ranges::find(programs, program.intersection, &SumoProgram::intersection);
  if (earlier == programs.end()) {
    programs.push_back(std::move(program));
  } else {
    *earlier = std::move(program);
  }
}

}  // namespace

Ticks SumoProgram::cycle() const {
  Ticks sum{0};
  for (const SumoPhase& phase : phases) sum += phase.duration;
  return sum;
}

Result<std::vector<SumoProgram>> read_sumo_programs(
    const std::filesystem::path& net_file,
    std::span<const std::filesystem::path> additional_files) {
  std::vector<std::filesystem::path> files{net_file};
  files.insert(files.end(), additional_files.begin(), additional_files.end());
  std::vector<SumoProgram> programs;
  for (const std::filesystem::path& file : files) {
    Result<std::vector<SumoProgram>> loaded = programs_in(XmlFile::load(file));
    if (!loaded) return loaded.error();
    for (SumoProgram& program : *loaded) put(std::move(program), programs);
  }
  return programs;
}

Result<std::vector<SumoProgram>> parse_sumo_programs(std::string name, std::string xml) {
  return programs_in(XmlFile::parse(std::move(name), std::move(xml)));
}

}  // namespace chorraha::sumo
