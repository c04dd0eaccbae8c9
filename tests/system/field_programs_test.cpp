// chorraha-controller and chorraha-monitor as they are, with a lamp driver and a centre around
// them.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/keys/device_keys.hpp"
#include "apps/process/clock.hpp"
#include "apps/process/datagram_socket.hpp"
#include "apps/process/newest.hpp"
#include "field/driver_frame.hpp"
#include "field/lamp_driver.hpp"
#include "formats/city/city_folder.hpp"
#include "formats/city/intersection_file.hpp"
#include "messaging/link/centre_link.hpp"
#include "tests/support/one_junction.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using test::Program;
using testing::HasSubstr;

/// The lamps of one junction: the real driver behind the real socket, 20 ms a step.
class Lamps {
 public:
  Lamps(boost::asio::io_context& io, const RunFolder& run, const IntersectionConfig& config)
      : run_(run),
        id_(config.id()),
        driver_(config, Start::cold),
        timer_(io),
        socket_(DatagramSocket::open(io.get_executor(), run.driver(), [this](const auto& datagram) {
                  hear(datagram);
                }).value()) {
    timer_.expires_after(period);
    wait();
  }

  [[nodiscard]] bool self_flash() const { return driver_.self_flash(); }
  [[nodiscard]] const std::vector<Aspect>& shown() const { return driver_.shown(); }
  [[nodiscard]] bool shows_green() const {
    return std::ranges::any_of(shown(), [](Aspect aspect) { return is_green(aspect); });
  }

 private:
  static constexpr Milliseconds period{20};

  void hear(const DatagramSocket::Datagram& datagram) {
    const auto frame = decode_driver_frame(datagram.bytes);
    if (!frame) return;
    if (const auto* aspects = std::get_if<AspectFrame>(&*frame)) {
      if (std::exchange(controller_, aspects->boot) != aspects->boot)
        driver_.restart_numbers(LampDriver::Sender::controller);
      for (const auto& entry : aspects->entries)
        if (entry.intersection == id_) driver_.receive_aspects(entry.number, entry.aspects);
    }
    if (const auto* permit = std::get_if<PermitFrame>(&*frame)) {
      if (std::exchange(monitor_, permit->boot) != permit->boot)
        driver_.restart_numbers(LampDriver::Sender::monitor);
      for (const auto& entry : permit->entries)
        if (entry.intersection == id_) driver_.receive_permit(entry.number, entry.permit);
    }
  }
  void wait() {
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      step();
      timer_.expires_at(timer_.expiry() + period);
      wait();
    });
  }
  void step() {
    driver_.step(period);
    ++steps_;
    const ReadBackFrame read_back{boot_, {{id_, steps_, driver_.lenses()}}};
    socket_->send(run_.monitor("main"), encode(read_back));
    if (steps_ % 5 != 0) return;
    const BackFrame back{boot_, {{id_, steps_, driver_.self_flash(), driver_.lenses(), {}}}};
    socket_->send(run_.controller("main"), encode(back));
  }

  RunFolder run_;
  IntersectionId id_;
  LampDriver driver_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<DatagramSocket> socket_;
  BootId boot_ = new_boot();
  BootId controller_{}, monitor_{};
  std::uint64_t steps_ = 0;
};

struct FieldPrograms : testing::Test {
  test::ScratchFolder scratch;
  fs::path city_folder = scratch.path() / "city";
  fs::path var = scratch.path() / "var";
  boost::asio::io_context io;
  ProcessClock clock;
  LinkContext context{io.get_executor(), [](const Fault&) {}};
  std::unique_ptr<CentreLink> centre;
  std::unique_ptr<Lamps> lamps;
  std::unique_ptr<Program> monitor, controller;
  std::vector<Message> heard;
  IntersectionId id{"J"};

