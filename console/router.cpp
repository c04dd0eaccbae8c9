#include "console/router.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace chorraha::console {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view cameras_path = "/cameras/";
constexpr std::string_view picture_ending = ".jpg";

WebAnswer owned(std::shared_ptr<const std::string> text, std::string_view type) {
  WebAnswer answer;
  answer.content_type = type;
  answer.cache_control = "no-store";
  answer.bytes = *text;
  answer.owner = std::move(text);
  return answer;
}

bool lists(std::string_view header, std::string_view wanted) {
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    std::string_view entry = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (entry.starts_with("W/")) entry.remove_prefix(2);
    if (entry == wanted || entry == "*") return true;
  }
  return false;
}

/// "gzip" in Accept-Encoding, without looking at weights other than q=0.
bool takes_gzip(std::string_view header) {
  const std::size_t at = header.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = header.substr(at + 4, header.find(',', at) - at - 4);
  return rest.find("q=0") == std::string_view::npos || rest.find("q=0.") != std::string_view::npos;
}

WebAnswer not_modified(std::string_view etag, std::string_view cache_control) {
  WebAnswer answer;
  answer.status = 304;
  answer.etag = etag;
  answer.cache_control = cache_control;
  return answer;
}

WebAnswer file_answer(const WebFile& file, const WebRequest& request) {
  const std::string_view cache =
      file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
  if (lists(request.if_none_match, file.etag)) return not_modified(file.etag, cache);
  WebAnswer answer;
  answer.content_type = file.content_type;
  answer.etag = file.etag;
  answer.cache_control = cache;
  answer.bytes = file.bytes;
  if (!file.gzip.empty() && takes_gzip(request.accept_encoding)) {
    answer.bytes = file.gzip;
    answer.content_encoding = "gzip";
  }
  return answer;
}

WebAnswer network_answer(const WebRequest& request, const WebSource& source) {
  const std::string etag = source.network_etag();
  if (lists(request.if_none_match, etag)) return not_modified(etag, "no-cache");
  WebAnswer answer = owned(source.network(), json_type);
  answer.etag = etag;
  answer.cache_control = "no-cache";
  return answer;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// None if an escape is broken.
std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

WebAnswer picture_answer(std::string_view path, const WebSource& source) {
  path.remove_prefix(cameras_path.size());
  path.remove_suffix(picture_ending.size());
  const auto id = unescaped(path);
  if (!id) return plain_answer(400, "broken escape in the name of a camera");
  auto jpeg = source.picture(*id);
  if (!jpeg) return plain_answer(404, "no picture of this camera");
  WebAnswer answer;
  answer.content_type = "image/jpeg";
  answer.cache_control = "no-store";
  answer.bytes = {reinterpret_cast<const char*>(jpeg->data()), jpeg->size()};
  answer.owner = std::move(jpeg);
  return answer;
}

WebAnswer live_answer(const WebRequest& request) {
  if (!request.upgrade) return plain_answer(426, "the live feed is a WebSocket");
  const std::string_view origin = request.origin;
  const std::size_t scheme = origin.find("://");
  const bool own = origin.empty() ||
                   (scheme != std::string_view::npos && origin.substr(scheme + 3) == request.host);
  if (!own) return plain_answer(403, "the live feed is for its own page");
  WebAnswer answer;
  answer.status = 101;
  answer.live = true;
  return answer;
}

}  // namespace

WebAnswer plain_answer(int status, std::string_view text) {
  auto body = std::make_shared<const std::string>(std::string(text) + "\n");
  WebAnswer answer = owned(std::move(body), "text/plain; charset=utf-8");
  answer.status = status;
  return answer;
}

bool is_loopback_host(std::string_view host) {
  if (host.starts_with("[::1]")) {
    host.remove_prefix(5);
    return host.empty() || host.starts_with(':');
  }
  const std::string_view name = host.substr(0, host.find(':'));
  return name == "localhost" || name == "127.0.0.1";
}

WebAnswer route(const WebRequest& request, WebFiles files, const WebSource& source) {
  if (!is_loopback_host(request.host)) {
    return plain_answer(421, "this console answers on loopback names only");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return plain_answer(405, "only GET and HEAD");
  }
  const std::string_view path = request.target.substr(0, request.target.find('?'));
  if (path == "/live") return live_answer(request);
  if (path == "/api/network") return network_answer(request, source);
  if (path == "/api/status") {
    return owned(std::make_shared<const std::string>(source.status()), json_type);
  }
  if (path.starts_with(cameras_path) && path.ends_with(picture_ending) &&
      path.size() > cameras_path.size() + picture_ending.size()) {
    return picture_answer(path, source);
  }
  const std::string_view wanted = path == "/" ? "/index.html" : path;
  const auto file = std::ranges::find(files, wanted, &WebFile::path);
  if (file != files.end()) return file_answer(*file, request);
  if (path == "/") return plain_answer(404, "this program was built without its page");
  return plain_answer(404, "no such thing here");
}

std::vector<WebHeader> security_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
           "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"}};
}

}  // namespace chorraha::console
