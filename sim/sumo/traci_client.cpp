#include "sim/sumo/traci_client.hpp"

#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace chorraha::traci {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Fault lost(const error_code& error) {
  return Fault{Reason::lost, "SUMO", error.message(), "an open TraCI connection"};
}

}  // namespace

struct Client::Connection {
  asio::io_context io;
  tcp::socket socket{io};

  // Runs until the one operation that was begun has set `done`, or the time is over.
  Done run(const std::optional<error_code>& done, std::chrono::milliseconds wait) {
    io.restart();
    io.run_for(wait);
    if (!done) {
      socket.close();
      io.restart();
      io.run();
      return Fault{Reason::lost, "SUMO", "silence",
                   fmt::format("an answer within {} ms", wait.count())};
    }
    if (*done) return lost(*done);
    return {};
  }

  Done receive(asio::mutable_buffer into, std::chrono::milliseconds wait) {
    std::optional<error_code> done;
    asio::async_read(socket, into, [&done](const error_code& error, std::size_t) { done = error; });
    return run(done, wait);
  }

  Done send(const Bytes& bytes, std::chrono::milliseconds wait) {
    std::optional<error_code> done;
    asio::async_write(socket, asio::buffer(bytes),
                      [&done](const error_code& error, std::size_t) { done = error; });
    return run(done, wait);
  }
};

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<std::uint16_t> Client::free_port() {
  asio::io_context io;
  tcp::acceptor acceptor(io);
  const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
  error_code error;
  std::ignore = acceptor.open(any.protocol(), error);
  if (!error) std::ignore = acceptor.bind(any, error);
  if (error) return Fault{Reason::cannot_run, "a port for SUMO", error.message(), "a free port"};
  return acceptor.local_endpoint().port();
}

Result<Client> Client::connect(std::uint16_t port, std::chrono::milliseconds wait) {
  auto connection = std::make_unique<Connection>();
  std::optional<error_code> done;
  connection->socket.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), port),
                                   [&done](const error_code& error) { done = error; });
  if (const Done connected = connection->run(done, wait); !connected) return connected.error();
  error_code ignored;
  std::ignore = connection->socket.set_option(tcp::no_delay(true), ignored);
  return Client(std::move(connection));
}

Result<std::vector<Answer>> Client::ask(const Request& request, std::chrono::milliseconds wait) {
  const Bytes message = request.message();
  if (const Done sent = connection_->send(message, wait); !sent) return sent.error();
  std::array<std::uint8_t, 4> head{};
  if (const Done done = connection_->receive(asio::buffer(head), wait); !done) return done.error();
  std::size_t size = 0;
  for (const std::uint8_t each : head) size = size << 8 | each;
  if (size < head.size() || size > message_max_bytes) {
    return Fault{Reason::lost, "SUMO", fmt::format("a message of {} bytes", size),
                 fmt::format("4 to {}", message_max_bytes)};
  }
  Bytes body(size - head.size());
  if (const Done done = connection_->receive(asio::buffer(body), wait); !done) return done.error();
  return parse_answers(body, request.commands());
}

}  // namespace chorraha::traci
