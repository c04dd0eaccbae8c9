#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "console/live_feed.hpp"
#include "console/router.hpp"
#include "traffic/result.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming)
}

namespace chorraha::console {

/// HTTP/1.1 and WebSocket on loopback: asks `route` for each answer and hands live pages to the
/// feed.
/// Bounds:   128 connections (the next ones are closed at once); a request head of 8 kB, no body,
///           10 s for a request; a message of 8 kB from a page. Queues: see LiveFeed.
/// Faults:   a taken port or another trouble of the socket is cannot_run and names the port.
///           Nothing that comes over the wire stops the server.
/// Threads:  that of the io_context, which also owns the feed.
/// Lifetime: files, source and feed outlive the server; its destructor closes all connections.
class HttpServer {
 public:
  static constexpr std::size_t connections_max = 128;

  /// Port 0 takes a free one.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(boost::asio::io_context& io,
                                                                  std::uint16_t port,
                                                                  WebFiles files,
                                                                  const WebSource& source,
                                                                  LiveFeed& feed);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  HttpServer(HttpServer&&) = delete;
  HttpServer& operator=(HttpServer&&) = delete;
  virtual ~HttpServer() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;

 protected:
  HttpServer() = default;
};

}  // namespace chorraha::console
