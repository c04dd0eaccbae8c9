#include "messaging/link/zmq_awaitable.hpp"

#include <memory>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include "tests/unit/messaging/link_fixture.hpp"

namespace chorraha {
namespace {

using link::Parts;
using link::ZmqAwaitable;
using Socket = std::shared_ptr<ZmqAwaitable>;

struct Awaitable : testing::Test, test::Wire {
  zmq::context_t context;
  Socket left, right;
  std::size_t at_left = 0;
  std::size_t at_right = 0;
  bool ended = false;

  Awaitable() {
    zmq::socket_t bound(context, zmq::socket_type::dealer);
    zmq::socket_t connected(context, zmq::socket_type::dealer);
    bound.set(zmq::sockopt::linger, 0);
    connected.set(zmq::sockopt::linger, 0);
    bound.bind("tcp://127.0.0.1:*");
    connected.connect(bound.get(zmq::sockopt::last_endpoint));
    left = std::make_shared<ZmqAwaitable>(io.get_executor(), std::move(bound));
    right = std::make_shared<ZmqAwaitable>(io.get_executor(), std::move(connected));
  }
  Awaitable(const Awaitable&) = delete;
  Awaitable(Awaitable&&) = delete;
  Awaitable& operator=(const Awaitable&) = delete;
  Awaitable& operator=(Awaitable&&) = delete;
  ~Awaitable() override {
    left->close();
    right->close();
  }

  static boost::asio::awaitable<void> count(Socket socket, std::size_t& into, bool& over) {
    while (std::optional<Parts> parts = co_await socket->receive()) into += parts->size();
    over = true;
  }
  void listen(const Socket& socket, std::size_t& into) {
    boost::asio::co_spawn(io, count(socket, into, ended), link::rethrow_from_loop);
  }
  static ZmqAwaitable::Sent say(const Socket& socket, std::size_t parts = 1) {
    Parts message;
    for (std::size_t i = 0; i < parts; ++i) message.emplace_back(std::string_view("word"));
    return socket->send(std::move(message));
  }
};

TEST_F(Awaitable, loses_no_wake_up_when_others_send_on_the_same_socket) {
  // Nothing else is on these sockets: a wake-up that is lost stays lost, and the wait ends in vain.
  listen(left, at_left);
  listen(right, at_right);
  ASSERT_EQ(say(right), ZmqAwaitable::Sent::yes);
  ASSERT_TRUE(run_until([&] { return at_left == 1; }));  // connected

  for (std::size_t i = 1; i <= 500; ++i) {
    ASSERT_EQ(say(right), ZmqAwaitable::Sent::yes);
    ASSERT_EQ(say(left), ZmqAwaitable::Sent::yes);
    ASSERT_TRUE(run_until([&] { return at_left == i + 1 && at_right == i; })) << "round " << i;
  }
}

TEST_F(Awaitable, takes_all_parts_of_a_message_together) {
  listen(left, at_left);

  ASSERT_EQ(say(right, 5), ZmqAwaitable::Sent::yes);

  EXPECT_TRUE(run_until([&] { return at_left == 5; }));
}

TEST_F(Awaitable, says_when_the_queue_is_full_and_drops) {
  zmq::socket_t lonely(context, zmq::socket_type::dealer);
  lonely.set(zmq::sockopt::linger, 0);
  lonely.set(zmq::sockopt::immediate, true);
  lonely.connect("tcp://127.0.0.1:1");
  const auto socket = std::make_shared<ZmqAwaitable>(io.get_executor(), std::move(lonely));

  EXPECT_EQ(say(socket), ZmqAwaitable::Sent::full);
}

TEST_F(Awaitable, ends_a_wait_when_it_is_closed) {
  listen(left, at_left);
  ASSERT_TRUE(run_until([&] { return io.poll() == 0; }));
  ASSERT_FALSE(ended);

  left->close();

  EXPECT_TRUE(run_until([&] { return ended; }));
  EXPECT_EQ(say(left), ZmqAwaitable::Sent::unreachable);
}

}  // namespace
}  // namespace chorraha
