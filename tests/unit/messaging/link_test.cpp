// The centre's and the devices' ends on real sockets.
#include <memory>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zmq.hpp>

#include "messaging/codec/codec.hpp"
#include "messaging/link/centre_link.hpp"
#include "messaging/link/device_link.hpp"
#include "tests/unit/messaging/link_fixture.hpp"

namespace chorraha {
namespace {

using testing::HasSubstr;

constexpr const char* any_port = "tcp://127.0.0.1:*";
constexpr Milliseconds beat{50};

struct Links : testing::Test, test::Wire {
  LinkContext centre_context{io.get_executor(), note_trouble()};
  LinkContext device_context{io.get_executor(), note_trouble()};
  std::unique_ptr<CentreLink> centre;
  std::unique_ptr<DeviceLink> device;
  std::vector<std::pair<std::string, Message>> at_centre;
  std::vector<Peer> changes;
  std::vector<Message> at_device;
  std::vector<LinkState> device_states;

  Links() { make_keys({"centre", "controller-A", "controller-B", "camera-K", "street"}); }

  void open_centre(const std::string& endpoint = any_port) {
    CentreLink::Handlers handlers;
    handlers.received = [this](const Peer& peer, Message message) {
      at_centre.emplace_back(peer.name, std::move(message));
    };
    handlers.changed = [this](const Peer& peer) { changes.push_back(peer); };
    handlers.trouble = note_trouble();
    // A port that was just closed may be taken for a moment yet.
    const bool opened = run_until([&] {
      auto link =
          CentreLink::open(centre_context, {endpoint, store.folder(), beat}, clocks(), handlers);
      if (link) centre = *std::move(link);
      return centre != nullptr;
    });
    ASSERT_TRUE(opened);
  }

  [[nodiscard]] static Hello hello_of(const std::string& intersection) {
    Hello hello;
    hello.boot = BootId{7};
    hello.served.push_back({IntersectionId{intersection}, {}});
    return hello;
  }

