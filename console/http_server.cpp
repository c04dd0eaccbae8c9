#include "console/http_server.hpp"

#include <chrono>
#include <exception>
#include <tuple>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "console/connection.hpp"

namespace chorraha::console {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using http_detail::Connection;
using http_detail::Server;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds pause_after_trouble{100};  // out of descriptors, mostly

/// A coroutine of one connection ended: nothing of it may stop the others, and out of memory is
/// the only exception that can come this far.
void ended(const std::exception_ptr& trouble) {
  if (trouble) std::rethrow_exception(trouble);
}

asio::awaitable<void> accept_all(std::shared_ptr<tcp::acceptor> acceptor,
                                 std::shared_ptr<Server> server) {
  asio::steady_timer pause(acceptor->get_executor());
  while (server->alive) {
    auto [error, socket] = co_await acceptor->async_accept(awaited);
    if (!server->alive) co_return;
    if (error) {
      pause.expires_after(pause_after_trouble);
      co_await pause.async_wait(awaited);
      continue;
    }
    if (server->connections.size() >= HttpServer::connections_max) continue;
    boost::system::error_code ignored;
    std::ignore = socket.set_option(tcp::no_delay(true), ignored);
    boost::beast::tcp_stream stream(std::move(socket));
    auto connection = std::make_shared<Connection>(std::move(stream), server);
    asio::co_spawn(acceptor->get_executor(), connection->run(), ended);
  }
}

class LoopbackServer final : public HttpServer {
 public:
  LoopbackServer(std::shared_ptr<tcp::acceptor> acceptor, std::shared_ptr<Server> server)
      : acceptor_(std::move(acceptor)),
        server_(std::move(server)),
        port_(acceptor_->local_endpoint().port()) {
    asio::co_spawn(acceptor_->get_executor(), accept_all(acceptor_, server_), ended);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  LoopbackServer(LoopbackServer&&) = delete;
  LoopbackServer& operator=(LoopbackServer&&) = delete;

  ~LoopbackServer() override {
    server_->alive = false;
    boost::system::error_code ignored;
    std::ignore = acceptor_->close(ignored);
    for (Connection* connection : server_->connections) {
      server_->feed.disconnect(*connection);
      connection->abandon();
    }
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

 private:
  std::shared_ptr<tcp::acceptor> acceptor_;
  std::shared_ptr<Server> server_;
  std::uint16_t port_;
};

Fault trouble(std::uint16_t port, const boost::system::error_code& error) {
  return {Reason::cannot_run, "port " + std::to_string(port) + " of 127.0.0.1", error.message(),
          "a free port"};
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::io_context& io, std::uint16_t port,
                                                       WebFiles files, const WebSource& source,
                                                       LiveFeed& feed) {
  auto acceptor = std::make_shared<tcp::acceptor>(io);
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  boost::system::error_code error;
  std::ignore = acceptor->open(endpoint.protocol(), error);
  if (!error) std::ignore = acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) std::ignore = acceptor->bind(endpoint, error);
  if (!error) std::ignore = acceptor->listen(tcp::acceptor::max_listen_connections, error);
  if (error) return trouble(port, error);
  auto server = std::shared_ptr<Server>(
      new Server{.files = files, .source = source, .feed = feed, .alive = true, .connections = {}});
  return std::unique_ptr<HttpServer>(
      std::make_unique<LoopbackServer>(std::move(acceptor), std::move(server)));
}

}  // namespace chorraha::console
