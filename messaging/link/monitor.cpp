#include "messaging/link/monitor.hpp"

#include <cstring>
#include <string>

namespace chorraha::link {

zmq::socket_t watch(zmq::context_t& context, zmq::socket_t& watched) {
  // The address names the socket, which lives as long as its monitor.
  const std::string address =
      "inproc://watch-" + std::to_string(reinterpret_cast<std::uintptr_t>(watched.handle()));
  constexpr int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED;
  if (zmq_socket_monitor(watched.handle(), address.c_str(), events) != 0) throw zmq::error_t();
  zmq::socket_t reader(context, zmq::socket_type::pair);
  reader.set(zmq::sockopt::linger, 0);
  reader.connect(address);
  return reader;
}

std::optional<ConnectionEvent> connection_event(const Parts& parts) {
  std::uint16_t event = 0;
  if (parts.empty() || parts[0].size() < sizeof event) return {};
  std::memcpy(&event, parts[0].data(), sizeof event);
  switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      return ConnectionEvent::connected;
    case ZMQ_EVENT_DISCONNECTED:
      return ConnectionEvent::disconnected;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return ConnectionEvent::refused;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      return ConnectionEvent::failed;
    default:
      return {};
  }
}

}  // namespace chorraha::link
