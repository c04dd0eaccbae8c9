#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "console/web_files.hpp"

namespace chorraha::console {

/// What a request says that matters here; the views live as long as the request.
struct WebRequest {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  std::string_view origin;
  std::string_view if_none_match;
  std::string_view accept_encoding;
  bool upgrade = false;  // wants a WebSocket
};

struct WebAnswer {
  int status = 200;
  std::string content_type;
  std::string etag;           // empty: none
  std::string cache_control;  // of what is sent
  std::string content_encoding;
  std::string_view bytes;             // of the body, alive as long as `owner` or the program
  std::shared_ptr<const void> owner;  // null: bytes belong to the program
  bool live = false;                  // go on as the live feed (status 101)
};

/// Where the router finds what is not a file.
class WebSource {
 public:
  WebSource() = default;
  WebSource(const WebSource&) = delete;
  WebSource& operator=(const WebSource&) = delete;
  WebSource(WebSource&&) = delete;
  WebSource& operator=(WebSource&&) = delete;
  virtual ~WebSource() = default;
  [[nodiscard]] virtual std::shared_ptr<const std::string> network() const = 0;
  [[nodiscard]] virtual std::string network_etag() const = 0;
  [[nodiscard]] virtual std::string status() const = 0;
  [[nodiscard]] virtual std::shared_ptr<const std::vector<std::uint8_t>> picture(
      std::string_view camera) const = 0;
};

/// Answers one request (docs/live-feed.md). Pure but for what `source` tells; whatever comes in,
/// an answer goes out.
[[nodiscard]] WebAnswer route(const WebRequest& request, WebFiles files, const WebSource& source);

/// A text answer, for errors.
[[nodiscard]] WebAnswer plain_answer(int status, std::string_view text);

/// A loopback name or address, with or without a port.
[[nodiscard]] bool is_loopback_host(std::string_view host);

/// Headers of every answer: name and value.
struct WebHeader {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] std::vector<WebHeader> security_headers();

}  // namespace chorraha::console
