#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "messaging/codec/message.hpp"
#include "traffic/plan.hpp"
#include "traffic/result.hpp"

namespace chorraha {

/// Largest message on the wire; a Picture may be larger.
inline constexpr std::size_t message_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t picture_bytes_max = std::size_t{4} << 20;

/// A noun as bytes of messaging/schema. Total: limits are the reader's business, so a noun beyond
/// them is encoded and then refused by decode.
[[nodiscard]] std::vector<std::byte> encode(const Message& message);

/// Bytes of anybody as a noun. The wire is not trusted: a Fault (bad_input) names the field
/// ("HorizonPlan.stages[2].end_latest_tick"), the value seen and the value allowed. Refused are
/// oversize and malformed bytes, missing fields, unknown enumeration values, numbers that are not
/// finite or out of range, too many entries, another schema version. Whether a plan is safe is for
/// field/plan_check.
[[nodiscard]] Result<Message> decode(std::span<const std::byte> bytes);

/// The same for plans alone, for those who pass nothing else.
[[nodiscard]] std::vector<std::byte> encode_plan(const Plan& plan);
[[nodiscard]] Result<Plan> decode_plan(std::span<const std::byte> bytes);

}  // namespace chorraha
