#include "apps/monitor/watch.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace chorraha {
namespace {

constexpr Milliseconds read_back_every{20};

}  // namespace

Watch::Watch(MonitorFiles::Accepted accepted, MonitorFiles files)
    : config_(std::move(accepted.config)),
      hash_(accepted.hash),
      files_(std::move(files)),
      monitor_(config_, hash_, Monitor::Begin::cold) {
  for (const Trip& trip : files_.latched(config_)) monitor_.latch(trip);
}

/// Since the read-back before; one period where there is none, or the driver was away.
Milliseconds Watch::elapsed_until(std::chrono::nanoseconds sent) {
  const std::chrono::nanoseconds before = judged_until_.value_or(sent + read_back_every);
  const auto elapsed = std::chrono::floor<Milliseconds>(sent - before);  // negative: none before
  const bool goes_on = elapsed.count() >= 0 && elapsed <= config_.silence_max();
  judged_until_ = goes_on ? before + elapsed : sent;
  return goes_on ? elapsed : read_back_every;
}

std::vector<Trip> Watch::hear_lamps(BootId boot, const ReadBackFrame::Entry& entry,
                                    std::chrono::nanoseconds sent) {
  if (entry.lenses.size() != config_.groups().size()) return {};
  if (!lamp_frames_.accept(boot, entry.number)) return {};
  lamps_seen_ = now_;
  Monitor::Answer answer =
      monitor_.step(elapsed_until(sent), entry.lenses, std::exchange(beat_, std::nullopt));
  unsaved_ = unsaved_ || std::ranges::any_of(answer.tripped, [](const Trip& trip) {
               return is_latched(trip.rule);
             });
  if (unsaved_ && files_.latch(config_, monitor_.latched())) unsaved_ = false;
  return std::move(answer.tripped);
}

void Watch::hear_controller(BootId boot, const HeartbeatFrame::Entry& entry) {
  if (beats_.accept(boot, entry.number)) beat_ = entry.config_hash;
}

void Watch::step(Tick now) {
  now_ = now;
  ++frames_;
}

Result<bool> Watch::mind_latch() {
  if (monitor_.latched().empty()) return false;
  if (unsaved_) {
    if (const Done done = files_.latch(config_, monitor_.latched()); !done) return done.error();
    unsaved_ = false;
  }
  if (files_.is_latched(config_.id())) return false;
  monitor_.reset();
  return true;
}

bool Watch::sees_lamps() const {
  return lamps_seen_ && now_ - *lamps_seen_ <= std::chrono::ceil<Ticks>(config_.silence_max());
}

bool Watch::permit() const {
  return sees_lamps() && monitor_.permit();
}

PermitFrame::Entry Watch::permit_entry() const {
  return {config_.id(), frames_, permit()};
}

HeartbeatFrame::Entry Watch::heartbeat() const {
  return {config_.id(), frames_, hash_};
}

std::string text_of(const IntersectionConfig& config, const Trip& trip) {
  std::string text{name_of(trip.rule)};
  if (trip.group.valid()) text += fmt::format(" of {}", config.group(trip.group).id.text());
  if (trip.other.valid()) text += fmt::format(" and {}", config.group(trip.other).id.text());
  return text + fmt::format(", {} ms", trip.measured.count());
}

}  // namespace chorraha
