#include "messaging/codec/message.hpp"

#include <array>

#include "traffic/expect.hpp"

namespace chorraha {

std::string_view name_of(DeviceRole role) {
  constexpr std::array<std::string_view, 4> names{"centre", "controller", "camera", "street"};
  const auto place = static_cast<std::size_t>(role);
  CHORRAHA_EXPECT(place < names.size());
  return names[place];
}

std::string_view kind_of(const Message& message) {
  constexpr std::array<std::string_view, std::variant_size_v<Message>> names{
      "Hello",         "HeartBeat",  "StateReport", "HorizonPlan",  "Renew",
      "TimetablePlan", "PlanAnswer", "Detections",  "CameraHealth", "PictureWanted",
      "Picture",       "Events",     "EventsSeen",  "StreetView",   "Explanations"};
  return names[message.index()];
}

}  // namespace chorraha
