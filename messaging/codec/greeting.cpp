#include "messaging/codec/wire.hpp"

namespace chorraha::wire {
namespace {

constexpr int served_max = 1024;

}  // namespace

void put(const chorraha::Hello& noun, Envelope& envelope) {
  Hello& out = *envelope.mutable_hello();
  out.set_version(noun.version);
  out.set_role(static_cast<Role>(wire_value(noun.role)));
  out.set_boot(static_cast<std::uint64_t>(noun.boot));
  for (const chorraha::Served& served : noun.served) {
    Served& to = *out.add_served();
    to.set_intersection(served.intersection.text());
    to.set_config_hash(wire_bytes(served.config_hash));
  }
}

chorraha::Hello read(const Reader& in, const Hello& from) {
  chorraha::Hello noun;
  noun.version =
      in.number<std::uint32_t>(CHORRAHA_FIELD(from, version), {schema_version, schema_version});
  noun.role = in.choice(CHORRAHA_FIELD(from, role), DeviceRole::street);
  noun.boot = read_boot(in, from.has_boot(), from.boot());
  if (!in.list("served", from.served_size(), {0, served_max})) return noun;
  for (const Served& served : from.served()) {
    const Reader entry(in, "served", noun.served.size());
    noun.served.push_back({IntersectionId{entry.name(CHORRAHA_FIELD(served, intersection))},
                           entry.hash(CHORRAHA_FIELD(served, config_hash))});
  }
  return noun;
}

void put(const chorraha::HeartBeat& noun, Envelope& envelope) {
  HeartBeat& out = *envelope.mutable_heart_beat();
  out.set_sequence(noun.sequence);
  out.set_at_ms(wire_ms(noun.at));
}

chorraha::HeartBeat read(const Reader& in, const HeartBeat& from) {
  return {in.number<std::uint64_t>(CHORRAHA_FIELD(from, sequence), any_number),
          in.instant(CHORRAHA_FIELD(from, at_ms))};
}

}  // namespace chorraha::wire
