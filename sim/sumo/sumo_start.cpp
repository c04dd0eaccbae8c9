#include "sim/sumo/sumo_start.hpp"

#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace chorraha::sumo {
namespace {

constexpr int port_tries = 5;
constexpr std::chrono::milliseconds connect_wait{10'000};
constexpr std::chrono::milliseconds connect_again{5};
constexpr std::int32_t api_version = 20;  // SUMO 1.15

std::filesystem::path log_of(const ScratchFolder& scratch) {
  return scratch.path() / "sumo.log";
}

std::string last_words(const std::filesystem::path& log) {
  std::ifstream file(log);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    const bool is_empty = line.find_first_not_of(" \r") == std::string::npos;
    if (line.starts_with("Error")) last = line;
    if (last.empty() && !is_empty) last = line;
  }
  return last;
}

Result<std::string> mirrored_list(ScratchFolder& scratch,
                                  const std::vector<std::filesystem::path>& files,
                                  const std::vector<std::string>& written) {
  std::string list;
  for (const std::filesystem::path& file : files) {
    const Result<std::filesystem::path> place = scratch.mirror(file, written);
    if (!place) return place.error();
    list += (list.empty() ? "" : ",") + place->string();
  }
  return list;
}

// SUMO reads links inside the scratch folder, so that it writes there only.
Result<std::vector<std::string>> arguments_of(const SumoSetup& setup, ScratchFolder& scratch) {
  std::vector<std::string> written = outputs_named_in(setup.config);
  for (const std::filesystem::path& file : setup.additional) {
    for (std::string& name : outputs_named_in(file)) written.push_back(std::move(name));
  }
  const auto config = scratch.mirror(setup.config, written);
  if (!config) return config.error();
  const auto net = scratch.mirror(setup.network_file, written);
  if (!net) return net.error();
  const auto routes = mirrored_list(scratch, setup.routes, written);
  if (!routes) return routes.error();
  const auto additional = mirrored_list(scratch, setup.additional, written);
  if (!additional) return additional.error();

  const auto in_scratch = [&scratch](const char* name) { return (scratch.path() / name).string(); };
  std::vector<std::string> arguments{"-c",
                                     config->string(),
                                     "--net-file",
                                     net->string(),
                                     "--seed",
                                     std::to_string(setup.seed),
                                     "--begin",
                                     fmt::format("{:.3f}", to_seconds(setup.begin)),
                                     "--step-length",
                                     fmt::format("{:.3f}", to_seconds(setup.step_length)),
                                     "--scale",
                                     fmt::format("{}", setup.demand_scale),
                                     "--no-step-log",
                                     "true",
                                     "--duration-log.disable",
                                     "true",
                                     "--xml-validation",
                                     "never",
                                     "--time-to-teleport",
                                     "-1",
                                     "--tripinfo-output",
                                     in_scratch("tripinfo.xml"),
                                     "--tripinfo-output.write-unfinished",
                                     "true",
                                     "--log",
                                     in_scratch("messages.log")};
  if (!routes->empty()) arguments.insert(arguments.end(), {"--route-files", *routes});
  if (!additional->empty()) arguments.insert(arguments.end(), {"--additional-files", *additional});
  // With a lane closed some routes end nowhere: their vehicles wait, the others go on.
  if (!setup.closed_lanes.empty())
    arguments.insert(arguments.end(), {"--ignore-route-errors", "true"});
  return arguments;
}

// SUMO listens until its first client has come: we come at once, and again until it does.
Result<traci::Client> connect(SumoProcess& process, std::uint16_t port) {
  const auto deadline = std::chrono::steady_clock::now() + connect_wait;
  for (;;) {
    Result<traci::Client> client = traci::Client::connect(port, connect_wait);
    if (client || !process.running() || std::chrono::steady_clock::now() >= deadline) return client;
    std::this_thread::sleep_for(connect_again);
  }
}

Done shake_hands(traci::Client& client) {
  const auto answers = client.ask(traci::Request().version(), answer_wait);
  if (!answers) return answers.error();
  const auto* version = std::get_if<std::int32_t>(&answers->front().value);
  if (version != nullptr && *version >= api_version) return {};
  return Fault{Reason::cannot_run, "SUMO's TraCI version",
               version == nullptr ? "none" : std::to_string(*version),
               fmt::format("{} (SUMO 1.15) or later", api_version)};
}

bool is_port_taken(const std::filesystem::path& log) {
  std::ifstream file(log);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return text.find("ddress already in use") != std::string::npos;
}

}  // namespace

std::filesystem::path RunningSumo::tripinfo_file() const {
  return scratch.path() / "tripinfo.xml";
}

Fault RunningSumo::with_last_words(Fault fault) const {
  const std::string words = last_words(log_of(scratch));
  if (!words.empty()) fault.seen += " (SUMO says: " + words + ")";
  return fault;
}

Result<RunningSumo> start_sumo(const SumoSetup& setup) {
  const Result<std::filesystem::path> program = found_on_path(setup.program);
  if (!program) return program.error();
  Result<ScratchFolder> scratch = ScratchFolder::make();
  if (!scratch) return scratch.error();
  const Result<std::vector<std::string>> arguments = arguments_of(setup, *scratch);
  if (!arguments) return arguments.error();

  Fault fault{Reason::cannot_run, "SUMO", "no free port", "one"};
  for (int i = 0; i < port_tries; ++i) {
    const Result<std::uint16_t> port = traci::Client::free_port();
    if (!port) return port.error();
    std::vector<std::string> words = *arguments;
    words.insert(words.end(), {"--remote-port", std::to_string(*port)});
    const std::filesystem::path log = log_of(*scratch);
    std::error_code ignored;
    std::filesystem::remove(log, ignored);
    Result<SumoProcess> process = SumoProcess::start(*program, words, log);
    if (!process) return process.error();
    Result<traci::Client> client = connect(*process, *port);
    if (client) {
      RunningSumo sumo{std::move(*scratch), std::move(*process), std::move(*client)};
      const Done done = shake_hands(sumo.client);
      if (done) return sumo;
      sumo.process.wait_for_end(std::chrono::milliseconds{500});  // its last words
      Fault refused = sumo.with_last_words(done.error());
      refused.reason = Reason::cannot_run;
      return refused;
    }
    fault = Fault{Reason::cannot_run, "SUMO", last_words(log), "a SUMO that starts"};
    if (fault.seen.empty()) fault.seen = client.error().text();
    process->wait_for_end(std::chrono::milliseconds{0});
    if (!is_port_taken(log)) break;
  }
  return fault;
}

}  // namespace chorraha::sumo
