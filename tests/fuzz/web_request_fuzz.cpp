// Whatever a request says, line by line (method, target, host, origin, if-none-match,
// accept-encoding): an answer with a status, and no file to a foreign host.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "console/router.hpp"

namespace {

class OnePicture : public chorraha::console::WebSource {
 public:
  [[nodiscard]] std::shared_ptr<const std::string> network() const override {
    return std::make_shared<const std::string>("{}");
  }
  [[nodiscard]] std::string network_etag() const override { return "\"n\""; }
  [[nodiscard]] std::string status() const override { return "{}"; }
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> picture(
      std::string_view camera) const override {
    if (camera != "C 1") return nullptr;
    return std::make_shared<const std::vector<std::uint8_t>>(3, 0xff);
  }
};

constexpr std::array<chorraha::console::WebFile, 1> page{
    chorraha::console::WebFile{"/index.html", "text/html", "\"i\"", "<html>", "zip", false}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  std::array<std::string_view, 6> lines;
  for (std::string_view& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest = line.size() < rest.size() ? rest.substr(line.size() + 1) : std::string_view{};
  }
  const chorraha::console::WebRequest request{.method = lines[0],
                                              .target = lines[1],
                                              .host = lines[2],
                                              .origin = lines[3],
                                              .if_none_match = lines[4],
                                              .accept_encoding = lines[5],
                                              .upgrade = size % 2 == 1};
  const chorraha::console::WebAnswer answer = chorraha::console::route(request, page, OnePicture{});
  if (answer.status < 101 || answer.status > 599) std::abort();
  if (!chorraha::console::is_loopback_host(request.host) && answer.status != 421) std::abort();
  return 0;
}
