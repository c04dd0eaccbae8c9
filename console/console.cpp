#include "console/console.hpp"

#include <functional>
#include <utility>

#include <fmt/format.h>

#include "console/http_server.hpp"
#include "console/live_feed.hpp"
#include "console/network_document.hpp"
#include "console/router.hpp"
#include "traffic/expect.hpp"

namespace chorraha::console {
namespace {

std::string etag_of(const std::string& text) {
  return fmt::format("\"{:016x}-{:x}\"", std::hash<std::string>{}(text), text.size());
}

class OpenConsole final : public Console, private WebSource {
 public:
  OpenConsole(std::shared_ptr<const City> city, std::function<Instant()> wall_clock)
      : network_(std::make_shared<const std::string>(network_document(*city))),
        network_etag_(etag_of(*network_)),
        feed_(std::move(city), network_etag_, std::move(wall_clock)) {}

  [[nodiscard]] Done listen(boost::asio::io_context& io, std::uint16_t port, WebFiles files) {
    auto server = HttpServer::listen(io, port, files, *this, feed_);
    if (!server) return server.error();
    server_ = *std::move(server);
    return {};
  }

  void show(CityView view) override { feed_.show(std::move(view)); }
  [[nodiscard]] std::vector<CameraId> cameras_wanted() const override {
    return feed_.cameras_wanted();
  }
  [[nodiscard]] std::uint16_t port() const override { return server_->port(); }

 private:
  [[nodiscard]] std::shared_ptr<const std::string> network() const override { return network_; }
  [[nodiscard]] std::string network_etag() const override { return network_etag_; }
  [[nodiscard]] std::string status() const override { return feed_.status(); }
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> picture(
      std::string_view camera) const override {
    return feed_.picture(camera);
  }

  std::shared_ptr<const std::string> network_;
  std::string network_etag_;
  LiveFeed feed_;
  std::unique_ptr<HttpServer> server_;  // last: it goes first, and takes its pages from the feed
};

}  // namespace

Result<std::unique_ptr<Console>> Console::open(boost::asio::io_context& io, Settings settings,
                                               std::shared_ptr<const City> city) {
  CHORRAHA_EXPECT(city && city->network && settings.wall_clock);
  const std::size_t junctions = city->network->junctions().size();
  if (city->intersections.size() != junctions) {
    return Fault{Reason::bad_input, "configurations of " + city->name,
                 std::to_string(city->intersections.size()),
                 fmt::format("{}, one per junction", junctions)};
  }
  auto console = std::make_unique<OpenConsole>(std::move(city), std::move(settings.wall_clock));
  const Done listening = console->listen(io, settings.port, settings.files);
  if (!listening) return listening.error();
  return std::unique_ptr<Console>(std::move(console));
}

}  // namespace chorraha::console
