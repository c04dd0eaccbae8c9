#include "apps/controller/event_log.hpp"

#include <algorithm>
#include <utility>

namespace chorraha {

void EventLog::add(std::vector<Event> events) {
  for (Event& event : events) kept_.push_back(std::move(event));
  while (kept_.size() > kept_max) {
    kept_.pop_front();
    ++first_;
  }
}

std::optional<Events> EventLog::next(Tick now) {
  if (std::exchange(progressed_, false) || sent_ == acknowledged_) progress_ = now;
  if (now - progress_ > acknowledged_within) {
    send_again();
    progress_ = now;
  }
  const std::uint64_t from = std::max(sent_ + 1, first_);
  const std::uint64_t end = first_ + kept_.size();
  if (from >= end) return {};
  Events batch{boot_, from, {}};
  const auto begin = kept_.begin() + static_cast<std::ptrdiff_t>(from - first_);
  const auto count = std::min<std::uint64_t>(batch_max, end - from);
  batch.events.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  sent_ = from + count - 1;
  return batch;
}

void EventLog::seen(const EventsSeen& seen) {
  if (seen.boot != boot_ || seen.up_to <= acknowledged_ || seen.up_to > sent_) return;
  acknowledged_ = seen.up_to;
  progressed_ = true;
  while (!kept_.empty() && first_ <= acknowledged_) {
    kept_.pop_front();
    ++first_;
  }
}

}  // namespace chorraha
