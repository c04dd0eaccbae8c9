#include "console/lamp_history.hpp"

#include <chrono>

namespace chorraha::console {
namespace {

/// Drops what was over before `since`; the one that lasted beyond it stays.
template <class Entry>
void forget(std::deque<Entry>& entries, Instant since) {
  while (entries.size() > 1 && entries[1].from <= since) entries.pop_front();
}

}  // namespace

void TickMap::learn(const StateReport& report) {
  const Instant zero =
      report.instant - std::chrono::duration_cast<Milliseconds>(report.now.time_since_epoch());
  const bool same = zero_ && boot_ == report.boot && std::chrono::abs(zero - *zero_) <= slack;
  if (same) return;
  boot_ = report.boot;
  zero_ = zero;
}

Instant TickMap::instant(Tick tick) const {
  return zero_.value_or(Instant{}) +
         std::chrono::duration_cast<Milliseconds>(tick.time_since_epoch());
}

void LampHistory::add(const StateReport& report, const TickMap& map) {
  if (report.boot != boot_ || report.groups.size() != groups_.size()) {
    boot_ = report.boot;
    groups_.assign(report.groups.size(), {});
    stages_.clear();
  }
  const Instant since = report.instant - kept;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Shown shown{report.groups[g].aspect, map.instant(report.groups[g].since)};
    std::deque<Shown>& past = groups_[g];
    if (past.empty() || past.back().aspect != shown.aspect || past.back().from < shown.from) {
      past.push_back(shown);
    }
    forget(past, since);
  }
  const Stood stood{report.stage, map.instant(report.stage_since)};
  if (stages_.empty() || stages_.back().stage != stood.stage || stages_.back().from < stood.from) {
    stages_.push_back(stood);
  }
  forget(stages_, since);
}

}  // namespace chorraha::console
