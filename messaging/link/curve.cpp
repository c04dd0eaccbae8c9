#include "messaging/link/curve.hpp"

#include "messaging/codec/codec.hpp"

namespace chorraha::link {
namespace {

// A thousand devices at once keep a busy centre for seconds; after this a dawdler is let go.
constexpr int handshake_ms = 15'000;
constexpr int heartbeat_ms = 2'000;  // ZMTP pings find a dead TCP connection
constexpr int heartbeat_out_ms = 8'000;

void be_careful(zmq::socket_t& socket, const KeyPair& own) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, queue_messages);
  socket.set(zmq::sockopt::rcvhwm, queue_messages);
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(picture_bytes_max));
  socket.set(zmq::sockopt::handshake_ivl, handshake_ms);
  socket.set(zmq::sockopt::heartbeat_ivl, heartbeat_ms);
  socket.set(zmq::sockopt::heartbeat_timeout, heartbeat_out_ms);
  socket.set(zmq::sockopt::curve_publickey, own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
}

Fault socket_fault(const std::string& endpoint, const zmq::error_t& error, std::string allowed) {
  return {Reason::cannot_run, "endpoint " + endpoint, error.what(), std::move(allowed)};
}

}  // namespace

void be_server(zmq::socket_t& socket, const KeyPair& own, const std::string& domain) {
  be_careful(socket, own);
  socket.set(zmq::sockopt::zap_domain, domain);
  socket.set(zmq::sockopt::curve_server, true);
}

void be_client(zmq::socket_t& socket, const KeyPair& own, const std::string& server_key) {
  be_careful(socket, own);
  socket.set(zmq::sockopt::curve_serverkey, server_key);
}

Result<std::string> bind(zmq::socket_t& socket, const std::string& endpoint) {
  try {
    socket.bind(endpoint);
    return socket.get(zmq::sockopt::last_endpoint);
  } catch (const zmq::error_t& error) {
    return socket_fault(endpoint, error, "tcp://ADDRESS:PORT that is free and ours");
  }
}

Done connect(zmq::socket_t& socket, const std::string& endpoint) {
  try {
    socket.connect(endpoint);
    return {};
  } catch (const zmq::error_t& error) {
    return socket_fault(endpoint, error, "tcp://ADDRESS:PORT");
  }
}

}  // namespace chorraha::link
