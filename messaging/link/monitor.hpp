#pragma once

#include <cstdint>
#include <optional>

#include <zmq.hpp>

#include "messaging/link/zmq_awaitable.hpp"

/// What a client's socket tells of its connection. Inside of messaging/link only.
namespace chorraha::link {

enum class ConnectionEvent : std::uint8_t {
  connected,     // the handshake succeeded
  disconnected,  // an established or half-made connection ended
  refused,       // the server's allow-list does not hold our key
  failed,        // no CURVE handshake: the server's key is not the one we know, or it is no server
};

/// Begins to watch `watched`; the socket to read events from, to be closed after it.
[[nodiscard]] zmq::socket_t watch(zmq::context_t& context, zmq::socket_t& watched);
/// One message of that socket; nothing for what we need not know.
[[nodiscard]] std::optional<ConnectionEvent> connection_event(const Parts& parts);

}  // namespace chorraha::link