  [[nodiscard]] Result<std::unique_ptr<DeviceLink>> try_device(const std::string& name,
                                                               const Hello& hello,
                                                               const std::string& endpoint) {
    DeviceLink::Handlers handlers;
    handlers.received = [this](Message message) { at_device.push_back(std::move(message)); };
    handlers.changed = [this](LinkState state) { device_states.push_back(state); };
    handlers.trouble = note_trouble();
    const DeviceLink::Settings settings{endpoint, store.folder(),   name,
                                        hello,    Milliseconds{20}, beat};
    return DeviceLink::open(device_context, settings, clocks(), handlers);
  }
  void open_device(const std::string& name, const Hello& hello) {
    device = try_device(name, hello, centre->endpoint()).value();
  }
  void connect_a() {
    open_centre();
    open_device("controller-A", hello_of("A"));
    ASSERT_TRUE(run_until([&] { return device->state() == LinkState::online; }));
  }
};

StateReport report_of(const std::string& intersection) {
  StateReport report;
  report.intersection = IntersectionId{intersection};
  report.boot = BootId{7};
  report.now = Tick{Ticks{42}};
  return report;
}
HorizonPlan plan_for(const std::string& intersection) {
  HorizonPlan plan;
  plan.intersection = IntersectionId{intersection};
  plan.stages.push_back({StageIndex{0}, Tick{Ticks{50}}, Tick{Ticks{60}}, false, {}});
  return plan;
}

TEST_F(Links, carry_reports_up_and_plans_down) {
  connect_a();

  ASSERT_TRUE(device->send(report_of("A")));
  ASSERT_TRUE(centre->send("controller-A", plan_for("A")));

  ASSERT_TRUE(run_until([&] { return at_centre.size() >= 2 && !at_device.empty(); }));
  EXPECT_EQ(at_centre[0].second, Message{hello_of("A")});
  EXPECT_EQ(at_centre[1].first, "controller-A");
  EXPECT_EQ(at_centre[1].second, Message{report_of("A")});
  EXPECT_EQ(at_device[0], Message{plan_for("A")});
  EXPECT_EQ(centre->find("controller-A")->boot, BootId{7});
  EXPECT_TRUE(troubles.empty()) << troubles.front();
}

TEST_F(Links, refuse_a_device_whose_key_is_unknown_and_say_which) {
  open_centre();
  ASSERT_TRUE(store.make("controller-C").value());
  std::filesystem::remove(store.public_path("controller-C"));
  ASSERT_TRUE(centre->reload());

  open_device("controller-C", hello_of("C"));

  const std::string key = store.load("controller-C")->public_key;
  EXPECT_TRUE(run_until([&] {
    return troubled_by("refused our key " + store.secret_path("controller-C").string() +
                       " (public " + key + ")") &&
           troubled_by("with public key " + key + ": saw a key that is not allowed");
  }));
  EXPECT_FALSE(device->connected());
  EXPECT_TRUE(at_centre.empty());
}

TEST_F(Links, let_a_device_in_once_its_key_is_allowed) {
  open_centre();
  ASSERT_TRUE(store.make("controller-C").value());
  const std::filesystem::path known = store.public_path("controller-C");
  std::filesystem::rename(known, known.string() + ".held");
  ASSERT_TRUE(centre->reload());
  open_device("controller-C", hello_of("C"));
  ASSERT_TRUE(run_until([&] { return troubled_by("refused our key"); }));

  std::filesystem::rename(known.string() + ".held", known);
  ASSERT_TRUE(centre->reload());

  EXPECT_TRUE(run_until([&] { return device->state() == LinkState::online; }));
}

TEST_F(Links, say_so_when_the_centre_is_not_the_one_whose_key_is_known) {
  open_centre();
  const test::ScratchFolder elsewhere;
  const KeyStore other(elsewhere.path());
  ASSERT_TRUE(other.make("centre").value());
  const KeyStore ours(folder.path() / "ours");
  ASSERT_TRUE(ours.make("controller-A").value());
  std::filesystem::copy(other.public_path("centre"), ours.public_path("centre"));

  const DeviceLink::Settings settings{centre->endpoint(), ours.folder(),    "controller-A",
                                      hello_of("A"),      Milliseconds{20}, beat};
  DeviceLink::Handlers handlers;
  handlers.trouble = note_trouble();
  device = DeviceLink::open(device_context, settings, clocks(), handlers).value();

  EXPECT_TRUE(run_until([&] { return troubled_by("no CURVE handshake with centre at tcp://"); }));
  EXPECT_FALSE(device->connected());
}

TEST_F(Links, refuse_to_start_without_keys) {
  std::filesystem::remove(store.secret_path("centre"));
  const auto opened =
      CentreLink::open(centre_context, {any_port, store.folder(), beat}, clocks(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().reason, Reason::cannot_run);
  EXPECT_THAT(opened.error().text(), HasSubstr("centre.key: saw nothing"));

  const auto device_without = try_device("controller-Z", hello_of("Z"), "tcp://127.0.0.1:1");
  ASSERT_FALSE(device_without);
  EXPECT_THAT(device_without.error().text(), HasSubstr("controller-Z.key: saw nothing"));
}

TEST_F(Links, refuse_a_port_that_is_taken) {
  open_centre();

  const auto second =
      CentreLink::open(device_context, {centre->endpoint(), store.folder(), beat}, clocks(), {});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::cannot_run);
  EXPECT_THAT(second.error().text(), HasSubstr(centre->endpoint()));
}

TEST_F(Links, speak_no_plaintext) {
  open_centre();
  zmq::context_t context;
  zmq::socket_t naked(context, zmq::socket_type::dealer);
  naked.set(zmq::sockopt::linger, 0);
  naked.connect(centre->endpoint());
  const auto bytes = encode(hello_of("A"));
  naked.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);

