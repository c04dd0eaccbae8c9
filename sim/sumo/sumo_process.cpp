#include "sim/sumo/sumo_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chorraha::sumo {
namespace {

constexpr std::chrono::milliseconds look_again{5};

Fault system_fault(const std::string& thing, int error) {
  return Fault{Reason::cannot_run, thing, std::generic_category().message(error),
               "permission and space for it"};
}

// Environment of the child: ours, and SUMO_HOME where Debian puts it if we have none.
std::vector<std::string> child_environment() {
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) variables.emplace_back(*each);
  const bool is_named = std::ranges::any_of(
      variables, [](const std::string& each) { return each.starts_with("SUMO_HOME="); });
  if (!is_named) variables.emplace_back("SUMO_HOME=/usr/share/sumo");
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  found.reserve(texts.size() + 1);
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

}  // namespace

Result<std::filesystem::path> found_on_path(const std::string& program) {
  constexpr std::string_view key = "PATH=";
  std::string_view rest;
  for (char** each = environ; *each != nullptr; ++each) {
    if (std::string_view(*each).starts_with(key)) rest = std::string_view(*each).substr(key.size());
  }
  if (program.find('/') != std::string::npos) rest = "";
  if (program.find('/') != std::string::npos && access(program.c_str(), X_OK) == 0) return program;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::filesystem::path candidate = std::filesystem::path(rest.substr(0, end)) / program;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::error_code error;
    if (std::filesystem::is_regular_file(candidate, error) && access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return Fault{Reason::cannot_run, "program " + program, "not found on PATH",
               "SUMO 1.15 (Debian package sumo)"};
}

Result<SumoProcess> SumoProcess::start(const std::filesystem::path& program,
                                       const std::vector<std::string>& arguments,
                                       const std::filesystem::path& log) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = child_environment();
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return system_fault(log.string(), errno);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) {
    const int error = errno;
    ::close(out);
    return system_fault(program.string(), error);
  }
  if (pid == 0) {  // only calls that are safe after fork
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    setsid();  // a Ctrl-C is for us; we stop SUMO
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  ::close(out);
  return SumoProcess(pid);
}

SumoProcess::SumoProcess(SumoProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), ended_well_(other.ended_well_), cpu_s_(other.cpu_s_) {}

SumoProcess& SumoProcess::operator=(SumoProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_well_, other.ended_well_);
  std::swap(cpu_s_, other.cpu_s_);
  return *this;
}

SumoProcess::~SumoProcess() {
  wait_for_end(std::chrono::milliseconds{0});
}

void SumoProcess::reap(int status) {
  ended_well_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  pid_ = -1;
}

bool SumoProcess::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) reap(status);
  return pid_ >= 0;
}

bool SumoProcess::wait_for_end(std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (running() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(look_again);
  if (pid_ >= 0) {
    int status = 0;
    kill(pid_, SIGKILL);
    if (waitpid(pid_, &status, 0) == pid_) reap(status);
    ended_well_ = false;
  }
  return ended_well_;
}

// Fields 14 and 15 of /proc/PID/stat are user and system time in clock ticks; proc(5).
double SumoProcess::cpu_s() {
  if (pid_ < 0) return cpu_s_;
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t behind_name = text.rfind(')');
  if (behind_name == std::string::npos) return cpu_s_;
  double user = 0;
  double system = 0;
  std::size_t at = behind_name;
  for (int field = 2; field < 15 && at != std::string::npos; ++field) {
    at = text.find(' ', at + 1);
    if (field == 12 + 1 && at != std::string::npos) user = std::atof(text.c_str() + at);
    if (field == 12 + 2 && at != std::string::npos) system = std::atof(text.c_str() + at);
  }
  cpu_s_ = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return cpu_s_;
}

}  // namespace chorraha::sumo
