#include "console/console.hpp"

#include <array>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "small_city.hpp"

namespace chorraha::console {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace test;  // NOLINT(google-build-using-namespace)

constexpr std::array<WebFile, 1> page{
    WebFile{"/index.html", "text/html; charset=utf-8", "\"i\"", "<html>", "", false}};

/// A client on the console's own thread: the loop runs until its answer is there.
class ConsoleTest : public ::testing::Test {
 protected:
  void SetUp() override { console->show(quiet_view()); }

  [[nodiscard]] Result<std::unique_ptr<Console>> open(std::uint16_t port) {
    return Console::open(io, {.port = port, .files = page, .wall_clock = [] { return morning; }},
                         small_city());
  }

  [[nodiscard]] tcp::socket connected() {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), console->port()});
    return socket;
  }

  /// Runs the loop until `socket` has `enough` in `got` or is at its end.
  template <class Enough>
  void read_until(tcp::socket& socket, std::string& got, Enough enough) {
    bool ended = false;
    std::array<char, 4096> bytes{};
    while (!ended && !enough(got)) {
      std::optional<std::size_t> count;
      socket.async_read_some(asio::buffer(bytes), [&](const auto& error, std::size_t n) {
        ended = static_cast<bool>(error);
        count = n;
      });
      while (!count) io.run_one();
      got.append(bytes.data(), *count);
    }
  }

  [[nodiscard]] std::string ask(const std::string& request) {
    tcp::socket socket = connected();
    asio::write(socket, asio::buffer(request));
    std::string got;
    read_until(socket, got, [](const std::string&) { return false; });
    return got;
  }

  asio::io_context io;
  std::unique_ptr<Console> console = open(0).value();
};

TEST_F(ConsoleTest, answers_with_the_page_and_its_headers) {
  const std::string answer = ask("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_NE(answer.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("<html>"));
}

TEST_F(ConsoleTest, tells_scripts_how_it_stands) {
  const std::string answer =
      ask("GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

  EXPECT_NE(answer.find("\"signals\":1"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\"follow\":1"), std::string::npos) << answer;
}

TEST_F(ConsoleTest, answers_a_head_without_its_body) {
  const std::string answer = ask("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

  EXPECT_NE(answer.find("Content-Length: 6"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ConsoleTest, answers_bad_requests_with_4xx_and_goes_on) {
  EXPECT_TRUE(ask("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(
      ask("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")
          .starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")
                  .starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(ask("DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 405"));
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 421"));
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 200"));
}

TEST_F(ConsoleTest, a_taken_port_is_named) {
  const auto second = open(console->port());

  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, Reason::cannot_run);
  EXPECT_NE(second.error().text().find(std::to_string(console->port())), std::string::npos);
}

std::string upgrade(const std::string& origin) {
  return "GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
}

TEST_F(ConsoleTest, speaks_websocket_with_its_own_page) {
  tcp::socket socket = connected();
  asio::write(socket, asio::buffer(upgrade("http://localhost")));
  std::string got;
  read_until(socket, got, [](const std::string& text) {
    return text.find("\"type\":\"overview\"") != std::string::npos;
  });

  EXPECT_TRUE(got.starts_with("HTTP/1.1 101")) << got;
  EXPECT_NE(got.find("\"type\":\"hello\""), std::string::npos);
}

TEST_F(ConsoleTest, speaks_no_websocket_with_a_foreign_page) {
  const std::string answer = ask(upgrade("http://example.org"));

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
}

TEST_F(ConsoleTest, may_go_while_pages_are_open) {
  tcp::socket socket = connected();
  asio::write(socket, asio::buffer(upgrade("http://localhost")));
  std::string got;
  read_until(socket, got, [](const std::string& text) {
    return text.find("\"type\":\"overview\"") != std::string::npos;
  });

  console.reset();
  got.clear();
  read_until(socket, got, [](const std::string&) { return false; });
  io.poll();

  EXPECT_EQ(open(0).has_value(), true);
}

}  // namespace
}  // namespace chorraha::console
