#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <zmq.hpp>

#include "messaging/link/keys.hpp"
#include "messaging/link/link_context.hpp"
#include "messaging/link/zmq_awaitable.hpp"
#include "traffic/time.hpp"

/// A CURVE client that finds its server again and again. Inside of messaging/link only.
namespace chorraha::link {

/// A DEALER or SUB. libzmq itself retries a server that is away; after a handshake that failed it
/// gives up, so the socket is made anew after a wait that doubles up to eight times, with jitter.
class Client : public std::enable_shared_from_this<Client> {
 public:
  struct Server {
    std::string what;  // "centre", "camera K1", for faults
    std::string endpoint;
    std::string public_key;
  };
  struct Own {
    KeyPair keys;
    std::string secret_file;  // for faults
    Milliseconds reconnect{1000};
  };
  struct Handlers {
    std::function<void()> connected;
    std::function<void()> disconnected;
    std::function<void(Parts)> received;
    OnTrouble trouble;
  };

  Client(LinkContext& context, zmq::socket_type type, Server server, Own own, Handlers handlers);
  /// Faults: cannot_run for an endpoint that is none.
  [[nodiscard]] Done start();
  void stop();
  [[nodiscard]] ZmqAwaitable::Sent send(Parts parts);

 private:
  using Socket = std::shared_ptr<ZmqAwaitable>;

  [[nodiscard]] Done build();
  [[nodiscard]] static boost::asio::awaitable<void> read(std::shared_ptr<Client> self,
                                                         Socket socket);
  [[nodiscard]] static boost::asio::awaitable<void> observe(std::shared_ptr<Client> self,
                                                            Socket events);
  void on_event(const Parts& parts);
  void told(const Fault& fault);
  void build_again_later();

  LinkContext& context_;
  zmq::socket_type type_;
  Server server_;
  Own own_;
  Handlers handlers_;
  boost::asio::steady_timer again_;
  std::mt19937 jitter_;
  Socket socket_;
  Socket events_;
  int failures_ = 0;
  bool told_ = false;
  bool waiting_ = false;
};

}  // namespace chorraha::link
