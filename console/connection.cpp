#include "console/connection.hpp"

#include <array>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace chorraha::console::http_detail {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

constexpr std::chrono::seconds request_deadline{10};
constexpr std::chrono::seconds page_silence{20};  // then it is pinged, and closed after as long
constexpr std::uint32_t head_bytes_max = 8192;
constexpr std::size_t message_bytes_max = 8192;
constexpr std::size_t close_reason_bytes_max = 120;  // RFC 6455: a control frame holds 125

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

WebRequest request_of(const Connection::Request& request) {
  return {.method = view(request.method_string()),
          .target = view(request.target()),
          .host = view(request[http::field::host]),
          .origin = view(request[http::field::origin]),
          .if_none_match = view(request[http::field::if_none_match]),
          .accept_encoding = view(request[http::field::accept_encoding]),
          .upgrade = websocket::is_upgrade(request)};
}

/// What a request that could not be read is told; 0: nothing, the other side is gone.
int status_of(const boost::system::error_code& error) {
  if (error == http::error::end_of_stream || error == beast::error::timeout) return 0;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

template <class Response>
void fill_head(Response& response, const WebAnswer& answer, bool keep_alive) {
  response.version(11);
  response.result(static_cast<unsigned>(answer.status));
  response.keep_alive(keep_alive);
  for (const WebHeader& header : security_headers()) {
    response.set(std::string(header.name), std::string(header.value));
  }
  if (!answer.content_type.empty()) response.set(http::field::content_type, answer.content_type);
  if (!answer.etag.empty()) response.set(http::field::etag, answer.etag);
  if (!answer.cache_control.empty()) {
    response.set(http::field::cache_control, answer.cache_control);
  }
  if (!answer.content_encoding.empty()) {
    response.set(http::field::content_encoding, answer.content_encoding);
  }
  response.set(http::field::vary, "Accept-Encoding");
  if (answer.status == 405) response.set(http::field::allow, "GET, HEAD");
}

}  // namespace

Connection::Connection(beast::tcp_stream stream, std::shared_ptr<Server> server)
    : stream_(std::move(stream)), server_(std::move(server)) {
  server_->connections.insert(this);
}

Connection::~Connection() {
  server_->connections.erase(this);
}

asio::awaitable<void> Connection::run() {
  const auto self = shared_from_this();
  bool more = true;
  while (more && server_->alive) more = co_await serve_one();
  if (page_) co_return;
  boost::system::error_code ignored;
  std::ignore = stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

asio::awaitable<bool> Connection::serve_one() {
  http::request_parser<http::string_body> parser;
  parser.header_limit(head_bytes_max);
  parser.body_limit(0);
  stream_.expires_after(request_deadline);
  const auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, awaited);
  if (!server_->alive) co_return false;
  if (error) {
    const int status = status_of(error);
    if (status == 0) co_return false;
    const WebAnswer answer = plain_answer(status, "this request cannot be read");
    const Request unread;
    co_await write(answer, unread, false);
    co_return false;
  }
  Request request = parser.release();
  WebAnswer answer = route(request_of(request), server_->files, server_->source);
  if (answer.live && server_->feed.full()) answer = plain_answer(503, "too many pages are open");
  if (answer.live) {
    co_await be_live(std::move(request));
    co_return false;
  }
  const bool keep_alive = request.keep_alive() && !websocket::is_upgrade(request);
  const bool written = co_await write(answer, request, keep_alive);
  co_return written&& keep_alive;
}

asio::awaitable<bool> Connection::write(const WebAnswer& answer, const Request& request,
                                        bool keep_alive) {
  stream_.expires_after(request_deadline);
  if (answer.status == 304 || request.method() == http::verb::head) {
    http::response<http::empty_body> response;
    fill_head(response, answer, keep_alive);
    if (answer.status != 304) response.content_length(answer.bytes.size());
    const auto [error, bytes] = co_await http::async_write(stream_, response, awaited);
    co_return !error;
  }
  http::response<http::span_body<const char>> response;
  fill_head(response, answer, keep_alive);
  response.body() = beast::span<const char>(answer.bytes.data(), answer.bytes.size());
  response.prepare_payload();
  const auto [error, bytes] = co_await http::async_write(stream_, response, awaited);
  co_return !error;
}

asio::awaitable<void> Connection::be_live(Request request) {
  stream_.expires_never();
  page_.emplace(std::move(stream_));
  page_->set_option(websocket::stream_base::timeout{request_deadline, page_silence, true});
  page_->read_message_max(message_bytes_max);
  const auto [refused] = co_await page_->async_accept(request, awaited);
  if (refused || !server_->alive) co_return;
  if (!server_->feed.connect(*this)) co_return;
  while (server_->alive) {
    beast::flat_buffer message;
    const auto [error, bytes] = co_await page_->async_read(message, awaited);
    if (error || !server_->alive) break;
    if (page_->got_binary()) {
      close("binary messages are not read here");
      continue;
    }
    const auto data = message.cdata();
    server_->feed.receive(*this, {static_cast<const char*>(data.data()), data.size()});
  }
  closing_ = true;
  if (server_->alive) server_->feed.disconnect(*this);
}

void Connection::abandon() {
  closing_ = true;
  beast::tcp_stream& stream = page_ ? page_->next_layer() : stream_;
  stream.close();
}

void Connection::send(FeedMessage message) {
  if (closing_) return;
  queue_.push_back(std::move(message));
  pump();
}

FeedClient::Waiting Connection::waiting() const {
  Waiting waiting{.frames = queue_.size()};
  for (const FeedMessage& message : queue_) waiting.bytes += message.size();
  return waiting;
}

void Connection::drop_waiting() {
  queue_.resize(writing_ ? 1 : 0);
}

void Connection::close(std::string_view reason) {
  if (closing_ || !page_) return;
  closing_ = true;
  const websocket::close_reason why(websocket::close_code::policy_error,
                                    std::string(reason.substr(0, close_reason_bytes_max)));
  page_->async_close(why, [self = shared_from_this()](const boost::system::error_code&) {});
}

void Connection::pump() {
  if (writing_ || queue_.empty() || !page_) return;
  writing_ = true;
  const FeedMessage& message = queue_.front();
  page_->binary(message.binary);
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(message.head),
                                                  asio::buffer(*message.body)};
  page_->async_write(
      buffers, [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        self->writing_ = false;
        self->queue_.pop_front();
        if (error || self->closing_) self->queue_.clear();
        self->pump();
      });
}

}  // namespace chorraha::console::http_detail
