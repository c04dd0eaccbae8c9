// The one file of this program that knows CLI11.
#include "apps/chorraha/options.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/process/exit_code.hpp"

namespace chorraha {
namespace {

// Commands and options of docs/cli.md that later versions will have; asking for one is a usage
// error.
constexpr std::array<std::string_view, 10> commands_to_come{
    "optimise", "import", "export", "check",    "calibrate",
    "compare",  "report", "desk",   "measures", "replay"};
constexpr std::array<std::string_view, 15> simulate_options_to_come{
    "--sensing-error", "--dead-detectors", "--scale",     "--close-lane", "--routes",
    "--out",           "--threads",        "--jobs",      "--warmup",     "--edge-flows",
    "--roadnet",       "--flow",           "--timetable", "--progress",   "--profile"};

constexpr double time_max_s = 1e9;
constexpr std::int64_t offset_max_ms = 86'400'000LL * 3653;  // ten years

int not_built_yet(std::string_view what) {
  std::fprintf(stderr, "chorraha: %.*s is not built yet\n", static_cast<int>(what.size()),
               what.data());
  return exit_usage;
}

// "3", "1:5" or "1,4,7".
std::string read_seeds(const std::string& text, std::vector<std::uint64_t>& seeds) {
  seeds.clear();
  constexpr std::uint64_t seeds_max = 1000;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (true) {
    std::uint64_t first = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc{}) return "--seeds: saw " + text + ", allowed 3, 1:5 or 1,4,7";
    std::uint64_t last = first;
    if (read.ptr != end && *read.ptr == ':') {
      read = std::from_chars(read.ptr + 1, end, last);
      if (read.ec != std::errc{}) return "--seeds: saw " + text + ", allowed 3, 1:5 or 1,4,7";
    }
    if (last < first || last - first >= seeds_max)
      return "--seeds: saw " + text + ", allowed ascending, at most 1000";
    for (std::uint64_t i = 0; i <= last - first; ++i) seeds.push_back(first + i);
    if (read.ptr == end) return {};
    if (*read.ptr != ',') return "--seeds: saw " + text + ", allowed 3, 1:5 or 1,4,7";
    at = read.ptr + 1;
  }
}

// A number from `low` to `high`; CLI::Range lets nan pass.
template <class Number>
CLI::Validator within(Number low, Number high) {
  const auto check = [low, high](const std::string& text) -> std::string {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (is_number && value >= low && value <= high) return {};
    return fmt::format("saw {}, allowed {} to {}", text, low, high);
  };
  return {check, fmt::format("{} to {}", low, high)};
}

// More than one seed needs a file each.
std::string check_seed_files(const SimulateOptions& options) {
  if (options.seeds.size() < 2) return {};
  const std::array<std::pair<const char*, const std::string*>, 3> files{
      {{"--trips", &options.trips_file},
       {"--signals", &options.signals_file},
       {"--tripinfo", &options.tripinfo_file}}};
  for (const auto& [name, file] : files) {
    if (!file->empty() && file->find("SEED") == std::string::npos)
      return fmt::format("{}: saw {} for {} seeds, allowed a name with SEED in it", name, *file,
                         options.seeds.size());
  }
  return {};
}

// A choice of which some values are to come: those exit 2 and say so.
template <class Value>
struct Choice {
  std::string name;
  std::map<std::string, Value> built;
  std::vector<std::string> to_come;
  std::string help;

