#include "apps/process/stop_signal.hpp"

#include <atomic>
#include <csignal>

#include <signal.h>

namespace chorraha {
namespace {

std::atomic<int> asked{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch it");

void take_default(int signal) {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
}

extern "C" void take_stop_signal(int signal) {
  asked = signal;
  take_default(SIGINT);
  take_default(SIGTERM);
}

}  // namespace

void watch_stop_signals() {
  asked = 0;
  struct sigaction action{};
  action.sa_handler = take_stop_signal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

int stop_signal() {
  return asked;
}

}  // namespace chorraha
