#include "apps/chorraha/simulate_output.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "apps/process/output.hpp"
#include "traffic/link_letters.hpp"

namespace chorraha {
namespace {

using nlohmann::ordered_json;

/// One figure as the JSON and the table name it.
struct Column {
  const char* name = "";
  double (*value)(const RunFigures&) = nullptr;
  bool whole = false;
};

template <auto Member>
double value_of(const RunFigures& run) {
  return static_cast<double>(run.*Member);
}

constexpr Column columns[] = {
    {"loaded", value_of<&RunFigures::loaded>, true},
    {"entered", value_of<&RunFigures::entered>, true},
    {"finished", value_of<&RunFigures::finished>, true},
    {"duration_s", value_of<&RunFigures::duration_s>},
    {"time_loss_s", value_of<&RunFigures::time_loss_s>},
    {"depart_delay_s", value_of<&RunFigures::depart_delay_s>},
    {"waiting_s", value_of<&RunFigures::waiting_s>},
    {"delay_s", value_of<&RunFigures::delay_s>},
    {"max_waiting_s", value_of<&RunFigures::max_waiting_s>},
    {"stops_per_vehicle", value_of<&RunFigures::stops_per_vehicle>},
    {"vehicle_steps", value_of<&RunFigures::vehicle_steps>, true},
    {"cpu_s", value_of<&RunFigures::cpu_s>},
    {"street_cpu_s", value_of<&RunFigures::street_cpu_s>},
    {"wall_s", value_of<&RunFigures::wall_s>},
    {"load_s", value_of<&RunFigures::load_s>},
    {"plans", value_of<&RunFigures::plans>, true},
    {"plan_p50_us", value_of<&RunFigures::plan_p50_us>},
    {"plan_p99_us", value_of<&RunFigures::plan_p99_us>},
    {"safety_refusals", value_of<&RunFigures::safety_refusals>, true},
    {"monitor_trips", value_of<&RunFigures::monitor_trips>, true},
};

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

ordered_json run_json(const RunFigures& run) {
  ordered_json json{{"seed", run.seed}};
  for (const Column& column : columns) {
    if (column.whole) {
      json[column.name] = static_cast<std::uint64_t>(column.value(run));
    } else {
      json[column.name] = rounded(column.value(run));
    }
    if (std::string_view(column.name) == "max_waiting_s") json["locked"] = run.locked;
  }
  return json;
}

const char* word_of(SimulateOptions::StreetKind street) {
  return street == SimulateOptions::StreetKind::sumo ? "sumo" : "builtin";
}

const char* word_of(SimulateOptions::ControlKind control) {
  switch (control) {
    case SimulateOptions::ControlKind::scenario:
      return "scenario";
    case SimulateOptions::ControlKind::webster:
      return "webster";
    case SimulateOptions::ControlKind::adaptive:
      return "adaptive";
  }
  return "";
}

double seconds_after(Instant midnight, Instant at) {
  return to_seconds(at - midnight);
}

ordered_json document(const SimulateOptions& options, const Scenario& scenario,
                      std::span<const RunFigures> runs) {
  ordered_json json{{"scenario", options.scenario},
                    {"street", word_of(options.street)},
                    {"control", word_of(options.control)},
                    {"sensing", "full"},
                    {"profile", scenario.profile},
                    {"begin_s", seconds_after(scenario.midnight, scenario.begin)},
                    {"end_s", nullptr},
                    {"decision_step_s", options.decision_step_s},
                    {"min_green_s", options.min_green_s.value_or(5.0)}};
  if (scenario.end) json["end_s"] = seconds_after(scenario.midnight, *scenario.end);
  json["runs"] = ordered_json::array();
  for (const RunFigures& run : runs) json["runs"].push_back(run_json(run));
  json["mean"] = ordered_json::object();
  json["ci95"] = ordered_json::object();
  for (const Column& column : columns) {
    std::vector<double> samples;
    samples.reserve(runs.size());
    for (const RunFigures& run : runs) samples.push_back(column.value(run));
    const Spread spread = spread_of(samples);
    json["mean"][column.name] = rounded(spread.mean);
    json["ci95"][column.name] = rounded(spread.ci95);
  }
  json["notes"] = scenario.notes;
  return json;
}

void print_table(const Scenario& scenario, std::span<const RunFigures> runs) {
  std::string text = fmt::format("profile {}\n{:<18}", scenario.profile, "seed");
  for (const RunFigures& run : runs) text += fmt::format("{:>12}", run.seed);
  text += fmt::format("{:>12}{:>10}\n", "mean", "±95 %");
  for (const Column& column : columns) {
    std::vector<double> samples;
    samples.reserve(runs.size());
    text += fmt::format("{:<18}", column.name);
    for (const RunFigures& run : runs) {
      samples.push_back(column.value(run));
      text += column.whole ? fmt::format("{:>12.0f}", samples.back())
                           : fmt::format("{:>12.2f}", samples.back());
    }
    const Spread spread = spread_of(samples);
    text += fmt::format("{:>12.2f}{:>10.2f}\n", spread.mean, spread.ci95);
  }
  std::fputs(text.c_str(), stdout);
}

std::string seconds_or_nothing(const Scenario& scenario, const std::optional<Instant>& at) {
  return at ? fmt::format("{:.2f}", seconds_after(scenario.midnight, *at)) : std::string{};
}

}  // namespace

SignalsFile::SignalsFile(const std::string& file, std::uint64_t seed, const Scenario& scenario)
    : file_(with_seed(file, seed)),
      scenario_(&scenario),
      last_(scenario.network->junctions().size()) {
  rows_ = "time,intersection,state\n";
}

void SignalsFile::add(const ShownState& shown) {
  const IntersectionConfig& config = scenario_->intersections[shown.intersection.value()];
  add(shown.at, shown.intersection,
      link_letters(*scenario_->network, shown.intersection, config, shown.by_group));
}

void SignalsFile::add(Instant at, IntersectionIndex intersection, std::string letters) {
  std::string& last = last_[intersection.value()];
  if (letters == last) return;
  rows_ += fmt::format("{:.1f},{},{}\n", seconds_after(scenario_->midnight, at),
                       scenario_->network->junction(intersection).id.text(), letters);
  last = std::move(letters);
}

Done SignalsFile::write() const {
  if (file_.empty()) return {};
  return write_output(file_, rows_);
}

Done write_trips(const std::string& file, std::uint64_t seed, const Scenario& scenario,
                 std::span<const TripRecord> trips) {
  if (file.empty()) return {};
  std::string rows =
      "id,class,depart_scheduled_s,depart_s,arrival_s,duration_s,time_loss_s,waiting_s,stops,"
      "distance_m\n";
  for (const TripRecord& trip : trips) {
    if (trip.depart_scheduled < scenario.begin ||
        trip.depart_scheduled >= scenario.end_of_departures())
      continue;
    rows += fmt::format("{},{},{:.2f},{},{},", trip.id, name_of(trip.vehicle_class),
                        seconds_after(scenario.midnight, trip.depart_scheduled),
                        seconds_or_nothing(scenario, trip.depart),
                        seconds_or_nothing(scenario, trip.arrival));
    rows += trip.depart ? fmt::format("{:.2f},{:.2f},{:.2f},{},{:.1f}\n", trip.duration_s,
                                      trip.time_loss_s, trip.waiting_s, trip.stops, trip.distance_m)
                        : std::string(",,,,\n");
  }
  return write_output(with_seed(file, seed), rows);
}

Done print_figures(const SimulateOptions& options, const Scenario& scenario,
                   std::span<const RunFigures> runs) {
  if (options.json_file != "-") print_table(scenario, runs);
  if (options.json_file.empty()) return {};
  return write_output(options.json_file, document(options, scenario, runs).dump() + "\n");
}

bool is_terminal(FILE* stream) {
  return ::isatty(::fileno(stream)) == 1;
}

}  // namespace chorraha
