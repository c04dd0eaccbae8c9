#include "apps/common/http_get.hpp"

#include <utility>

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
using boost::system::error_code;

tcp::endpoint loopback(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

/// One question and its answer; `trouble` is eof once the answer is whole.
class Exchange {
 public:
  Exchange(asio::io_context& io, std::string request) : socket_(io), request_(std::move(request)) {}

  void begin(std::uint16_t port) {
    socket_.async_connect(loopback(port), [this](const error_code& refused) {
      trouble_ = refused;
      if (!refused) ask();
    });
  }
  [[nodiscard]] const error_code& trouble() const { return trouble_; }
  [[nodiscard]] const std::string& answer() const { return answer_; }

 private:
  void ask() {
    trouble_ = asio::error::timed_out;
    asio::async_write(socket_, asio::buffer(request_), [this](const error_code& lost, std::size_t) {
      trouble_ = lost;
      if (!lost) listen();
    });
  }
  void listen() {
    asio::async_read(socket_, asio::dynamic_buffer(answer_, std::size_t{8} << 20U),
                     [this](const error_code& ended, std::size_t) { trouble_ = ended; });
  }

  tcp::socket socket_;
  std::string request_;
  std::string answer_;
  error_code trouble_ = asio::error::timed_out;
};

}  // namespace

Result<std::string> http_get(std::uint16_t port, const std::string& target,
                             std::chrono::milliseconds patience) {
  asio::io_context io;
  Exchange exchange(
      io, fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", target,
                      port));
  exchange.begin(port);
  io.run_for(patience);
  const std::string thing = fmt::format("http://127.0.0.1:{}{}", port, target);
  const error_code& trouble = exchange.trouble();
  if (trouble != asio::error::eof)
    return Fault{Reason::lost, thing, trouble ? trouble.message() : "no answer", "an answer"};
  const std::string& answer = exchange.answer();
  const std::size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos) return Fault{Reason::lost, thing, "half an answer", "an answer"};
  const std::string status = answer.substr(0, answer.find("\r\n"));
  if (status.find(" 200") == std::string::npos) return Fault{Reason::refused, thing, status, "200"};
  return answer.substr(body + 4);
}

Done port_is_free(std::uint16_t port) {
  asio::io_context io;
  try {
    tcp::acceptor acceptor(io, tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(loopback(port));
    acceptor.listen(1);
  } catch (const boost::system::system_error& taken) {
    return Fault{Reason::cannot_run, fmt::format("port {} on 127.0.0.1", port),
                 taken.code().message(), "a free port (--port N)"};
  }
  return {};
}

}  // namespace chorraha
