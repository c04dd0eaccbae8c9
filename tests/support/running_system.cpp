#include "tests/support/running_system.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <sstream>
#include <utility>

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "apps/common/http_get.hpp"

namespace chorraha::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';
  std::vector<std::string> arguments;

  [[nodiscard]] bool is(std::string_view name) const {
    if (arguments.empty()) return false;
    const std::string program = fs::path(arguments[0]).filename().string();
    if (program == fmt::format("chorraha-{}", name)) return true;
    return program == "chorraha" && arguments.size() > 1 && arguments[1] == name;
  }
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

/// PID (NAME) STATE PARENT …; the name may hold anything.
void read_stat(const fs::path& folder, Process& process) {
  const std::string text = text_of(folder / "stat");
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return;
  std::istringstream(text.substr(end + 1)) >> process.state >> process.parent;
}

std::vector<Process> processes() {
  std::vector<Process> all;
  std::error_code gone;
  for (fs::directory_iterator folder("/proc", gone), end; !gone && folder != end;
       folder.increment(gone)) {
    const std::string name = folder->path().filename().string();
    if (!std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; })) continue;
    Process process;
    process.pid = static_cast<pid_t>(std::stol(name));
    process.arguments = split(text_of(folder->path() / "cmdline"), '\0');
    read_stat(folder->path(), process);
    if (process.state != 'Z' && !process.arguments.empty()) all.push_back(std::move(process));
  }
  return all;
}

std::optional<Process> child_of(pid_t parent, std::string_view name) {
  for (Process& process : processes())
    if (process.parent == parent && process.is(name)) return std::move(process);
  return std::nullopt;
}

}  // namespace

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);  // NOLINT(*-reinterpret-cast): sockets
  const bool bound = ::bind(socket, plain, size) == 0 && ::getsockname(socket, plain, &size) == 0;
  ::close(socket);
  return bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

std::string stamp(std::chrono::system_clock::time_point at) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(at)), ms % 1000);
}

std::vector<std::string> lines_since(const std::string& text, const std::string& since) {
  std::vector<std::string> lines;
  for (std::string& line : split(text, '\n'))
    if (line.starts_with("20") && line.substr(0, since.size()) >= since)
      lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> programs_of(const fs::path& var) {
  std::vector<std::string> lines;
  for (const Process& process : processes()) {
    if (std::ranges::find(process.arguments, var.string()) == process.arguments.end()) continue;
    std::string& line = lines.emplace_back(std::to_string(process.pid));
    for (const std::string& argument : process.arguments) line += " " + argument;
  }
  return lines;
}

RunningSystem::RunningSystem(fs::path var, std::vector<std::string> more, fs::path state)
    : var_(std::move(var)), state_(state.empty() ? var_ : std::move(state)), port_(free_port()) {
  std::vector<std::string> arguments{"run", "--port", std::to_string(port_), "--var",
                                     var_.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  fs::create_directories(var_);
  run_ = std::make_unique<Program>("chorraha", std::move(arguments), var_ / "run.log");
}

std::optional<SystemStatus> RunningSystem::status() const {
  const Result<std::string> body = http_get(port_, "/api/status", 500ms);
  if (!body) return std::nullopt;
  const auto said = nlohmann::json::parse(*body, nullptr, false);
  if (!said.is_object()) return std::nullopt;
  SystemStatus status;
  status.signals = said.value("signals", 0);
  status.follow = said.value("follow", 0);
  status.off_plan = said.value("off_plan", 0);
  status.silent = said.value("silent", 0);
  status.starting = said.value("starting", 0);
  if (said.contains("chain")) {
    status.counts = said["chain"].value("counts", 0);
    status.plan = said["chain"].value("plan", "");
    status.lamps = said["chain"].value("lamps", "");
    status.missing = said["chain"].value("missing", "the chain");
  }
  return status;
}

bool RunningSystem::all_follow() const {
  const auto now = status();
  return now && now->signals > 0 && now->follow == now->signals;
}

std::optional<pid_t> RunningSystem::child(std::string_view name) const {
  const auto found = child_of(run_->pid(), name);
  if (!found) return std::nullopt;
  return found->pid;
}

std::optional<pid_t> RunningSystem::sumo() const {
  const auto street = child("street");
  if (!street) return std::nullopt;
  for (const Process& process : processes()) {
    if (process.parent == *street && fs::path(process.arguments[0]).filename() == "sumo")
      return process.pid;
  }
  return std::nullopt;
}

bool RunningSystem::send(std::string_view name, int signal) const {
  const auto pid = child(name);
  return pid && ::kill(*pid, signal) == 0;
}

std::string RunningSystem::argument(std::string_view name, std::string_view option) const {
  const auto found = child_of(run_->pid(), name);
  if (!found) return {};
  const auto at = std::ranges::find(found->arguments, option);
  return at == found->arguments.end() || at + 1 == found->arguments.end() ? std::string() : at[1];
}

std::vector<std::string> RunningSystem::log(std::string_view name, const std::string& since) const {
  return lines_since(text_of(state_ / "log" / fmt::format("{}.log", name)), since);
}

std::string RunningSystem::story() const {
  std::string story = "run said:\n" + run_->said();
  for (const char* name : {"centre", "street", "monitor", "controller", "camera"}) {
    const std::string text = text_of(state_ / "log" / fmt::format("{}.log", name));
    constexpr std::size_t shown = 2000;
    story += fmt::format("\n{}.log ends:\n{}", name,
                         text.substr(text.size() > shown ? text.size() - shown : 0));
  }
  return story;
}

}  // namespace chorraha::test
