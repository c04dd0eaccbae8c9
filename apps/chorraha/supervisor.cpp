#include "apps/chorraha/supervisor.hpp"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/args.hpp>
#include <boost/process/async.hpp>
#include <boost/process/child.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chorraha {
namespace {

namespace process = boost::process;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("ended with {}", WEXITSTATUS(status));
}

bool says_it_cannot_run(int status) {  // apps/process/exit_code.hpp
  if (!WIFEXITED(status)) return false;
  const int code = WEXITSTATUS(status);
  return code >= 2 && code <= 4;
}

}  // namespace

struct Supervisor::Child {
  explicit Child(boost::asio::io_context& io) : again(io) {}
  ChildProgram program;
  std::optional<process::child> running;
  bool alive = false;
  bool lived_once = false;
  Clock::time_point since;
  std::chrono::milliseconds pause{0};
  boost::asio::steady_timer again;

  void signal(int number) const {
    if (alive && running) ::kill(running->id(), number);
  }
  void let_go() {
    if (running) running->detach();
  }
};

struct Supervisor::Deadline {
  explicit Deadline(boost::asio::io_context& io) : timer(io) {}
  boost::asio::steady_timer timer;
};

std::string last_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string last;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

Supervisor::Supervisor(boost::asio::io_context& io, std::filesystem::path log_folder,
                       Notices notices, const Patience& patience)
    : io_(io),
      log_folder_(std::move(log_folder)),
      notices_(std::move(notices)),
      patience_(patience),
      deadline_(std::make_unique<Deadline>(io)) {
  std::filesystem::create_directories(log_folder_);
}

Supervisor::~Supervisor() {
  for (const auto& child : children_) {
    child->signal(SIGKILL);
    child->let_go();
  }
}

void Supervisor::start(ChildProgram program) {
  children_.push_back(std::make_unique<Child>(io_));
  children_.back()->program = std::move(program);
  children_.back()->pause = patience_.first_pause;
  launch(*children_.back());
}

void Supervisor::launch(Child& child) {
  const std::filesystem::path log = log_folder_ / (child.program.name + ".log");
  const std::unique_ptr<FILE, int (*)(FILE*)> out(std::fopen(log.c_str(), "ae"), &std::fclose);
  if (!out) {
    fail(4, fmt::format("{}: cannot be written; allowed: a folder with room", log.string()));
    return;
  }
  std::error_code failed;
  child.running.emplace(
      child.program.program.string(), process::args(child.program.arguments), failed, io_,
      process::std_in<process::null, process::std_out> out.get(), process::std_err > out.get(),
      process::on_exit([this, &child](int, const std::error_code&) { ended(child); }),
      process::extend::on_exec_setup([](auto&) {
        ::setpgid(0, 0);  // Ctrl-C reaches the supervisor alone, which then stops all in order
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      }));
  if (failed) {
    fail(4,
         fmt::format("{} cannot be started: {}", child.program.program.string(), failed.message()));
    return;
  }
  child.alive = true;
  child.since = Clock::now();
}

void Supervisor::fail(int exit_code, const std::string& message) {
  if (!std::exchange(failed_, true)) notices_.fatal(exit_code, message);
}

void Supervisor::ended(Child& child) {
  const int status = child.running ? child.running->native_exit_code() : 0;  // as of waitpid
  child.alive = false;
  if (stopping_) {
    stop_if_all_ended();
    return;
  }
  const auto lived = Clock::now() - child.since;
  child.lived_once = child.lived_once || lived > patience_.life_that_counts;
  if (!child.lived_once && says_it_cannot_run(status)) {
    fail(WEXITSTATUS(status), last_line(log_folder_ / (child.program.name + ".log")));
    return;
  }
  if (lived > patience_.life_that_forgives) child.pause = patience_.first_pause;
  notices_.say(fmt::format("{} {}; again in {} s", child.program.name, how_it_ended(status),
                           std::chrono::duration<double>(child.pause).count()));
  child.again.expires_after(child.pause);
  child.pause = std::min(child.pause * 2, patience_.longest_pause);
  child.again.async_wait([this, &child](const boost::system::error_code& cancelled) {
    if (cancelled || stopping_) return;
    notices_.say(child.program.name + " started again");
    launch(child);
  });
}

void Supervisor::stop(std::function<void()> done) {
  if (std::exchange(stopping_, true)) return;
  done_ = std::move(done);
  for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
    (*child)->again.cancel();
    (*child)->signal(SIGTERM);
  }
  deadline_->timer.expires_after(patience_.at_stop);
  deadline_->timer.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    for (const auto& child : children_) {
      child->signal(SIGKILL);
    }
  });
  stop_if_all_ended();
}

void Supervisor::stop_if_all_ended() {
  for (const auto& child : children_) {
    if (child->alive) return;
  }
  deadline_->timer.cancel();
  if (const auto done = std::exchange(done_, nullptr)) done();
}

}  // namespace chorraha
