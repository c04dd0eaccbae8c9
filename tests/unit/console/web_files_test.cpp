#include "console/web_files.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace chorraha::console {
namespace {

const WebFile* found(std::string_view path) {
  const auto file = std::ranges::find(web_files(), path, &WebFile::path);
  return file == web_files().end() ? nullptr : &*file;
}

TEST(WebFiles, hold_the_page_without_inline_scripts_and_styles) {
  const WebFile* page = found("/index.html");

  ASSERT_NE(page, nullptr);
  EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
  EXPECT_FALSE(page->immutable);
  EXPECT_EQ(page->bytes.find("<style"), std::string_view::npos);
  EXPECT_EQ(page->bytes.find(" style="), std::string_view::npos);
  EXPECT_EQ(page->bytes.find("<script>"), std::string_view::npos);
  EXPECT_NE(page->bytes.find("<script type=\"module\""), std::string_view::npos);
}

TEST(WebFiles, hold_all_that_the_page_names) {
  const WebFile* page = found("/index.html");
  ASSERT_NE(page, nullptr);

  for (std::string_view rest = page->bytes; rest.find("=\"/") != std::string_view::npos;) {
    rest.remove_prefix(rest.find("=\"/") + 2);
    const std::string_view path = rest.substr(0, rest.find('"'));
    EXPECT_NE(found(path), nullptr) << path;
  }
}

TEST(WebFiles, are_light_enough_for_a_first_load) {
  std::size_t bytes = 0;
  for (const WebFile& file : web_files()) {
    bytes += file.gzip.empty() ? file.bytes.size() : file.gzip.size();
    EXPECT_GE(file.etag.size(), 4U) << file.path;
  }
  EXPECT_GT(bytes, 10'000U);
  EXPECT_LE(bytes, 700'000U);
}

}  // namespace
}  // namespace chorraha::console
