#pragma once

#include "traffic/result.hpp"

namespace chorraha {

/// What a program ends with (docs/cli.md).
enum ExitCode : int {
  exit_ok = 0,
  exit_check_failed = 1,
  exit_usage = 2,
  exit_bad_input = 3,
  exit_cannot_run = 4,
  exit_interrupted = 130,
  exit_asked_to_stop = 143,
};

[[nodiscard]] constexpr ExitCode exit_code_of(Reason reason) {
  switch (reason) {
    case Reason::bad_input:
    case Reason::not_possible:
      return exit_bad_input;
    case Reason::not_built_yet:
      return exit_usage;
    case Reason::cannot_run:
    case Reason::lost:
    case Reason::refused:
      return exit_cannot_run;
  }
  return exit_cannot_run;
}

/// The end of a program that a signal asked to stop.
[[nodiscard]] constexpr ExitCode exit_code_of_signal(int signal) {
  constexpr int interrupt = 2;
  return signal == interrupt ? exit_interrupted : exit_asked_to_stop;
}

}  // namespace chorraha
