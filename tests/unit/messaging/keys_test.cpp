#include "messaging/link/keys.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/unit/messaging/link_fixture.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;

struct Keys : testing::Test {
  test::ScratchFolder folder;
  KeyStore store{folder.path() / "keys"};

  void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
};

TEST_F(Keys, makes_a_pair_that_only_its_owner_can_read) {
  ASSERT_TRUE(store.make("centre").value());

  const KeyPair pair = store.load("centre").value();

  EXPECT_EQ(pair.public_key.size(), 40U);
  EXPECT_NE(pair.public_key, pair.secret_key);
  EXPECT_EQ(store.load_public("centre").value(), pair.public_key);
  EXPECT_EQ(fs::status(store.secret_path("centre")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(store.folder()).permissions(), fs::perms::owner_all);
}

TEST_F(Keys, never_overwrites_a_key) {
  ASSERT_TRUE(store.make("street").value());
  const std::string before = store.load("street")->secret_key;

  EXPECT_FALSE(store.make("street").value());

  EXPECT_EQ(store.load("street")->secret_key, before);
}

TEST_F(Keys, completes_a_pair_whose_making_was_cut_short) {
  ASSERT_TRUE(store.make("street").value());
  fs::remove(store.public_path("street"));

  EXPECT_FALSE(store.make("street").value());

  EXPECT_EQ(store.load_public("street").value(), store.load("street")->public_key);
}

TEST_F(Keys, refuses_a_secret_that_others_can_read) {
  ASSERT_TRUE(store.make("centre").value());
  fs::permissions(store.secret_path("centre"), fs::perms::group_read, fs::perm_options::add);

  const Result<KeyPair> pair = store.load("centre");

  ASSERT_FALSE(pair);
  EXPECT_EQ(pair.error().reason, Reason::cannot_run);
  EXPECT_EQ(pair.error().text(), "key file " + store.secret_path("centre").string() +
                                     ": saw mode 0640, allowed mode 0600: readable by its owner "
                                     "alone");
}

TEST_F(Keys, names_a_secret_that_is_missing) {
  const Result<KeyPair> pair = store.load("controller-J");

  ASSERT_FALSE(pair);
  EXPECT_EQ(pair.error().reason, Reason::cannot_run);
  EXPECT_EQ(pair.error().text(), "key file " + store.secret_path("controller-J").string() +
                                     ": saw nothing, allowed a key made by `chorraha keys make`");
}

TEST_F(Keys, refuses_files_that_hold_no_key) {
  ASSERT_TRUE(store.make("centre").value());
  for (const std::string& text :
       {std::string(), std::string("short"), std::string(40, '~'), std::string(80, 'a')}) {
    write(store.secret_path("centre"), text);
    const Result<KeyPair> pair = store.load("centre");
    ASSERT_FALSE(pair) << text;
    EXPECT_EQ(pair.error().allowed, "one line of 40 characters Z85");
  }
}

TEST_F(Keys, refuses_a_secret_behind_a_link) {
  ASSERT_TRUE(store.make("centre").value());
  fs::rename(store.secret_path("centre"), folder.path() / "elsewhere");
  fs::create_symlink(folder.path() / "elsewhere", store.secret_path("centre"));

  EXPECT_FALSE(store.load("centre"));
}

TEST_F(Keys, allows_those_whose_public_key_lies_there_until_revoked) {
  ASSERT_TRUE(store.make("centre").value());
  ASSERT_TRUE(store.make("controller-A").value());
  const std::string key = store.load_public("controller-A").value();
  ASSERT_EQ(*store.allow_list()->name_of(key), "controller-A");

  ASSERT_TRUE(store.revoke("controller-A"));

  EXPECT_EQ(store.allow_list()->name_of(key), nullptr);
  EXPECT_FALSE(store.make("controller-A").value());
  EXPECT_EQ(store.allow_list()->name_of(key), nullptr) << "making keys brought it back";
  EXPECT_TRUE(store.list()->at(1).revoked);
}

TEST_F(Keys, lists_names_roles_and_modes_without_secrets) {
  for (const std::string& name :
       {key_name(DeviceRole::street), key_name(DeviceRole::camera, "K 1"), std::string("centre")})
    ASSERT_TRUE(store.make(name).value());

  const std::vector<KeyEntry> entries = store.list().value();

  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].name, "camera-K%201");
  EXPECT_EQ(entries[0].role, DeviceRole::camera);
  EXPECT_EQ(entries[0].mode, 0600U);
  EXPECT_TRUE(entries[0].has_secret);
  EXPECT_EQ(entries[2].public_key, store.load_public("street").value());
}

TEST_F(Keys, refuses_names_that_would_leave_the_folder) {
  EXPECT_FALSE(store.make("controller-../../x"));
  EXPECT_FALSE(store.make("admin"));
  EXPECT_EQ(key_name(DeviceRole::controller, "../x"), "controller-..%2Fx");
  EXPECT_NE(key_name(DeviceRole::controller, "a/b"), key_name(DeviceRole::controller, "a%2Fb"));
}

}  // namespace
}  // namespace chorraha
