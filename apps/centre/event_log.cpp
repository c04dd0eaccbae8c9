#include "apps/centre/event_log.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

namespace chorraha {
namespace {

/// The text with a space for each control character: it stays on its line.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return c < ' '; }, ' ');
  return text;
}

}  // namespace

Result<EventLog> EventLog::open(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::unique_ptr<std::FILE, Close> opened(std::fopen(file.c_str(), "ae"));
  if (!opened)
    return Fault{Reason::cannot_run, file.string(), std::generic_category().message(errno),
                 "a file that can be written"};
  return EventLog(std::move(opened));
}

Result<EventLog::Kept> EventLog::keep(const std::string& device, const Events& events) {
  auto& [boot, number] = last_[device];
  if (boot != events.boot) {
    boot = events.boot;
    number = 0;
  }
  Kept kept;
  kept.first_new = number < events.first
                       ? 0
                       : std::min<std::size_t>(number - events.first + 1, events.events.size());
  for (std::size_t i = kept.first_new; i < events.events.size(); ++i) {
    const Event& event = events.events[i];
    fmt::print(file_.get(), "{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} {} {}\n",
               fmt::gmtime(std::chrono::system_clock::to_time_t(event.at)),
               event.at.time_since_epoch().count() % 1000, event.intersection.text(),
               name_of(event.kind), on_one_line(event.detail));
  }
  if (std::fflush(file_.get()) != 0 || ::fdatasync(::fileno(file_.get())) != 0) {
    return Fault{Reason::lost, "event log", std::generic_category().message(errno),
                 "a disk with room"};
  }
  number = std::max(number, events.first + events.events.size() - 1);
  kept.seen = EventsSeen{events.boot, number};
  return kept;
}

}  // namespace chorraha