  [[nodiscard]] Value of(const std::string& word) const {
    if (const auto found = built.find(word); found != built.end()) return found->second;
    if (std::find(to_come.begin(), to_come.end(), word) != to_come.end())
      throw CLI::ValidationError(name, word + " is not built yet");
    std::string allowed;
    for (const auto& [key, unused] : built) allowed += (allowed.empty() ? "" : ", ") + key;
    throw CLI::ValidationError(name, "saw " + word + ", allowed " + allowed);
  }
};

template <class Value>
CLI::Option* add_choice(CLI::App* app, Value& value,
                        const Choice<std::type_identity_t<Value>>& choice) {
  return app->add_option_function<std::string>(
      choice.name, [&value, choice](const std::string& word) { value = choice.of(word); },
      choice.help);
}

struct Parsed {
  SimulateOptions simulate;
  count::CountOptions count;
  BenchOptions bench;
  RunOptions run;
  KeysOptions keys;
  StreetOptions street;
};

void declare_simulate(CLI::App& root, SimulateOptions& options) {
  CLI::App* app =
      root.add_subcommand("simulate", "run the closed loop on a scenario and print its figures");
  app->footer(
      "Example: chorraha simulate cologne8.sumocfg --street sumo --control adaptive --seeds 1:3");
  app->add_option("scenario", options.scenario, "a .sumocfg or a city folder")->required();
  using Street = SimulateOptions::StreetKind;
  add_choice(app, options.street,
             {"--street",
              {{"builtin", Street::builtin}, {"sumo", Street::sumo}},
              {},
              "builtin (own city folders) or sumo"});
  using Kind = SimulateOptions::ControlKind;
  add_choice(
      app, options.control,
      {"--control",
       {{"scenario", Kind::scenario}, {"webster", Kind::webster}, {"adaptive", Kind::adaptive}},
       {"timetable", "actuated", "maxpressure"},
       "scenario, webster or adaptive"});
  static std::string sensing = "full";
  add_choice(app, sensing, {"--sensing", {{"full", "full"}}, {"detectors"}, "full"});
  app->add_option("--decision-step", options.decision_step_s, "changes start on multiples of it, s")
      ->check(within(0.1, 60.0));
  app->add_option("--min-green", options.min_green_s, "minimum green, s")->check(within(1.0, 60.0));
  app->add_option("--yellow", options.yellow_s, "amber, s; default: as the programs have it")
      ->check(within(2.0, 6.0));
  app->add_option("--all-red", options.all_red_s, "all-red, s; default: as the programs have it")
      ->check(within(0.0, 6.0));
  app->add_option_function<std::string>(
      "--seeds",
      [&options](const std::string& text) {
        if (const std::string wrong = read_seeds(text, options.seeds); !wrong.empty())
          throw CLI::ValidationError(wrong);
      },
      "3, 1:5 or 1,4,7");
  app->add_option("--begin", options.begin_s, "s after midnight; default: the scenario's")
      ->check(within(0.0, time_max_s));
  app->add_option("--end", options.end_s, "s after midnight; default: the scenario's")
      ->check(within(0.0, time_max_s));
  app->callback([&options] {
    if (const std::string wrong = check_seed_files(options); !wrong.empty())
      throw CLI::ValidationError(wrong);
  });
  app->add_option("--trips", options.trips_file,
                  "FILE.csv, one line a trip; SEED in the name is replaced");
  app->add_option("--signals", options.signals_file, "FILE.csv, the state string at every change");
  app->add_option("--tripinfo", options.tripinfo_file, "FILE.xml, SUMO's own (--street sumo)");
  app->add_option("--json", options.json_file, "FILE or - for standard output");
  app->add_flag("--quiet", options.quiet, "nothing on standard error but warnings");
}

void declare_count(CLI::App& root, count::CountOptions& options) {
  CLI::App* app = root.add_subcommand("count", "count the vehicles in a video");
  app->footer("Example: chorraha count road.mp4 --camera road.json --json -");
  app->add_option("video", options.video,
                  "file, rtsp://, http:// (MJPEG), /dev/videoN or image folder")
      ->required();
  app->add_option("--camera", options.camera, "CAMERA.json with the counting lines");
  app->add_option("--truth", options.truth, "TRUTH.json: scores the counts; may replace --camera");
  app->add_option("--draw", options.draw, "OUT.mp4 with boxes, lines and counts");
  app->add_option("--model", options.model, "ONNX detector (not built yet)");
  app->add_option("--json", options.json, "FILE or - for standard output");
  app->add_flag("--quiet", options.quiet, "nothing on standard error but warnings");
}

void declare_bench(CLI::App& root, BenchOptions& options) {
  CLI::App* app = root.add_subcommand("bench", "time what there is to time");
  app->footer("Example: chorraha bench simulation --json -");
  app->add_option("subjects", options.subjects,
                  "simulation, counting, optimiser, messaging; default all")
      ->check(CLI::IsMember({"simulation", "counting", "optimiser", "messaging"}));
  app->add_option("--json", options.json_file, "FILE or - for standard output");
  app->add_flag("--quiet", options.quiet, "nothing on standard error but warnings");
}

void declare_run(CLI::App& root, RunOptions& options) {
  CLI::App* app = root.add_subcommand("run", "start and supervise everything");
  app->footer("Example: chorraha run --port 8080");
  app->add_option("--city", options.city, "city folder; default: the demo city");
  app->add_option("--scenario", options.scenario,
                  "a .sumocfg in place of a city: the street is SUMO in real time");
  app->add_option("--video", options.video, "file or URL of a real camera");
  app->add_option("--camera", options.camera, "CAMERA.json of --video");
  app->add_option("--port", options.port, "of the operator page, on 127.0.0.1")
      ->check(CLI::Range(1, 65535));
  app->add_option("--var", options.var,
                  "folder of keys, state and logs; default: var in the checkout");
  app->add_flag("--headless-check", options.headless_check,
                "prove the chain from count to lamp, then stop");
}

void declare_keys(CLI::App& root, KeysOptions& options) {
  CLI::App* app = root.add_subcommand("keys", "make or list the keys of devices");
  app->footer("Example: chorraha keys make --city config/demo_city");
  app->require_subcommand(1);
  CLI::App* make = app->add_subcommand("make", "make the keys that are missing; none is replaced");
  make->callback([&options] { options.make = true; });
  CLI::App* list = app->add_subcommand("list", "list the keys that are there");
  for (CLI::App* one : {make, list}) {
    one->add_option("--city", options.city, "city folder; default: the demo city");
    one->add_option("--var", options.var,
                    "folder of keys, state and logs; default: var in the checkout");
    one->add_option("--json", options.json_file, "FILE or - for standard output");
  }
  for (const char* name : {"rotate", "revoke"}) {
    app->add_subcommand(name, "not built yet")->callback([name] {
      throw CLI::ValidationError("keys " + std::string(name), "is not built yet");
    });
  }
}

void declare_street(CLI::App& root, StreetOptions& options) {
  CLI::App* app = root.add_subcommand(
      "street", "the simulator in real time: lamps in; detections, vehicles, pictures out");
  app->footer("Example: chorraha street --city config/demo_city");
  app->add_option("--city", options.city, "city folder; default: the demo city");
  app->add_option("--scenario", options.scenario,
                  "the .sumocfg that the city folder was made of: the street is SUMO");
  app->add_option("--var", options.var,
                  "folder of keys, state and logs; default: var in the checkout");
  app->add_option("--centre", options.centre, "address of the centre");
  app->add_option("--camera-port", options.camera_port, "of the rendered pictures, on 127.0.0.1")
      ->check(CLI::Range(1, 65535));
  app->add_option("--seed", options.seed, "of the traffic");
  app->add_option("--clock-offset-ms", options.clock_offset_ms, "added to the clock")
      ->check(within(-offset_max_ms, offset_max_ms));
}

}  // namespace

