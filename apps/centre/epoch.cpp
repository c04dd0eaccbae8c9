#include "apps/centre/epoch.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace chorraha {
namespace {

Fault cannot_write(const std::filesystem::path& file) {
  return Fault{Reason::cannot_run, file.string(), std::generic_category().message(errno),
               "a file that can be written"};
}

Done sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return cannot_write(folder);
  Done done;
  if (::fsync(descriptor) != 0) done = cannot_write(folder);
  ::close(descriptor);
  return done;
}

/// A crash leaves the old text or the new one, never half of it.
Done write_synced(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path beside = file.string() + ".new";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(beside);
  errno = ENOSPC;  // what a short write means
  Done done;
  if (::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(descriptor) != 0)
    done = cannot_write(beside);
  ::close(descriptor);
  if (!done) return done;
  if (std::rename(beside.c_str(), file.c_str()) != 0) return cannot_write(file);
  return sync_folder(file.parent_path());
}

/// A whole number and nothing else.
std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || std::string_view(read_to, end) != "\n") return std::nullopt;
  return number;
}

}  // namespace

Result<std::uint64_t> raise_epoch(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::uint64_t epoch = 0;
  if (std::ifstream in(file); in) {
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::optional<std::uint64_t> kept = number_in(text);
    if (!kept)
      return Fault{Reason::bad_input, file.string(), text.empty() ? "nothing" : text,
                   "the epoch, a whole number on a line"};
    epoch = *kept;
  }
  ++epoch;
  if (const Done done = write_synced(file, std::to_string(epoch) + "\n"); !done)
    return done.error();
  return epoch;
}

}  // namespace chorraha