  FieldPrograms() {
    IntersectionParts parts = test::one_junction_parts();
    parts.profile = Profile::research;  // its start-up may be short
    parts.start_up.flash = Ticks{10};
    parts.start_up.amber = Ticks{10};
    write_city_with(parts);
    const std::vector<IntersectionId> ids{id};
    EXPECT_TRUE(make_device_keys(var / "keys", device_key_names(ids, {})));
  }
  void write_city_with(const IntersectionParts& parts) const {
    City city(test::one_junction());
    city.name = "One";
    city.languages = {"en"};
    city.zone = {"UTC", {{{}, std::chrono::minutes{0}}}};
    city.date = std::chrono::year{2024} / 1 / 1;
    city.link_classes.assign(city.network.links().size(), LinkClass::arterial);
    city.intersections.push_back(IntersectionConfig::make(parts).value());
    city.hashes.push_back(hash_of(city.intersections.front()));
    city.demand = test::one_junction_demand(city.network, 100, 10);
    const Done written = write_city(city, city_folder);
    ASSERT_TRUE(written) << written.error().text();
  }

  [[nodiscard]] std::unique_ptr<Program> start(const std::string& name,
                                               std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--var", var.string()});
    return std::make_unique<Program>(name, arguments, scratch.path() / (name + ".log"));
  }
  [[nodiscard]] int run(const std::string& name, std::vector<std::string> arguments,
                        std::string* said = nullptr) {
    const auto program = start(name, std::move(arguments));
    EXPECT_TRUE(until(30, [&] { return program->ended().has_value(); })) << name;
    if (said != nullptr) *said = program->said();
    return program->ended().value_or(-1);
  }
  template <class Condition>
  [[nodiscard]] bool until(int seconds, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    bool holds = condition();
    while (!holds && std::chrono::steady_clock::now() < deadline) {
      io.restart();
      if (io.run_one_for(Milliseconds{20}) == 0) std::this_thread::yield();
      holds = condition();
    }
    return holds;
  }

  void open_around() {
    CentreLink::Handlers handlers;
    handlers.received = [this](const Peer&, Message message) {
      heard.push_back(std::move(message));
    };
    const LinkClocks clocks{[this] { return clock.tick(); }, [this] { return clock.utc(); }};
    centre =
        CentreLink::open(context, {"tcp://127.0.0.1:*", var / "keys"}, clocks, handlers).value();
    lamps = std::make_unique<Lamps>(
        io, open_run_folder(var).value(),
        read_intersection(city_folder / "intersections" / "J.toml").value());
  }
  void start_monitor() { monitor = start("chorraha-monitor", {"run", city_folder.string()}); }
  void start_controller() {
    controller = start("chorraha-controller",
                       {"--city", city_folder.string(), "--centre", centre->endpoint()});
  }
  void bring_into_service() {
    ASSERT_EQ(run("chorraha-monitor", {"accept", city_folder.string()}), 0);
    open_around();
    start_monitor();
    start_controller();
    ASSERT_TRUE(until(60, [&] { return lamps->shows_green(); }))
        << controller->said() << monitor->said();
  }
  [[nodiscard]] const StateReport* last_report() const {
    for (auto message = heard.rbegin(); message != heard.rend(); ++message)
      if (const auto* report = std::get_if<StateReport>(&*message)) return report;
    return nullptr;
  }
};

