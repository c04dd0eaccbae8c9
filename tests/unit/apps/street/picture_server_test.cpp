#include "apps/street/picture_server.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace chorraha {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto deadline = 20s;  // of each wait: far beyond what it takes

/// A port that was free a moment ago.
std::uint16_t free_port(asio::io_context& io) {
  const tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

struct PictureServerTest : testing::Test {
  asio::io_context io;
  std::uint16_t port = free_port(io);
  std::vector<std::string> watched;
  std::unique_ptr<PictureServer> server =
      PictureServer::listen(io, port, [this](const std::string& id, bool on) {
        watched.push_back(id + (on ? " on" : " off"));
      }).value();

  PictureServerTest() { server->add("cam"); }

  /// Runs the loop until `met`; fails after the deadline.
  void until(const std::function<bool()>& met) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!met() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(10ms);
    }
    ASSERT_TRUE(met());
  }
  [[nodiscard]] tcp::socket ask(const std::string& request) {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(request));
    socket.non_blocking(true);
    return socket;
  }
  /// What has come so far, and whether the other side has closed.
  struct Answer {
    std::string text;
    bool ended = false;
  };
  void read(tcp::socket& socket, Answer& answer) {
    std::array<char, 65536> some{};
    boost::system::error_code failed;
    const std::size_t n = socket.read_some(asio::buffer(some), failed);
    answer.text.append(some.data(), n);
    answer.ended = failed && failed != asio::error::would_block;
  }
  [[nodiscard]] static Jpeg picture(std::size_t bytes) {
    return std::make_shared<const std::vector<std::byte>>(bytes, std::byte{0x5a});
  }
};

TEST_F(PictureServerTest, anything_but_a_known_camera_is_not_found) {
  for (const char* target :
       {"GET / HTTP/1.1", "GET /cameras/other.mjpg HTTP/1.1", "POST /cameras/cam.mjpg HTTP/1.1",
        "GET /cameras/../cam.mjpg HTTP/1.1"}) {
    tcp::socket socket = ask(std::string(target) + "\r\n\r\n");
    Answer answer;

    until([&] {
      read(socket, answer);
      return answer.ended;
    });

    EXPECT_TRUE(answer.text.starts_with("HTTP/1.1 404 ")) << target << ": " << answer.text;
  }
  EXPECT_TRUE(watched.empty());
}

TEST_F(PictureServerTest, a_camera_is_a_stream_of_its_pictures) {
  tcp::socket socket = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  Answer answer;
  until([&] {
    read(socket, answer);
    return answer.text.ends_with("\r\n\r\n");
  });
  EXPECT_TRUE(answer.text.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(answer.text.find("multipart/x-mixed-replace; boundary=picture"), std::string::npos);
  EXPECT_EQ(watched, std::vector<std::string>{"cam on"});
  answer.text.clear();

  server->show("other", picture(3));
  server->show("cam", picture(5));
  until([&] {
    read(socket, answer);
    return answer.text.ends_with("ZZZZZ\r\n");
  });

  EXPECT_EQ(answer.text,
            "--picture\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\nZZZZZ\r\n");
}

TEST_F(PictureServerTest, nobody_watches_when_the_last_reader_has_gone) {
  tcp::socket first = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  tcp::socket second = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  until([&] { return watched.size() == 2; });

  first.close();
  second.close();
  until([&] {
    server->show("cam", picture(5));
    return watched.back() == "cam off";
  });

  EXPECT_EQ(watched, (std::vector<std::string>{"cam on", "cam on", "cam off"}));
}

TEST_F(PictureServerTest, a_reader_that_does_not_read_misses_pictures_and_holds_up_nobody) {
  const tcp::socket idle = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  tcp::socket reader = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  until([&] { return watched.size() == 2; });
  constexpr std::size_t one_mb = std::size_t{1} << 20U;
  Answer answer;

  for (int i = 1; i <= 20; ++i) {  // far beyond what the buffers of a socket hold
    const auto pictures = [&] { return answer.text.size() / one_mb; };
    const std::size_t before = pictures();
    server->show("cam", picture(one_mb));
    until([&] {
      read(reader, answer);
      return pictures() > before && answer.text.ends_with("Z\r\n");
    });
  }

  EXPECT_GE(answer.text.size(), 20 * one_mb);
}

TEST_F(PictureServerTest, a_port_that_is_taken_is_a_fault) {
  const auto second = PictureServer::listen(io, port, [](const std::string&, bool) {});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::cannot_run);
}

TEST_F(PictureServerTest, readers_outlive_the_server_without_harm) {
  tcp::socket socket = ask("GET /cameras/cam.mjpg HTTP/1.1\r\n\r\n");
  until([&] { return watched.size() == 1; });
  server->show("cam", picture(std::size_t{4} << 20U));

  server.reset();
  Answer answer;
  until([&] {
    read(socket, answer);
    return answer.ended;
  });

  EXPECT_EQ(watched.size(), 1U);
}

}  // namespace
}  // namespace chorraha
