#pragma once

#include <span>
#include <string_view>

namespace chorraha::console {

/// One file of the page, embedded in the program. Bytes live as long as the program.
struct WebFile {
  std::string_view path;          // "/assets/page-1a2b3c.js"
  std::string_view content_type;  // "text/javascript; charset=utf-8"
  std::string_view etag;          // quoted hash of the content
  std::string_view bytes;
  std::string_view gzip;   // the same, precompressed; empty if not worth it
  bool immutable = false;  // its name holds a hash of its content
};

using WebFiles = std::span<const WebFile>;

/// The page that was built with this program (console/web); empty if it was built without.
[[nodiscard]] WebFiles web_files();

}  // namespace chorraha::console