  open_device("controller-B", hello_of("B"));
  ASSERT_TRUE(run_until([&] { return device->state() == LinkState::online; }));

  ASSERT_EQ(at_centre.size(), 1U);
  EXPECT_EQ(at_centre[0].first, "controller-B");
}

TEST_F(Links, know_a_peer_by_its_key_not_by_what_it_claims) {
  open_centre();
  const KeyPair b = store.load("controller-B").value();
  zmq::context_t context;
  zmq::socket_t liar(context, zmq::socket_type::dealer);
  liar.set(zmq::sockopt::linger, 0);
  liar.set(zmq::sockopt::routing_id, "controller-A");
  liar.set(zmq::sockopt::curve_publickey, b.public_key);
  liar.set(zmq::sockopt::curve_secretkey, b.secret_key);
  liar.set(zmq::sockopt::curve_serverkey, store.load_public("centre").value());
  liar.connect(centre->endpoint());
  const auto say = [&](const Message& message) {
    const auto bytes = encode(message);
    liar.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
  };

  say(hello_of("A"));
  say(hello_of("B"));
  say(report_of("A"));
  say(report_of("B"));

  ASSERT_TRUE(run_until([&] { return at_centre.size() >= 2; }));
  EXPECT_EQ(at_centre[0].second, Message{hello_of("B")});
  EXPECT_EQ(at_centre[1].second, Message{report_of("B")});
  EXPECT_EQ(centre->find("controller-A"), nullptr);
  EXPECT_TRUE(troubled_by("message of controller-B: Hello: saw not its to say"));
  EXPECT_TRUE(troubled_by("message of controller-B: StateReport: saw not its to say"));
}

TEST_F(Links, drop_what_a_revoked_key_says_and_send_it_nothing) {
  connect_a();
  ASSERT_TRUE(store.revoke("controller-A"));
  ASSERT_TRUE(centre->reload());

  ASSERT_TRUE(device->send(report_of("A")));

  ASSERT_TRUE(run_until([&] { return troubled_by("a key that is not allowed any more"); }));
  EXPECT_EQ(at_centre.size(), 1U) << "only its Hello, from before";
  const Done sent = centre->send("controller-A", plan_for("A"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().reason, Reason::refused);
}

TEST_F(Links, notice_a_revoked_key_by_themselves) {
  connect_a();
  ASSERT_TRUE(store.revoke("controller-A"));

  EXPECT_TRUE(run_until([&] { return !centre->send("controller-A", plan_for("A")); }));
}

TEST_F(Links, climb_the_ladder_of_silence_on_both_sides) {
  connect_a();
  centre.reset();

  std::vector<LinkState> seen;
  for (const int seconds : {3, 10, 30, 120}) {
    steady = Tick{Ticks{1000 + seconds * 10}};
    device_states.clear();
    ASSERT_TRUE(run_until([&] { return !device_states.empty(); })) << seconds;
    seen.push_back(device_states.back());
  }

  EXPECT_THAT(seen, testing::ElementsAre(LinkState::suspect, LinkState::silent,
                                         LinkState::disconnected, LinkState::backup));
  EXPECT_FALSE(device->connected());
  const Done sent = device->send(report_of("A"));
  ASSERT_FALSE(sent) << "stored up while the centre was away";
  EXPECT_EQ(sent.error().reason, Reason::lost);
}

TEST_F(Links, tell_the_centre_of_a_device_that_went_silent) {
  connect_a();
  device.reset();

  steady = Tick{Ticks{1000 + 30}};

  EXPECT_TRUE(run_until([&] { return centre->find("controller-A")->state == LinkState::suspect; }));
  EXPECT_EQ(changes.back().state, LinkState::suspect);
  EXPECT_TRUE(run_until([&] { return !centre->send("controller-A", plan_for("A")); }));
}

TEST_F(Links, come_back_by_themselves_with_hello_first) {
  connect_a();
  const std::string endpoint = centre->endpoint();
  centre.reset();
  ASSERT_TRUE(run_until([&] { return !device->connected(); }));
  at_centre.clear();

  open_centre(endpoint);

  ASSERT_TRUE(run_until([&] { return !at_centre.empty(); }));
  EXPECT_EQ(at_centre[0].second, Message{hello_of("A")});
  EXPECT_TRUE(run_until([&] { return device->send(report_of("A")).has_value(); }));
}

TEST_F(Links, wait_for_a_centre_that_starts_later) {
  open_centre();
  const std::string endpoint = centre->endpoint();
  centre.reset();
  device = try_device("controller-A", hello_of("A"), endpoint).value();
  EXPECT_EQ(device->state(), LinkState::searching);

  open_centre(endpoint);

  EXPECT_TRUE(run_until([&] { return device->state() == LinkState::online; }));
}

TEST_F(Links, know_a_device_that_restarted_by_its_new_boot) {
  connect_a();
  Hello again = hello_of("A");
  again.boot = BootId{8};

  open_device("controller-A", again);

  EXPECT_TRUE(run_until([&] { return centre->find("controller-A")->boot == BootId{8}; }));
  ASSERT_TRUE(run_until([&] { return device->connected(); }));
  ASSERT_TRUE(centre->send("controller-A", plan_for("A")));
  EXPECT_TRUE(run_until([&] { return !at_device.empty(); })) << "sent to where it was before";
}

TEST_F(Links, survive_bytes_that_are_no_message) {
  connect_a();
  const KeyPair b = store.load("controller-B").value();
  zmq::context_t context;
  zmq::socket_t babbler(context, zmq::socket_type::dealer);
  babbler.set(zmq::sockopt::linger, 0);
  babbler.set(zmq::sockopt::curve_publickey, b.public_key);
  babbler.set(zmq::sockopt::curve_secretkey, b.secret_key);
  babbler.set(zmq::sockopt::curve_serverkey, store.load_public("centre").value());
  babbler.connect(centre->endpoint());
  babbler.send(zmq::str_buffer("babble"), zmq::send_flags::dontwait);
  babbler.send(zmq::str_buffer(""), zmq::send_flags::dontwait);

  EXPECT_TRUE(run_until([&] { return troubled_by("message of controller-B: message"); }));
  ASSERT_TRUE(device->send(report_of("A")));
  EXPECT_TRUE(run_until([&] { return at_centre.size() == 2; }));
}

TEST(MaySay, holds_each_role_to_its_own) {
  StreetView view;
  Picture picture;
  picture.camera = CameraId{"K"};

  EXPECT_TRUE(may_say(DeviceRole::controller, "controller-A", report_of("A")));
  EXPECT_FALSE(may_say(DeviceRole::camera, "camera-A", report_of("A")));
  EXPECT_TRUE(may_say(DeviceRole::street, "street", view));
  EXPECT_FALSE(may_say(DeviceRole::controller, "controller-A", view));
  EXPECT_TRUE(may_say(DeviceRole::camera, "camera-K", picture));
  EXPECT_FALSE(may_say(DeviceRole::camera, "camera-L", picture));
  EXPECT_FALSE(may_say(DeviceRole::controller, "controller-A", plan_for("A")));
}

TEST(LinkLadder, follows_the_seconds_of_silence) {
  EXPECT_EQ(state_after(Ticks{29}), LinkState::online);
  EXPECT_EQ(state_after(Ticks{30}), LinkState::suspect);
  EXPECT_EQ(state_after(Ticks{100}), LinkState::silent);
  EXPECT_EQ(state_after(Ticks{300}), LinkState::disconnected);
  EXPECT_EQ(state_after(Ticks{1200}), LinkState::backup);
}

}  // namespace
}  // namespace chorraha
