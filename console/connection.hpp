#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "console/live_feed.hpp"
#include "console/router.hpp"

namespace chorraha::console::http_detail {

class Connection;

/// What all connections of one server share. After `alive` fell, files, source and feed are gone.
struct Server {
  WebFiles files;
  const WebSource& source;
  LiveFeed& feed;
  bool alive = true;
  std::unordered_set<Connection*> connections;
};

/// One TCP connection: HTTP requests one after another, then perhaps a WebSocket for good.
/// It lives as long as a coroutine or handler of it.
class Connection : public FeedClient, public std::enable_shared_from_this<Connection> {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  Connection(boost::beast::tcp_stream stream, std::shared_ptr<Server> server);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() override;

  /// Serves until the other side goes, a deadline passes or the server stops.
  [[nodiscard]] boost::asio::awaitable<void> run();
  /// Closes the socket; handlers end by themselves.
  void abandon();

  void send(FeedMessage message) override;
  [[nodiscard]] Waiting waiting() const override;
  void drop_waiting() override;
  void close(std::string_view reason) override;

 private:
  /// Reads and answers one request; false: no other one follows.
  [[nodiscard]] boost::asio::awaitable<bool> serve_one();
  [[nodiscard]] boost::asio::awaitable<void> be_live(Request request);
  [[nodiscard]] boost::asio::awaitable<bool> write(const WebAnswer& answer, const Request& request,
                                                   bool keep_alive);
  void pump();

  boost::beast::tcp_stream stream_;
  std::optional<boost::beast::websocket::stream<boost::beast::tcp_stream>> page_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<Server> server_;
  std::deque<FeedMessage> queue_;  // the first is being written while `writing_`
  bool writing_ = false;
  bool closing_ = false;
};

}  // namespace chorraha::console::http_detail
