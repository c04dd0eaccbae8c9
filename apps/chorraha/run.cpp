#include "apps/chorraha/run.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/chorraha/cast.hpp"
#include "apps/chorraha/supervisor.hpp"
#include "apps/common/http_get.hpp"
#include "apps/common/places.hpp"
#include "apps/process/exit_code.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto check_gives_up_after = 180s;
constexpr auto look_every = 500ms;

void say(const std::string& line) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::printf("%s  %s\n", fmt::format("{:%H:%M:%S}", fmt::localtime(now)).c_str(), line.c_str());
  std::fflush(stdout);
}

int complain(const std::string& message, int exit_code) {
  std::fprintf(stderr, "chorraha: %s\n", message.c_str());
  return exit_code;
}

/// The run of all programs, from the first start to the last stop.
class Run {
 public:
  explicit Run(RunOptions options)
      : options_(std::move(options)), signals_(io_, SIGINT, SIGTERM), look_(io_) {}

  int run() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
      if (cancelled) return;
      finish(exit_code_of_signal(signal));
    });
    if (const Done free = port_is_free(options_.port); !free)
      return complain(free.error().text(), exit_cannot_run);
    Result<Cast> cast = cast_for(options_);
    io_.poll();  // asked to stop meanwhile? Then a step that failed did so for that.
    if (stopping_) return exit_code_;
    if (!cast) return complain(cast.error().text(), exit_code_of(cast.error().reason));
    cast_ = std::move(*cast);
    for (const std::string& step : cast_.steps) say(step);
    start();
    io_.run();
    return exit_code_;
  }

 private:
  void start() {
    supervisor_.emplace(
        io_, cast_.var / "log",
        Supervisor::Notices{
            .say = say, .fatal = [this](int code, const std::string& why) { fail(code, why); }});
    for (const ChildProgram& program : cast_.programs) {
      supervisor_->start(program);
      say(program.name + " started");
    }
    begun_ = std::chrono::steady_clock::now();
    look_again();
  }

  void fail(int code, const std::string& why) {
    complain(why, code);
    finish(code);
  }

  void finish(int code) {
    if (stopping_) return;
    stopping_ = true;
    exit_code_ = code;
    look_.cancel();
    if (code == exit_interrupted || code == exit_asked_to_stop) say("stopping");
    if (supervisor_) supervisor_->stop([this] { io_.stop(); });
  }

  void look_again() {
    look_.expires_after(look_every);
    look_.async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled || stopping_) return;
      look();
      if (!stopping_) look_again();
    });
  }

  void look() {
    const Result<std::string> body = http_get(options_.port, "/api/status", 400ms);
    if (body) {
      const json status = json::parse(*body, nullptr, false);
      if (status.is_object()) tell(status);
    }
    if (options_.headless_check &&
        std::chrono::steady_clock::now() - begun_ > check_gives_up_after) {
      fail(exit_check_failed,
           "headless check: the chain did not close within 180 s; missing: " + missing_);
    }
  }

  void tell(const json& status) {
    if (!page_up_) {
      page_up_ = true;
      say(fmt::format("page: http://127.0.0.1:{}", options_.port));
    }
    tell_signals(status);
    const json chain = status.value("chain", json::object());
    missing_ = chain.value("missing", std::string("the centre says nothing of it"));
    if (missing_ != said_missing_ && !chain_closed_) {
      said_missing_ = missing_;
      if (!missing_.empty()) say("chain waits for: " + missing_);
    }
    if (missing_.empty() && !chain_closed_) {
      chain_closed_ = true;
      const std::string line = fmt::format(
          "saw: {} counts, plan {}, lamps {} at {}", chain.value("counts", 0),
          chain.value("plan", ""), chain.value("lamps", ""), chain.value("intersection", ""));
      if (!options_.headless_check) {
        say(line);
        return;
      }
      std::printf("%s\n", line.c_str());
      std::fflush(stdout);
      finish(exit_ok);
    }
  }

  void tell_signals(const json& status) {
    const std::string line = fmt::format(
        "{} of {} signals follow their plan, {} starting, {} off plan, {} silent",
        status.value("follow", 0), status.value("signals", 0), status.value("starting", 0),
        status.value("off_plan", 0), status.value("silent", 0));
    if (line == said_signals_) return;
    said_signals_ = line;
    say(line);
  }

  RunOptions options_;
  Cast cast_;
  asio::io_context io_;
  asio::signal_set signals_;
  asio::steady_timer look_;
  std::optional<Supervisor> supervisor_;  // once all is made
  std::chrono::steady_clock::time_point begun_;
  int exit_code_ = 0;
  bool stopping_ = false;
  bool page_up_ = false;
  bool chain_closed_ = false;
  std::string missing_ = "the page";
  std::string said_missing_;
  std::string said_signals_;
};

}  // namespace

int run_everything(const RunOptions& options) {
  return Run(options).run();
}

}  // namespace chorraha
