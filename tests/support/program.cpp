#include "tests/support/program.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/places.hpp"

namespace chorraha::test {

Program::Program(const std::string& name, std::vector<std::string> arguments,
                 std::filesystem::path log)
    : log_(std::move(log)) {
  const std::string path = (build_root() / name).string();
  std::vector<char*> argv;
  arguments.insert(arguments.begin(), path);
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) throw std::runtime_error("no log " + log_.string());
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(path.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(out);
}

Program::~Program() {
  if (pid_ > 0 && !code_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Program::send(int signal) const {
  if (pid_ > 0 && !code_) ::kill(pid_, signal);
}

std::optional<int> Program::ended() {
  int status = 0;
  if (code_ || pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return code_;
  constexpr int killed_by = 128;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : killed_by + WTERMSIG(status);
  return code_;
}

std::string Program::said() const {
  return text_of(log_);
}

std::string text_of(const std::filesystem::path& file) {
  const std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace chorraha::test
