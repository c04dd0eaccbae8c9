#include "tests/support/live_page.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace chorraha::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

asio::awaitable<std::string> read_overview(std::uint16_t port) {
  const auto executor = co_await asio::this_coro::executor;
  const std::string host = "127.0.0.1:" + std::to_string(port);
  const asio::ip::tcp::endpoint centre(asio::ip::address_v4::loopback(), port);
  beast::websocket::stream<beast::tcp_stream> page(executor);
  co_await beast::get_lowest_layer(page).async_connect(centre, asio::use_awaitable);
  co_await page.async_handshake(host, "/live", asio::use_awaitable);
  constexpr int frames_max = 100;
  for (int frame = 0; frame < frames_max; ++frame) {
    beast::flat_buffer buffer;
    co_await page.async_read(buffer, asio::use_awaitable);
    std::string text = beast::buffers_to_string(buffer.data());
    if (text.find("\"type\":\"overview\"") != std::string::npos) co_return text;
  }
  co_return std::string();
}

}  // namespace

std::optional<std::string> overview(std::uint16_t port, std::chrono::milliseconds patience) {
  asio::io_context io;
  std::optional<std::string> seen;
  asio::co_spawn(io, read_overview(port), [&](const std::exception_ptr& lost, std::string text) {
    if (!lost && !text.empty()) seen = std::move(text);
  });
  io.run_for(patience);
  return seen;
}

}  // namespace chorraha::test