Command parse_command_line(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (i == 1 && std::ranges::find(commands_to_come, word) != commands_to_come.end())
      return not_built_yet(word);
    const std::string_view name = word.substr(0, word.find('='));
    if (std::string_view(argv[1]) == "simulate" &&
        std::ranges::find(simulate_options_to_come, name) != simulate_options_to_come.end()) {
      return not_built_yet(name);
    }
  }
  CLI::App root{"Chorraha: real-time traffic management for a city", "chorraha"};
  root.require_subcommand(1);
  root.set_version_flag("--version", CHORRAHA_VERSION);
  Parsed parsed;
  declare_run(root, parsed.run);
  declare_street(root, parsed.street);
  declare_simulate(root, parsed.simulate);
  declare_count(root, parsed.count);
  declare_keys(root, parsed.keys);
  declare_bench(root, parsed.bench);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    root.exit(asked);
    return 0;
  } catch (const CLI::ParseError& wrong) {
    const std::vector<std::string> unknown = root.remaining();
    if (root.get_subcommands().empty() && !unknown.empty()) {
      std::fprintf(stderr,
                   "chorraha: command: saw %s, allowed run, street, simulate, count, keys, bench\n",
                   unknown.front().c_str());
    } else {
      std::fprintf(stderr, "chorraha: %s\n", wrong.what());
    }
    return exit_usage;
  }
  const std::string name = root.get_subcommands().front()->get_name();
  if (name == "simulate") return parsed.simulate;
  if (name == "count") return parsed.count;
  if (name == "bench") return parsed.bench;
  if (name == "keys") return parsed.keys;
  if (name == "street") return parsed.street;
  return parsed.run;
}

}  // namespace chorraha
