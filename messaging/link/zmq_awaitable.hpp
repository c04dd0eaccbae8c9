#pragma once

#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <zmq.hpp>

namespace chorraha::link {

using Parts = std::vector<zmq::message_t>;

/// One ZeroMQ socket under Asio. ZMQ_FD tells only that something may have happened, once; so the
/// socket is drained before each wait, and after each send a waiting reader is woken when the send
/// has swallowed the signal.
/// Threads: the one of the executor. Lifetime: whoever awaits receive() keeps it alive.
class ZmqAwaitable {
 public:
  enum class Sent { yes, full, unreachable };

  ZmqAwaitable(const boost::asio::any_io_executor& executor, zmq::socket_t socket);
  ~ZmqAwaitable();
  ZmqAwaitable(const ZmqAwaitable&) = delete;
  ZmqAwaitable& operator=(const ZmqAwaitable&) = delete;
  ZmqAwaitable(ZmqAwaitable&&) = delete;
  ZmqAwaitable& operator=(ZmqAwaitable&&) = delete;

  [[nodiscard]] zmq::socket_t& socket() { return socket_; }
  [[nodiscard]] bool is_open() const { return open_; }

  /// The next message; nothing after close().
  [[nodiscard]] boost::asio::awaitable<std::optional<Parts>> receive();
  /// Never waits: `full` at the high-water mark, or while a DEALER has no peer; `unreachable` when
  /// a ROUTER knows no such peer. The message is dropped then.
  [[nodiscard]] Sent send(Parts parts);
  /// Ends a waiting receive() and closes the socket at once.
  void close();

 private:
  [[nodiscard]] std::optional<Parts> take();

  zmq::socket_t socket_;
  boost::asio::posix::stream_descriptor descriptor_;  // lent by the socket, released before it dies
  bool open_ = true;
  unsigned taken_in_a_row_ = 0;
};

/// For co_spawn: what a coroutine throws leaves through io_context::run and ends in main.
void rethrow_from_loop(const std::exception_ptr& error);

}  // namespace chorraha::link
