#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "apps/street/picture_thread.hpp"
#include "traffic/result.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the name is Asio's
}

namespace chorraha {

/// Serves rendered cameras as MJPEG on 127.0.0.1: `GET /cameras/ID.mjpg` is a multipart stream, as
/// cameras in the street have it. Anything else is 404. Bounds:  16 clients; each has at most one
/// picture under way, the ones between are dropped. Threads: the one of the io_context.
class PictureServer {
 public:
  /// Faults: cannot_run if the port is taken.
  [[nodiscard]] static Result<std::unique_ptr<PictureServer>> listen(
      boost::asio::io_context& io, std::uint16_t port,
      std::function<void(const std::string& id, bool watched)> watched);
  PictureServer(const PictureServer&) = delete;
  PictureServer(PictureServer&&) = delete;
  PictureServer& operator=(const PictureServer&) = delete;
  PictureServer& operator=(PictureServer&&) = delete;
  virtual ~PictureServer() = default;

  virtual void add(const std::string& id) = 0;
  virtual void show(const std::string& id, Jpeg picture) = 0;

 protected:
  PictureServer() = default;
};

}  // namespace chorraha
