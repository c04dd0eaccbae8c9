#include "apps/common/http_get.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace chorraha {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint loopback(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

}  // namespace

Result<std::string> http_get(std::uint16_t port, const std::string& target,
                             std::chrono::milliseconds patience) {
  asio::io_context io;
  tcp::socket socket(io);
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", target, port);
  std::string answer;
  boost::system::error_code trouble = asio::error::timed_out;
  socket.async_connect(loopback(port), [&](const boost::system::error_code& refused) {
    if (refused) {
      trouble = refused;
      return;
    }
    asio::async_write(
        socket, asio::buffer(request), [&](const boost::system::error_code& lost, std::size_t) {
          trouble = lost;
          if (lost) return;
          asio::async_read(
              socket, asio::dynamic_buffer(answer, std::size_t{8} << 20U),
              [&](const boost::system::error_code& ended, std::size_t) { trouble = ended; });
        });
  });
  io.run_for(patience);
  const std::string thing = fmt::format("http://127.0.0.1:{}{}", port, target);
  if (trouble != asio::error::eof)
    return Fault{Reason::lost, thing, trouble ? trouble.message() : "no answer", "an answer"};
  const std::size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos) return Fault{Reason::lost, thing, "half an answer", "an answer"};
  const std::string status = answer.substr(0, answer.find("\r\n"));
  if (status.find(" 200") == std::string::npos) return Fault{Reason::refused, thing, status, "200"};
  return answer.substr(body + 4);
}

Done port_is_free(std::uint16_t port) {
  asio::io_context io;
  tcp::acceptor acceptor(io);
  boost::system::error_code taken;
  acceptor.open(tcp::v4(), taken);
  acceptor.set_option(tcp::acceptor::reuse_address(true), taken);
  acceptor.bind(loopback(port), taken);
  if (!taken) acceptor.listen(1, taken);
  if (taken)
    return Fault{Reason::cannot_run, fmt::format("port {} on 127.0.0.1", port), taken.message(),
                 "a free port (--port N)"};
  return {};
}

}  // namespace chorraha
