#include "apps/process/datagram_socket.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/process/newest.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

using namespace std::chrono_literals;

struct Datagrams : testing::Test {
  test::ScratchFolder var;
  boost::asio::io_context io;
  RunFolder run{open_run_folder(var.path()).value()};
  std::vector<std::string> heard;
  std::vector<std::filesystem::path> senders;
  std::vector<std::chrono::nanoseconds> sent;

  [[nodiscard]] Result<std::unique_ptr<DatagramSocket>> open(const std::filesystem::path& path) {
    return DatagramSocket::open(
        io.get_executor(), path, [this](const DatagramSocket::Datagram& datagram) {
          heard.emplace_back(reinterpret_cast<const char*>(datagram.bytes.data()),
                             datagram.bytes.size());
          senders.push_back(datagram.sender);
          sent.push_back(datagram.sent);
        });
  }
  static std::vector<std::byte> bytes(const std::string& text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
  }
  void run_until_heard(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (heard.size() < count && std::chrono::steady_clock::now() < deadline)
      io.run_one_for(std::chrono::milliseconds{50});
  }
};

TEST_F(Datagrams, arrive_in_order_with_who_sent_them_and_when) {
  const auto driver = open(run.driver()).value();
  const auto controller = open(run.controller("main")).value();

  ASSERT_TRUE(controller->send(run.driver(), bytes("one")));
  ASSERT_TRUE(controller->send(run.driver(), bytes("two")));
  run_until_heard(2);

  EXPECT_THAT(heard, testing::ElementsAre("one", "two"));
  EXPECT_EQ(senders.front(), run.controller("main"));
  EXPECT_GT(sent[0].count(), 0);
  EXPECT_GE(sent[1], sent[0]);
}

TEST(SentOnSteadyClock, is_as_long_before_the_receipt_as_it_lay_in_the_queue) {
  EXPECT_EQ(sent_on_steady_clock(1000s, 1000s + 30ms, 50s), 50s - 30ms);
  EXPECT_EQ(sent_on_steady_clock(1000s, 1000s, 50s), 50s);
}

TEST(SentOnSteadyClock, follows_no_wall_clock_that_was_set) {
  EXPECT_EQ(sent_on_steady_clock(1000s, 1003s, 50s), 50s) << "set forward";
  EXPECT_EQ(sent_on_steady_clock(1000s, 990s, 50s), 50s) << "set back";
  EXPECT_EQ(sent_on_steady_clock(0s, 1000s, 50s), 50s) << "no stamp";
}

TEST_F(Datagrams, are_stamped_on_the_steady_clock) {
  const auto driver = open(run.driver()).value();
  const auto controller = open(run.controller("main")).value();
  const auto before = std::chrono::steady_clock::now().time_since_epoch();

  ASSERT_TRUE(controller->send(run.driver(), bytes("one")));
  run_until_heard(1);

  EXPECT_GE(sent.at(0), before - 1ms);
  EXPECT_LE(sent.at(0), std::chrono::steady_clock::now().time_since_epoch());
}

TEST_F(Datagrams, are_dropped_when_nobody_is_there) {
  const auto controller = open(run.controller("main")).value();

  EXPECT_FALSE(controller->send(run.driver(), bytes("lost")));
}

TEST_F(Datagrams, never_make_the_sender_wait) {
  const auto driver = open(run.driver()).value();
  const auto controller = open(run.controller("main")).value();

  int taken = 0;
  while (taken < 100'000 && controller->send(run.driver(), bytes("again"))) ++taken;

  EXPECT_LT(taken, 100'000) << "the queue has no bound";
}

TEST_F(Datagrams, go_to_one_process_a_path) {
  const auto first = open(run.driver()).value();

  const auto second = open(run.driver());

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::cannot_run);
  EXPECT_THAT(second.error().text(), testing::HasSubstr("another process that serves it"));
}

TEST_F(Datagrams, take_over_the_path_of_a_dead_process) {
  const auto left = run.folder / "left.sock";
  {
    const auto first = open(run.driver()).value();
    std::filesystem::rename(run.driver(), left);
  }

  EXPECT_TRUE(open(left));
}

TEST_F(Datagrams, carry_a_whole_city_in_one) {
  const auto driver = open(run.driver()).value();
  const auto controller = open(run.controller("main")).value();
  const std::string large(150'000, 'x');

  ASSERT_TRUE(controller->send(run.driver(), bytes(large)));
  run_until_heard(1);

  EXPECT_EQ(heard.at(0), large);
}

TEST_F(Datagrams, refuse_a_folder_that_others_may_enter) {
  std::filesystem::permissions(run.folder, std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);

  const Result<RunFolder> again = open_run_folder(var.path());

  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().text(), testing::HasSubstr("saw mode 0701"));
}

TEST(NumberedDatagrams, count_once_and_begin_again_with_a_new_boot) {
  Newest newest;

  EXPECT_TRUE(newest.accept(BootId{1}, 5));
  EXPECT_FALSE(newest.accept(BootId{1}, 5));
  EXPECT_FALSE(newest.accept(BootId{1}, 4));
  EXPECT_TRUE(newest.accept(BootId{2}, 1));
  EXPECT_TRUE(newest.accept(BootId{2}, 9));
}

}  // namespace
}  // namespace chorraha
