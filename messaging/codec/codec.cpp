#include "messaging/codec/codec.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <google/protobuf/stubs/logging.h>

#include "messaging/codec/wire.hpp"

namespace chorraha {
namespace wire {
namespace {

constexpr std::byte picture_tag{0x5a};  // field 11, with a length

template <class Wire>
Result<Message> checked(std::string_view name, const Wire& from) {
  std::optional<Fault> fault;
  auto noun = read(Reader(fault, name), from);
  if (fault) return *std::move(fault);
  return Message{std::move(noun)};
}

Result<Message> read_content(const Envelope& envelope) {
  switch (envelope.content_case()) {
    case Envelope::kHello:
      return checked("Hello", envelope.hello());
    case Envelope::kHeartBeat:
      return checked("HeartBeat", envelope.heart_beat());
    case Envelope::kStateReport:
      return checked("StateReport", envelope.state_report());
    case Envelope::kHorizonPlan:
      return checked("HorizonPlan", envelope.horizon_plan());
    case Envelope::kRenew:
      return checked("Renew", envelope.renew());
    case Envelope::kTimetablePlan:
      return checked("TimetablePlan", envelope.timetable_plan());
    case Envelope::kPlanAnswer:
      return checked("PlanAnswer", envelope.plan_answer());
    case Envelope::kDetections:
      return checked("Detections", envelope.detections());
    case Envelope::kCameraHealth:
      return checked("CameraHealth", envelope.camera_health());
    case Envelope::kPictureWanted:
      return checked("PictureWanted", envelope.picture_wanted());
    case Envelope::kPicture:
      return checked("Picture", envelope.picture());
    case Envelope::kEvents:
      return checked("Events", envelope.events());
    case Envelope::kEventsSeen:
      return checked("EventsSeen", envelope.events_seen());
    case Envelope::kStreetView:
      return checked("StreetView", envelope.street_view());
    case Envelope::kExplanations:
      return checked("Explanations", envelope.explanations());
    case Envelope::CONTENT_NOT_SET:
      break;
  }
  return Fault{Reason::bad_input, "message", "no content that this version knows",
               "one content of messaging/schema"};
}

Fault oversize(std::size_t bytes, std::size_t allowed) {
  return Fault{Reason::bad_input, "message", fmt::format("{} bytes", bytes),
               fmt::format("at most {}", allowed)};
}

}  // namespace
}  // namespace wire

std::vector<std::byte> encode(const Message& message) {
  wire::Envelope envelope;
  std::visit([&](const auto& noun) { wire::put(noun, envelope); }, message);
  const google::protobuf::LogSilencer quiet;  // text that is no UTF-8: the reader says so
  std::vector<std::byte> bytes(envelope.ByteSizeLong());
  envelope.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

Result<Message> decode(std::span<const std::byte> bytes) {
  // Before parsing, so that nobody makes us build large things only to refuse them.
  const bool may_be_picture = !bytes.empty() && bytes.front() == wire::picture_tag;
  const std::size_t allowed = may_be_picture ? picture_bytes_max : message_bytes_max;
  if (bytes.size() > allowed) return wire::oversize(bytes.size(), allowed);
  const google::protobuf::LogSilencer quiet;
  wire::Envelope envelope;
  if (!envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Fault{Reason::bad_input, "message", fmt::format("{} malformed bytes", bytes.size()),
                 "an Envelope of messaging/schema with UTF-8 texts"};
  if (!envelope.has_picture() && bytes.size() > message_bytes_max)
    return wire::oversize(bytes.size(), message_bytes_max);
  return wire::read_content(envelope);
}

std::vector<std::byte> encode_plan(const Plan& plan) {
  return std::visit([](const auto& noun) { return encode(Message{noun}); }, plan);
}

Result<Plan> decode_plan(std::span<const std::byte> bytes) {
  Result<Message> message = decode(bytes);
  if (!message) return message.error();
  if (auto* horizon = std::get_if<HorizonPlan>(&*message)) return Plan{std::move(*horizon)};
  if (auto* renew = std::get_if<Renew>(&*message)) return Plan{*renew};
  if (auto* timetable = std::get_if<TimetablePlan>(&*message)) return Plan{std::move(*timetable)};
  return Fault{Reason::bad_input, "plan", std::string(kind_of(*message)),
               "HorizonPlan, Renew or TimetablePlan"};
}

}  // namespace chorraha
