#include "apps/process/output.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

namespace chorraha {

Done write_output(const std::string& target, std::string_view text) {
  const bool is_standard = target == "-";
  errno = 0;
  bool is_written = false;
  if (is_standard) {
    is_written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  } else {
    std::ofstream out(target, std::ios::binary | std::ios::trunc);
    out << text;
    is_written = static_cast<bool>(out.flush());
  }
  if (is_written) return {};
  return Fault{Reason::cannot_run, is_standard ? "standard output" : target,
               std::generic_category().message(errno), "a place that can be written"};
}

}  // namespace chorraha
