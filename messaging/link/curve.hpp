#pragma once

#include <string>

#include <zmq.hpp>

#include "messaging/link/keys.hpp"
#include "traffic/result.hpp"

/// Options that every socket of ours has. Inside of messaging/link only.
namespace chorraha::link {

/// A CURVE server whose clients are judged by the guard of `domain`. libzmq asks nobody where
/// no ZAP handler is bound; LinkContext binds one before it gives anybody its context.
void be_server(zmq::socket_t& socket, const KeyPair& own, const std::string& domain);
/// A CURVE client that knows the server's key.
void be_client(zmq::socket_t& socket, const KeyPair& own, const std::string& server_key);

/// Binds; a Fault (cannot_run) when the port is taken or not ours. Gives the endpoint with the real
/// port where "*" or 0 was asked for.
[[nodiscard]] Result<std::string> bind(zmq::socket_t& socket, const std::string& endpoint);
[[nodiscard]] Done connect(zmq::socket_t& socket, const std::string& endpoint);

/// Queue of each socket and peer, messages; beyond it messages are dropped and counted.
inline constexpr int queue_messages = 1000;

}  // namespace chorraha::link
