#include "apps/camera/capture.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace chorraha::camera {
namespace {

using Steady = std::chrono::steady_clock;

void wait_until(const std::stop_token& stop, Steady::time_point when) {
  std::mutex guards_nothing;
  std::condition_variable_any woken;
  std::unique_lock lock(guards_nothing);
  woken.wait_until(lock, stop, when, [] { return false; });
}

// Hands on pictures of one opening; returns why it ended, or nothing at the end of a recording.
std::optional<Fault> play(const std::stop_token& stop, FrameSource& source, std::uint64_t opening,
                          Latest<Shot>& newest, const std::function<void()>& on_picture) {
  const Steady::time_point begun = Steady::now();
  while (!stop.stop_requested()) {
    auto frame = source.next();
    if (!frame) return frame.error();
    std::optional<Frame> picture = *std::move(frame);
    if (!picture) return std::nullopt;
    if (!source.live()) {
      const auto due = std::chrono::duration<double>(picture->time_s);
      wait_until(stop, begun + std::chrono::duration_cast<Steady::duration>(due));
    }
    newest.put({std::move(*picture), opening, source.fps()});
    on_picture();
  }
  return std::nullopt;
}

}  // namespace

std::chrono::seconds BackOff::next() {
  constexpr std::chrono::seconds longest{30};
  return std::exchange(wait_, std::min(2 * wait_, longest));
}

void StreamState::set(Value value) {
  const std::scoped_lock lock(guards_value_);
  value_ = std::move(value);
}
StreamState::Value StreamState::get() const {
  const std::scoped_lock lock(guards_value_);
  return value_;
}

void capture(const std::stop_token& stop, const CaptureSettings& settings, Latest<Shot>& newest,
             StreamState& state, Log& log) {
  BackOff back_off;
  bool told_lost = false;
  for (std::uint64_t opening = 1; !stop.stop_requested(); ++opening) {
    bool any = false;
    const auto on_picture = [&] {
      if (std::exchange(any, true)) return;
      back_off.begin_anew();
      state.set({true, ""});
      if (opening == 1 || told_lost) log.info("pictures arrive from " + settings.source);
      told_lost = false;
    };
    auto source = open_frame_source(settings.source, settings.options);
    const std::optional<Fault> fault =
        source ? play(stop, **source, opening, newest, on_picture) : source.error();
    if (stop.stop_requested()) return;
    if (!fault && any) continue;  // a recording ended: from its begin again
    const std::string trouble = fault ? fault->text() : settings.source + ": no picture";
    const std::chrono::seconds wait = back_off.next();
    state.set({false, trouble});
    log.warn(fmt::format("no pictures: {}; trying again in {} s", trouble, wait.count()));
    told_lost = true;
    wait_until(stop, Steady::now() + wait);
  }
}

}  // namespace chorraha::camera
