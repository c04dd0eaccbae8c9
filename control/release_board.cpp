#include "control/release_board.hpp"

#include <algorithm>

#include "traffic/expect.hpp"

namespace chorraha {
namespace {

constexpr Milliseconds kept{90'000};  // longer than any way that a feeder counts

}  // namespace

void ReleaseBoard::announce(IntersectionIndex from, Instant now, std::span<const Release> planned) {
  CHORRAHA_EXPECT(from.valid() && from.value() < by_source_.size());
  std::vector<Release>& known = by_source_[from.value()];
  std::erase_if(known, [&](const Release& r) { return r.at > now || r.at < now - kept; });
  for (const Release& release : planned) {
    if (release.at > now && known.size() < most) known.push_back(release);
  }
}

std::vector<Release> ReleaseBoard::towards(const JunctionModel& junction) const {
  std::vector<Release> found;
  for (const std::vector<Release>& source : by_source_) {
    for (const Release& release : source) {
      if (std::ranges::binary_search(junction.feeders(), release.lane, {},
                                     &JunctionModel::Feeder::from))
        found.push_back(release);
    }
  }
  std::ranges::stable_sort(found, {}, &Release::at);
  return found;
}

}  // namespace chorraha
