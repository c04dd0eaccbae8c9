#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "console/city_view.hpp"
#include "console/web_files.hpp"
#include "traffic/result.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming)
}

namespace chorraha::console {

/// The operator's console: serves the page and shows it the city as it is handed in.
/// Threads: all of it on the thread of `io`.
class Console {
 public:
  struct Settings {
    std::uint16_t port = 8080;            // of 127.0.0.1; 0: a free one
    WebFiles files;                       // the page; `web_files()` of console/page
    std::function<Instant()> wall_clock;  // never null
  };

  /// A taken port is cannot_run. `city` must hold one configuration per junction.
  [[nodiscard]] static Result<std::unique_ptr<Console>> open(boost::asio::io_context& io,
                                                             Settings settings,
                                                             std::shared_ptr<const City> city);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  Console(Console&&) = delete;
  Console& operator=(Console&&) = delete;
  virtual ~Console() = default;

  /// What is to be seen from now on; call it ten times a second (and at each lamp change if that
  /// comes sooner).
  virtual void show(CityView view) = 0;
  /// Cameras that a page looks at: ask them for pictures (SEAMS: a picture leaves its camera only
  /// while somebody looks).
  [[nodiscard]] virtual std::vector<CameraId> cameras_wanted() const = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;

 protected:
  Console() = default;
};

}  // namespace chorraha::console
