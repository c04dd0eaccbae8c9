#include "console/client_message.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace chorraha::console {
namespace {

using Json = nlohmann::json;

constexpr std::size_t id_bytes_max = 256;

Fault wrong(std::string thing, std::string seen, std::string allowed) {
  return Fault{Reason::bad_input, std::move(thing), std::move(seen), std::move(allowed)};
}

Result<std::string> id_in(const Json& value, const char* thing) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return wrong(thing, value.type_name(), "an id");
  if (text->empty() || text->size() > id_bytes_max) {
    return wrong(thing, std::to_string(text->size()) + " bytes", "1 to 256 bytes");
  }
  return *text;
}

Result<std::vector<std::string>> junctions_in(const Json& message) {
  std::vector<std::string> junctions;
  const auto list = message.find("junctions");
  if (list == message.end() || list->is_null()) return junctions;
  if (!list->is_array()) return wrong("junctions", list->type_name(), "an array");
  if (list->size() > ViewWanted::junctions_max) {
    return wrong("junctions", std::to_string(list->size()), "at most 16");
  }
  for (const Json& entry : *list) {
    Result<std::string> id = id_in(entry, "junctions");
    if (!id) return id.error();
    junctions.push_back(*std::move(id));
  }
  return junctions;
}

Result<std::optional<ViewWanted::Box>> box_in(const Json& message) {
  const auto list = message.find("box");
  if (list == message.end() || list->is_null()) return std::optional<ViewWanted::Box>{};
  if (!list->is_array() || list->size() != 4) {
    return wrong("box", list->type_name(), "four numbers");
  }
  std::array<double, 4> at{};
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Json& value = (*list)[i];
    if (!value.is_number()) return wrong("box", value.type_name(), "four numbers");
    at.at(i) = value.get<double>();
    if (!std::isfinite(at.at(i))) return wrong("box", "not finite", "metres");
  }
  return std::optional<ViewWanted::Box>{{{at[0], at[1]}, {at[2], at[3]}}};
}

Result<ClientMessage> view_in(const Json& message) {
  ViewWanted wanted;
  auto junctions = junctions_in(message);
  if (!junctions) return junctions.error();
  wanted.junctions = *std::move(junctions);
  const auto box = box_in(message);
  if (!box) return box.error();
  wanted.box = *box;
  const auto camera = message.find("camera");
  if (camera == message.end() || camera->is_null()) return ClientMessage{std::move(wanted)};
  auto id = id_in(*camera, "camera");
  if (!id) return id.error();
  wanted.camera = *std::move(id);
  return ClientMessage{std::move(wanted)};
}

Result<ClientMessage> ping_in(const Json& message) {
  const auto sent = message.find("sent_wall_ms");
  if (sent == message.end() || !sent->is_number_integer()) {
    return wrong("sent_wall_ms", "nothing of use", "whole milliseconds");
  }
  return ClientMessage{Ping{sent->get<std::int64_t>()}};
}

}  // namespace

Result<ClientMessage> client_message(std::string_view text) {
  const Json message = Json::parse(text, nullptr, false);
  if (!message.is_object()) return wrong("message", "not a JSON object", "view, ping or resync");
  const auto type = message.find("type");
  if (type == message.end() || !type->is_string()) {
    return wrong("type", "none", "view, ping or resync");
  }
  const auto& name = type->get_ref<const std::string&>();
  if (name == "view") return view_in(message);
  if (name == "ping") return ping_in(message);
  if (name == "resync") return ClientMessage{Resync{}};
  return wrong("type", name.substr(0, 32), "view, ping or resync");
}

}  // namespace chorraha::console
