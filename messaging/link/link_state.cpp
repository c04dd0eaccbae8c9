#include "messaging/link/link_state.hpp"

#include <array>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha {

std::string_view name_of(LinkState state) {
  constexpr std::array<std::string_view, 6> names{"searching", "online",       "suspect",
                                                  "silent",    "disconnected", "backup"};
  const auto place = static_cast<std::size_t>(state);
  CHORRAHA_EXPECT(place < names.size());
  return names[place];
}

LinkState state_after(Ticks silence) {
  constexpr std::array<std::pair<std::chrono::seconds, LinkState>, 4> ladder{
      {{std::chrono::seconds{120}, LinkState::backup},
       {std::chrono::seconds{30}, LinkState::disconnected},
       {std::chrono::seconds{10}, LinkState::silent},
       {std::chrono::seconds{3}, LinkState::suspect}}};
  for (const auto& [limit, state] : ladder)
    if (silence >= limit) return state;
  return LinkState::online;
}

}  // namespace chorraha
