#include "messaging/link/client.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include "messaging/link/curve.hpp"
#include "messaging/link/monitor.hpp"

namespace chorraha::link {
namespace {

namespace asio = boost::asio;

constexpr int doublings_max = 3;  // of the wait between attempts: eight times

}  // namespace

Client::Client(LinkContext& context, zmq::socket_type type, Server server, Own own,
               Handlers handlers)
    : context_(context),
      type_(type),
      server_(std::move(server)),
      own_(std::move(own)),
      handlers_(std::move(handlers)),
      again_(context.executor()),
      jitter_(std::random_device()()) {}

Done Client::start() {
  return build();
}

Done Client::build() {
  zmq::socket_t socket(context_.zmq(), type_);
  be_client(socket, own_.keys, server_.public_key);
  const auto reconnect_ms = static_cast<int>(own_.reconnect.count());
  socket.set(zmq::sockopt::reconnect_ivl, reconnect_ms);  // libzmq adds jitter of as much
  socket.set(zmq::sockopt::reconnect_ivl_max, reconnect_ms << doublings_max);
  if (type_ == zmq::socket_type::dealer) socket.set(zmq::sockopt::immediate, true);
  if (type_ == zmq::socket_type::sub) socket.set(zmq::sockopt::subscribe, "");
  zmq::socket_t events = watch(context_.zmq(), socket);
  if (const Done done = connect(socket, server_.endpoint); !done) return done.error();
  socket_ = std::make_shared<ZmqAwaitable>(context_.executor(), std::move(socket));
  events_ = std::make_shared<ZmqAwaitable>(context_.executor(), std::move(events));
  asio::co_spawn(context_.executor(), observe(shared_from_this(), events_), rethrow_from_loop);
  asio::co_spawn(context_.executor(), read(shared_from_this(), socket_), rethrow_from_loop);
  return {};
}

void Client::stop() {
  boost::system::error_code ignored;
  again_.cancel(ignored);
  if (socket_) socket_->close();
  if (events_) events_->close();
  handlers_ = {};
}

ZmqAwaitable::Sent Client::send(Parts parts) {
  return socket_->send(std::move(parts));
}

asio::awaitable<void> Client::read(std::shared_ptr<Client> self, Socket socket) {
  while (std::optional<Parts> parts = co_await socket->receive()) {
    if (socket->is_open() && self->handlers_.received) self->handlers_.received(*std::move(parts));
  }
}

asio::awaitable<void> Client::observe(std::shared_ptr<Client> self, Socket events) {
  while (std::optional<Parts> parts = co_await events->receive()) {
    if (events->is_open()) self->on_event(*parts);
  }
}

void Client::on_event(const Parts& parts) {
  const auto event = connection_event(parts);
  if (!event) return;
  switch (*event) {
    case ConnectionEvent::connected:
      failures_ = 0;
      told_ = false;
      if (handlers_.connected) handlers_.connected();
      return;
    case ConnectionEvent::disconnected:
      if (handlers_.disconnected) handlers_.disconnected();
      return;
    case ConnectionEvent::refused:
      told(Fault{Reason::refused,
                 fmt::format("{} at {} refused our key {} (public {})", server_.what,
                             server_.endpoint, own_.secret_file, own_.keys.public_key),
                 "", fmt::format("a key of the allow-list of {}", server_.what)});
      return build_again_later();
    case ConnectionEvent::failed:
      told(Fault{Reason::refused,
                 fmt::format("no CURVE handshake with {} at {}", server_.what, server_.endpoint),
                 fmt::format("public key {} here", server_.public_key),
                 fmt::format("that of {}, which answers within 15 s", server_.what)});
      return build_again_later();
  }
}

void Client::told(const Fault& fault) {
  if (!std::exchange(told_, true) && handlers_.trouble) handlers_.trouble(fault);
}

void Client::build_again_later() {
  if (std::exchange(waiting_, true)) return;
  const auto least = own_.reconnect * (1 << std::min(failures_++, doublings_max));
  std::uniform_int_distribution<Milliseconds::rep> spread(0, own_.reconnect.count());
  again_.expires_after(least + Milliseconds{spread(jitter_)});
  again_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || !self->socket_->is_open()) return;
    self->waiting_ = false;
    self->socket_->close();
    self->events_->close();
    // The endpoint was good at the start, so it is good now.
    if (const Done done = self->build(); !done) self->told(done.error());
  });
}

}  // namespace chorraha::link