TEST_F(FieldPrograms, light_lamps_report_answer_and_stop_cleanly) {
  bring_into_service();

  ASSERT_TRUE(until(
      20, [&] { return last_report() != nullptr && last_report()->mode == SignalMode::normal; }));
  const Hello& hello = std::get<Hello>(heard.front());
  ASSERT_EQ(hello.served.size(), 1U);
  EXPECT_EQ(hello.served[0].intersection, id);
  EXPECT_EQ(hello.boot, last_report()->boot);

  HorizonPlan stale;
  stale.intersection = id;
  stale.config_hash = hello.served[0].config_hash;
  stale.boot = BootId{1};
  stale.sequence = {1, 1};
  stale.stages.push_back({StageIndex{0}, Tick{Ticks{50}}, Tick{Ticks{60}}, false, {}});
  ASSERT_TRUE(centre->send("controller-J", stale));
  const auto answered = [&] {
    const auto* answer = std::get_if<PlanAnswer>(&heard.back());
    return answer != nullptr && !answer->accepted() && answer->refusals.front().rule == "E1";
  };
  EXPECT_TRUE(until(10, answered));

  controller->send(SIGTERM);
  monitor->send(SIGINT);
  ASSERT_TRUE(until(10, [&] { return controller->ended() && monitor->ended(); }));
  EXPECT_EQ(controller->ended(), 143);
  EXPECT_EQ(monitor->ended(), 130);
  EXPECT_TRUE(until(10, [&] { return lamps->self_flash(); })) << "lamps without their controller";
}

TEST_F(FieldPrograms, flash_when_the_monitor_is_killed_and_return_when_it_is_back) {
  bring_into_service();

  monitor.reset();
  ASSERT_TRUE(until(10, [&] { return lamps->self_flash(); }));
  ASSERT_TRUE(until(
      10, [&] { return last_report() != nullptr && last_report()->mode == SignalMode::flash; }));

  start_monitor();
  EXPECT_TRUE(until(60, [&] { return lamps->shows_green(); }))
      << controller->said() << monitor->said();
}

TEST_F(FieldPrograms, flash_when_the_controller_is_killed_and_return_when_it_is_back) {
  bring_into_service();

  controller.reset();
  ASSERT_TRUE(until(10, [&] { return lamps->self_flash(); }));

  start_controller();
  EXPECT_TRUE(until(60, [&] { return lamps->shows_green(); }))
      << controller->said() << monitor->said();
}

TEST_F(FieldPrograms, go_on_by_timetable_without_a_centre) {
  bring_into_service();

  centre.reset();

  const std::vector<Aspect> before = lamps->shown();
  EXPECT_TRUE(until(60, [&] { return lamps->shown() != before && lamps->shows_green(); }));
  EXPECT_FALSE(lamps->self_flash());
}

TEST_F(FieldPrograms, refuse_a_configuration_that_was_not_accepted_and_name_the_command) {
  std::string said;
  EXPECT_EQ(run("chorraha-controller",
                {"--city", city_folder.string(), "--centre", "tcp://127.0.0.1:1"}, &said),
            4);
  EXPECT_THAT(said, HasSubstr("`chorraha-monitor accept " + city_folder.string() + "`"));

  ASSERT_EQ(run("chorraha-monitor", {"accept", city_folder.string()}), 0);
  IntersectionParts parts = test::one_junction_parts();
  parts.start_up.flash = Ticks{60};
  write_city_with(parts);

  EXPECT_EQ(run("chorraha-monitor", {"run", city_folder.string()}, &said), 4);
  EXPECT_THAT(said, HasSubstr("`chorraha-monitor accept " + city_folder.string() + "`"));
}

TEST_F(FieldPrograms, name_a_key_that_is_missing) {
  ASSERT_EQ(run("chorraha-monitor", {"accept", city_folder.string()}), 0);
  fs::remove(var / "keys" / "controller-J.key");

  std::string said;
  EXPECT_EQ(run("chorraha-controller",
                {"--city", city_folder.string(), "--centre", "tcp://127.0.0.1:1"}, &said),
            4);

  EXPECT_THAT(said, HasSubstr((var / "keys" / "controller-J.key").string() + ": saw nothing"));
}

TEST_F(FieldPrograms, say_what_is_wrong_with_their_options) {
  std::string said;
  EXPECT_EQ(run("chorraha-controller", {"--nonsense"}, &said), 2);
  EXPECT_EQ(run("chorraha-monitor", {"reset", "J"}, &said), 3);
  EXPECT_THAT(said, HasSubstr("no latched fault"));
}

}  // namespace
}  // namespace chorraha
