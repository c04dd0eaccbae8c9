#include "messaging/link/zmq_awaitable.hpp"

#include <cerrno>
#include <exception>
#include <tuple>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chorraha::link {
namespace {

namespace asio = boost::asio;

/// After so many messages at once the others on this thread get their turn.
constexpr unsigned messages_in_a_row = 100;

}  // namespace

ZmqAwaitable::ZmqAwaitable(const asio::any_io_executor& executor, zmq::socket_t socket)
    : socket_(std::move(socket)), descriptor_(executor, socket_.get(zmq::sockopt::fd)) {}

ZmqAwaitable::~ZmqAwaitable() {
  close();
}

std::optional<Parts> ZmqAwaitable::take() {
  Parts parts;
  do {
    zmq::message_t part;
    // Parts of one message arrive together: only the first can be missing.
    if (!socket_.recv(part, zmq::recv_flags::dontwait)) return {};
    parts.push_back(std::move(part));
  } while (parts.back().more());
  return parts;
}

asio::awaitable<std::optional<Parts>> ZmqAwaitable::receive() {
  constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
  while (open_) {
    std::optional<Parts> parts = take();
    if (parts && ++taken_in_a_row_ < messages_in_a_row) co_return parts;
    taken_in_a_row_ = 0;
    if (parts) {
      co_await asio::post(descriptor_.get_executor(), asio::use_awaitable);
      co_return parts;
    }
    co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, tuple);
  }
  co_return std::nullopt;
}

ZmqAwaitable::Sent ZmqAwaitable::send(Parts parts) {
  if (!open_) return Sent::unreachable;
  Sent sent = Sent::yes;
  try {
    for (std::size_t i = 0; i < parts.size() && sent == Sent::yes; ++i) {
      const auto flags = i + 1 < parts.size() ? zmq::send_flags::dontwait | zmq::send_flags::sndmore
                                              : zmq::send_flags::dontwait;
      if (!socket_.send(std::move(parts[i]), flags)) sent = Sent::full;
    }
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    sent = Sent::unreachable;
  }
  if ((socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) descriptor_.cancel();
  return sent;
}

void ZmqAwaitable::close() {
  if (!std::exchange(open_, false)) return;
  boost::system::error_code ignored;
  std::ignore = descriptor_.cancel(ignored);
  [[maybe_unused]] const int lent = descriptor_.release();  // the socket closes it
  socket_.close();
}

void rethrow_from_loop(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace chorraha::link
