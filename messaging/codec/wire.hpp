#pragma once

#include "chorraha.pb.h"
#include "messaging/codec/message.hpp"
#include "messaging/codec/reader.hpp"

/// Each noun to its wire message and back. Inside of messaging/codec only.
namespace chorraha::wire {

template <class E>
[[nodiscard]] constexpr int wire_value(E value) {
  return static_cast<int>(value) + 1;  // 0 is unused on the wire
}
[[nodiscard]] constexpr std::int64_t wire_tick(Tick tick) {
  return tick.time_since_epoch().count();
}
[[nodiscard]] constexpr std::int64_t wire_ms(Instant at) {
  return at.time_since_epoch().count();
}
template <class I>
[[nodiscard]] constexpr std::uint32_t wire_place(I index) {
  return static_cast<std::uint32_t>(index.value());
}
[[nodiscard]] inline std::string wire_bytes(const ConfigHash& hash) {
  return std::string(hash.bytes.begin(), hash.bytes.end());
}
void put(const PlanSequence& noun, Sequence& out);
[[nodiscard]] PlanSequence read_sequence(const Reader& in, const Sequence& from);
[[nodiscard]] BootId read_boot(const Reader& in, bool present, std::uint64_t value);

// greeting.cpp
void put(const chorraha::Hello& noun, Envelope& envelope);
void put(const chorraha::HeartBeat& noun, Envelope& envelope);
[[nodiscard]] chorraha::Hello read(const Reader& in, const Hello& from);
[[nodiscard]] chorraha::HeartBeat read(const Reader& in, const HeartBeat& from);

// plans.cpp
void put(const chorraha::HorizonPlan& noun, Envelope& envelope);
void put(const chorraha::Renew& noun, Envelope& envelope);
void put(const chorraha::TimetablePlan& noun, Envelope& envelope);
void put(const chorraha::PlanAnswer& noun, Envelope& envelope);
[[nodiscard]] chorraha::HorizonPlan read(const Reader& in, const HorizonPlan& from);
[[nodiscard]] chorraha::Renew read(const Reader& in, const Renew& from);
[[nodiscard]] chorraha::TimetablePlan read(const Reader& in, const TimetablePlan& from);
[[nodiscard]] chorraha::PlanAnswer read(const Reader& in, const PlanAnswer& from);

// signals.cpp
void put(const chorraha::StateReport& noun, Envelope& envelope);
void put(const chorraha::Explanations& noun, Envelope& envelope);
void put(const chorraha::Events& noun, Envelope& envelope);
void put(const chorraha::EventsSeen& noun, Envelope& envelope);
[[nodiscard]] chorraha::StateReport read(const Reader& in, const StateReport& from);
[[nodiscard]] chorraha::Explanations read(const Reader& in, const Explanations& from);
[[nodiscard]] chorraha::Events read(const Reader& in, const Events& from);
[[nodiscard]] chorraha::EventsSeen read(const Reader& in, const EventsSeen& from);

// seen.cpp
void put(const chorraha::Detections& noun, Envelope& envelope);
void put(const chorraha::CameraHealth& noun, Envelope& envelope);
void put(const chorraha::PictureWanted& noun, Envelope& envelope);
void put(const chorraha::Picture& noun, Envelope& envelope);
void put(const chorraha::StreetView& noun, Envelope& envelope);
[[nodiscard]] chorraha::Detections read(const Reader& in, const Detections& from);
[[nodiscard]] chorraha::CameraHealth read(const Reader& in, const CameraHealth& from);
[[nodiscard]] chorraha::PictureWanted read(const Reader& in, const PictureWanted& from);
[[nodiscard]] chorraha::Picture read(const Reader& in, const Picture& from);
[[nodiscard]] chorraha::StreetView read(const Reader& in, const StreetView& from);

}  // namespace chorraha::wire
