#include "apps/centre/epoch.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace chorraha {
namespace {

Done write_synced(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path beside = file.string() + ".new";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      descriptor >= 0 &&
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!written || std::rename(beside.c_str(), file.c_str()) != 0) {
    return Fault{Reason::cannot_run, file.string(), std::strerror(errno),
                 "a file that can be written"};
  }
  return {};
}

}  // namespace

Result<std::uint64_t> raise_epoch(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::uint64_t epoch = 0;
  if (std::ifstream in(file); in) {
    if (!(in >> epoch))
      return Fault{Reason::bad_input, file.string(), "no number", "the epoch, a whole number"};
  }
  ++epoch;
  if (Done done = write_synced(file, std::to_string(epoch) + "\n"); !done) return done.error();
  return epoch;
}

}  // namespace chorraha
