#include "console/router.hpp"

#include <array>

#include <gtest/gtest.h>

namespace chorraha::console {
namespace {

class OneCamera : public WebSource {
 public:
  [[nodiscard]] std::shared_ptr<const std::string> network() const override {
    return std::make_shared<const std::string>("{\"network\":1}");
  }
  [[nodiscard]] std::string network_etag() const override { return "\"n1\""; }
  [[nodiscard]] std::string status() const override { return "{\"signals\":1}"; }
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> picture(
      std::string_view camera) const override {
    if (camera != "C 1") return nullptr;
    return std::make_shared<const std::vector<std::uint8_t>>(3, 0xff);
  }
};

constexpr std::array<WebFile, 2> page{
    WebFile{"/index.html", "text/html; charset=utf-8", "\"i\"", "<html>", "zipped", false},
    WebFile{"/assets/page-1.js", "text/javascript; charset=utf-8", "\"j\"", "js", "", true}};

WebRequest get(std::string_view target) {
  return {.method = "GET",
          .target = target,
          .host = "localhost:8080",
          .origin = {},
          .if_none_match = {},
          .accept_encoding = "gzip, deflate"};
}

WebAnswer answer(const WebRequest& request) {
  return route(request, page, OneCamera{});
}

TEST(Router, serves_the_page_compressed_to_whom_takes_it) {
  WebRequest plain = get("/");
  plain.accept_encoding = "gzip;q=0";

  EXPECT_EQ(answer(get("/")).bytes, "zipped");
  EXPECT_EQ(answer(get("/")).content_encoding, "gzip");
  EXPECT_EQ(answer(plain).bytes, "<html>");
  EXPECT_EQ(answer(get("/?junction=J1")).status, 200);
}

TEST(Router, keeps_hashed_names_for_good_and_asks_again_for_the_rest) {
  EXPECT_NE(answer(get("/assets/page-1.js")).cache_control.find("immutable"), std::string::npos);
  EXPECT_EQ(answer(get("/")).cache_control, "no-cache");
}

TEST(Router, answers_304_to_the_same_etag) {
  WebRequest again = get("/api/network");
  again.if_none_match = "\"other\", W/\"n1\"";
  WebRequest page_again = get("/");
  page_again.if_none_match = "\"i\"";

  EXPECT_EQ(answer(again).status, 304);
  EXPECT_EQ(answer(page_again).status, 304);
  EXPECT_EQ(answer(get("/api/network")).bytes, "{\"network\":1}");
  EXPECT_EQ(answer(get("/api/network")).etag, "\"n1\"");
}

TEST(Router, shows_the_picture_of_a_camera_by_its_escaped_name) {
  EXPECT_EQ(answer(get("/cameras/C%201.jpg")).status, 200);
  EXPECT_EQ(answer(get("/cameras/C%201.jpg")).bytes.size(), 3U);
  EXPECT_EQ(answer(get("/cameras/C2.jpg")).status, 404);
  EXPECT_EQ(answer(get("/cameras/C%2.jpg")).status, 400);
  EXPECT_EQ(answer(get("/cameras/%")).status, 404);
  EXPECT_EQ(answer(get("/cameras/.jpg")).status, 404);
}

TEST(Router, is_not_reached_under_a_foreign_name) {
  for (const char* host : {"", "example.org", "127.0.0.1.example.org", "localhost.example.org:80",
                           "[::1]x", "10.0.0.1:8080"}) {
    WebRequest foreign = get("/");
    foreign.host = host;
    EXPECT_EQ(answer(foreign).status, 421) << host;
  }
  for (const char* host : {"localhost", "localhost:1", "127.0.0.1:8080", "[::1]:8080", "[::1]"}) {
    WebRequest own = get("/");
    own.host = host;
    EXPECT_EQ(answer(own).status, 200) << host;
  }
}

TEST(Router, opens_the_live_feed_to_its_own_page_only) {
  WebRequest live = get("/live");
  EXPECT_EQ(answer(live).status, 426);
  live.upgrade = true;
  EXPECT_TRUE(answer(live).live);
  live.origin = "http://localhost:8080";
  EXPECT_TRUE(answer(live).live);
  for (const char* origin : {"http://example.org", "null", "http://localhost:81"}) {
    live.origin = origin;
    EXPECT_EQ(answer(live).status, 403) << origin;
    EXPECT_FALSE(answer(live).live);
  }
}

TEST(Router, refuses_what_is_not_asked_politely) {
  WebRequest post = get("/api/status");
  post.method = "POST";

  EXPECT_EQ(answer(post).status, 405);
  EXPECT_EQ(answer(get("/../etc/passwd")).status, 404);
  EXPECT_EQ(answer(get("")).status, 404);
  EXPECT_EQ(route(get("/"), {}, OneCamera{}).status, 404);
}

TEST(Router, forbids_inline_scripts_and_styles) {
  const auto headers = security_headers();
  ASSERT_FALSE(headers.empty());
  EXPECT_EQ(headers[0].name, "Content-Security-Policy");
  EXPECT_EQ(headers[0].value.find("unsafe"), std::string_view::npos);
  EXPECT_NE(headers[0].value.find("default-src 'none'"), std::string_view::npos);
}

}  // namespace
}  // namespace chorraha::console
