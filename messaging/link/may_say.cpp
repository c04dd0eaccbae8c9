#include <algorithm>
#include <variant>

#include "messaging/link/centre_link.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

/// What one device may say; anything not named here it may not.
struct MaySay {
  DeviceRole role;
  std::string_view name;

  [[nodiscard]] bool of_intersection(const IntersectionId& id) const {
    return role == DeviceRole::controller && name == key_name(role, id.text());
  }
  [[nodiscard]] bool of_camera(const CameraId& id) const {
    return role == DeviceRole::camera && name == key_name(role, id.text());
  }

  bool operator()(const Hello& hello) const {
    return hello.role == role && std::ranges::all_of(hello.served, [this](const Served& served) {
             return of_intersection(served.intersection);
           });
  }
  bool operator()(const HeartBeat& /*beat*/) const { return true; }
  bool operator()(const StateReport& report) const { return of_intersection(report.intersection); }
  bool operator()(const PlanAnswer& answer) const { return of_intersection(answer.intersection); }
  bool operator()(const Explanations& why) const { return of_intersection(why.intersection); }
  bool operator()(const Events& events) const {
    return std::ranges::all_of(
        events.events, [this](const Event& event) { return of_intersection(event.intersection); });
  }
  bool operator()(const Detections& /*seen*/) const {
    return role == DeviceRole::controller || role == DeviceRole::camera;
  }
  bool operator()(const CameraHealth& health) const { return of_camera(health.camera); }
  bool operator()(const Picture& picture) const { return of_camera(picture.camera); }
  bool operator()(const StreetView& /*view*/) const { return role == DeviceRole::street; }
  template <class Other>
  bool operator()(const Other& /*only the centre says it*/) const {
    return false;
  }
};

}  // namespace

bool may_say(DeviceRole role, std::string_view name, const Message& message) {
  return std::visit(MaySay{role, name}, message);
}

}  // namespace chorraha
