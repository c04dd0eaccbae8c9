// What the programs say, and end with, when they are given what cannot work (docs/cli.md).
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "apps/common/http_get.hpp"
#include "apps/scenario/scenario_city.hpp"
#include "messaging/link/keys.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/running_system.hpp"
#include "tests/support/scratch_folder.hpp"

namespace chorraha {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::holds_within;
using testing::HasSubstr;

/// A port of 127.0.0.1 that somebody listens on.
class TakenPort {
 public:
  TakenPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (socket_ < 0) throw std::runtime_error("no socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);  // NOLINT(*-reinterpret-cast)
    EXPECT_EQ(::bind(socket_, plain, size), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    EXPECT_EQ(::getsockname(socket_, plain, &size), 0);
    number_ = ntohs(address.sin_port);
  }
  ~TakenPort() { ::close(socket_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort(TakenPort&&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;
  TakenPort& operator=(TakenPort&&) = delete;
  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  int socket_;
  std::uint16_t number_ = 0;
};

struct BadInput : testing::Test {
  test::ScratchFolder scratch;
  fs::path var = scratch.path() / "var";
  fs::path demo = test::source_root() / "config" / "demo_city";
  fs::path cross = test::source_root() / "tests" / "data" / "sumo" / "cross" / "cross.sumocfg";
  std::string port = std::to_string(test::free_port());

  struct End {
    int code = -1;
    std::string said;
  };
  [[nodiscard]] std::unique_ptr<test::Program> start(const std::string& name,
                                                     std::vector<std::string> arguments) const {
    return std::make_unique<test::Program>(
        name, std::move(arguments), scratch.path() / (fs::path(name).filename().string() + ".log"));
  }
  [[nodiscard]] End end_of(const std::string& name, std::vector<std::string> arguments) const {
    const auto program = start(name, std::move(arguments));
    EXPECT_TRUE(holds_within(30s, [&] { return program->ended().has_value(); }))
        << name << " goes on:\n"
        << program->said();
    return {program->ended().value_or(-1), program->said()};
  }
  /// `chorraha run` on a port and a var folder of our own.
  [[nodiscard]] End run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"run", "--port", port, "--var", var.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return end_of("chorraha", std::move(arguments));
  }
  /// Nothing of ours goes on once `run` has ended.
  void expect_nobody_left() const {
    EXPECT_TRUE(holds_within(5s, [&] { return test::programs_of(var).empty(); }))
        << testing::PrintToString(test::programs_of(var));
  }
  [[nodiscard]] fs::path key(const std::string& name) const { return var / "keys" / name; }
  [[nodiscard]] fs::path copy_of_the_city() const {
    const fs::path copy = scratch.path() / "city";
    fs::copy(demo, copy, fs::copy_options::recursive);
    return copy;
  }
  static void replace_in(const fs::path& file, const std::string& from, const std::string& to) {
    std::string text = test::text_of(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in " << file;
    text.replace(at, from.size(), to);
    std::ofstream(file) << text;
  }
  void make_keys() const {
    ASSERT_EQ(end_of("chorraha", {"keys", "make", "--var", var.string()}).code, 0);
  }
};

TEST_F(BadInput, run_ends_with_4_and_names_a_page_port_that_is_taken) {
  const TakenPort taken;
  port = std::to_string(taken.number());

  const End end = run();

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr("port " + port + " on 127.0.0.1"));
  EXPECT_THAT(end.said, HasSubstr("--port N"));
}

TEST_F(BadInput, the_centre_ends_with_4_and_names_a_port_of_devices_that_is_taken) {
  make_keys();
  const TakenPort taken;
  const std::string devices = fmt::format("tcp://127.0.0.1:{}", taken.number());

  const End end = end_of("chorraha-centre", {"--city", demo.string(), "--var", var.string(),
                                             "--port", port, "--listen", devices});

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr(devices));
}

TEST_F(BadInput, run_ends_with_4_and_names_a_key_that_others_may_read) {
  make_keys();
  fs::permissions(key("centre.key"), fs::perms::group_read, fs::perm_options::add);

  const End end = run();

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr(key("centre.key").string() + ": saw mode 0640"));
  EXPECT_THAT(end.said, HasSubstr("0600"));
  expect_nobody_left();
}

TEST_F(BadInput, run_ends_with_4_and_names_a_secret_key_that_is_missing) {
  make_keys();
  fs::remove(key("controller-J01.key"));

  const End end = run();

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr(key("controller-J01.key").string() + ": saw nothing"));
  expect_nobody_left();
}

TEST_F(BadInput, the_centre_refuses_a_key_it_does_not_know_and_names_it) {
  make_keys();
  const KeyStore others(scratch.path() / "others");
  ASSERT_TRUE(others.make("controller-J01"));
  fs::copy_file(others.secret_path("controller-J01"), key("controller-J01.key"),
                fs::copy_options::overwrite_existing);
  const std::string foreign = others.load_public("controller-J01").value();
  ASSERT_EQ(end_of("chorraha-monitor", {"accept", demo.string(), "--var", var.string()}).code, 0);
  const std::string devices = fmt::format("tcp://127.0.0.1:{}", test::free_port());
  const auto centre = start("chorraha-centre", {"--city", demo.string(), "--var", var.string(),
                                                "--port", port, "--listen", devices});

  const auto controller =
      start("chorraha-controller", {"--city", demo.string(), "--var", var.string(), "--centre",
                                    devices, "--intersections", "J01,J02"});

  const auto refused = [&] {
    return centre->said().find("with public key " + foreign + ": saw a key that is not allowed") !=
           std::string::npos;
  };
  const auto told = [&] {
    const std::string said = controller->said();
    return said.find("refused our key " + key("controller-J01.key").string()) != std::string::npos;
  };
  const auto the_other_is_on = [&] {
    return centre->said().find("controller-J02 is online") != std::string::npos;
  };
  EXPECT_TRUE(holds_within(20s, refused)) << centre->said();
  EXPECT_TRUE(holds_within(20s, told)) << controller->said();
  EXPECT_TRUE(holds_within(20s, the_other_is_on)) << centre->said();
  EXPECT_EQ(centre->said().find("controller-J01 is"), std::string::npos);
  EXPECT_FALSE(controller->ended()) << "it goes on by its own timetable";
}

TEST_F(BadInput, a_changed_configuration_stops_the_start_and_names_the_command) {
  const fs::path city = copy_of_the_city();
  ASSERT_EQ(end_of("chorraha-monitor", {"accept", city.string(), "--var", var.string()}).code, 0);
  replace_in(city / "intersections" / "J01.toml", "flash_s = 5.0", "flash_s = 6.0");

  const End end = run({"--city", city.string()});

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr("J01"));
  EXPECT_THAT(end.said, HasSubstr("`chorraha-monitor accept " + city.string() + "`"));
  expect_nobody_left();
}

TEST_F(BadInput, an_accept_that_was_killed_at_the_first_start_does_not_spoil_the_second) {
  fs::create_directories(var / "monitor.new");
  std::ofstream(var / "monitor.new" / "J01.json") << "{";
  fs::create_directories(var / "monitor");
  std::ofstream(var / "monitor" / "J02.json.new") << "{";
  const auto program = start("chorraha", {"run", "--port", port, "--var", var.string()});

  const auto accepted = [&] {
    return program->said().find("the monitor accepted the configuration of demo_city") !=
           std::string::npos;
  };
  EXPECT_TRUE(holds_within(30s, accepted)) << program->said();
  program->send(SIGTERM);

  EXPECT_TRUE(holds_within(30s, [&] { return program->ended().has_value(); }));
  EXPECT_TRUE(fs::exists(var / "monitor" / "J26.json"));
  EXPECT_FALSE(fs::exists(var / "monitor.new"));
  expect_nobody_left();
}

TEST_F(BadInput, a_folder_of_logs_that_cannot_be_made_ends_with_4_and_is_named) {
  fs::create_directories(var);
  std::ofstream(var / "log") << "a file";

  const End end = run();

  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr((var / "log").string() + ": saw "));
  EXPECT_THAT(end.said, HasSubstr("allowed a folder that can be written"));
  EXPECT_FALSE(fs::exists(var / "keys")) << "nothing is made for it";
}

/// The monitor's accept, in its place a script, gets the interrupt as the whole group does.
TEST_F(BadInput, run_that_is_asked_to_stop_before_it_started_anything_says_so_and_starts_nothing) {
  const fs::path programs = scratch.path() / "programs";
  fs::create_directory(programs);
  fs::copy_file(test::build_root() / "chorraha", programs / "chorraha");
  std::ofstream(programs / "chorraha-monitor") << "#!/bin/sh\nkill -TERM $PPID\nexit 143\n";
  fs::permissions(programs / "chorraha-monitor", fs::perms::owner_all);

  const End end = end_of((programs / "chorraha").string(),
                         {"run", "--port", port, "--var", var.string(), "--city", demo.string()});

  EXPECT_EQ(end.code, 143);
  EXPECT_THAT(end.said, HasSubstr("stopping"));
  EXPECT_THAT(end.said, testing::Not(HasSubstr("started")));
  expect_nobody_left();
}

TEST_F(BadInput, a_second_run_on_the_same_folder_ends_with_4_and_touches_nothing) {
  const auto first = start("chorraha", {"run", "--port", port, "--var", var.string()});
  const auto begun = [&] { return first->said().find("camera started") != std::string::npos; };
  ASSERT_TRUE(holds_within(30s, begun)) << first->said();
  ASSERT_TRUE(holds_within(30s, [&] { return fs::exists(var / "centre" / "epoch"); }));
  const std::string epoch = test::text_of(var / "centre" / "epoch");
  port = std::to_string(test::free_port());

  const End second = run();

  EXPECT_EQ(second.code, 4);
  EXPECT_THAT(second.said, HasSubstr(var.string() + ": saw another run that has it"));
  EXPECT_THAT(second.said, testing::Not(HasSubstr("started")));
  EXPECT_EQ(test::text_of(var / "centre" / "epoch"), epoch);
  first->send(SIGTERM);
  EXPECT_TRUE(holds_within(30s, [&] { return first->ended().has_value(); }));
  expect_nobody_left();
}

TEST_F(BadInput, a_city_that_is_not_there_ends_with_3) {
  const End end = run({"--city", (scratch.path() / "nowhere").string()});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr("nowhere"));
  EXPECT_FALSE(fs::exists(var / "keys")) << "nothing is made for a city that cannot be read";
}

TEST_F(BadInput, a_network_that_is_no_json_ends_with_3_and_names_the_file) {
  const fs::path city = copy_of_the_city();
  std::ofstream(city / "network.json") << "{\"links\": [";

  const End end = run({"--city", city.string()});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr("network.json"));
}

TEST_F(BadInput, a_network_that_cannot_be_read_ends_with_3_and_names_the_file) {
  const fs::path city = copy_of_the_city();
  fs::remove(city / "network.json");
  fs::create_directory(city / "network.json");  // what even root cannot read

  const End end = run({"--city", city.string()});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr("network.json"));
}

TEST_F(BadInput, unknown_options_end_with_2_in_every_program) {
  for (const char* name : {"chorraha-centre", "chorraha-controller", "chorraha-camera"}) {
    const End end = end_of(name, {"--nonsense"});
    EXPECT_EQ(end.code, 2) << name << ": " << end.said;
  }
  EXPECT_EQ(end_of("chorraha-monitor", {"run", "--nonsense"}).code, 2);

  const End end = run({"--nonsense"});

  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.said, HasSubstr("--nonsense"));
}

TEST_F(BadInput, an_unknown_command_ends_with_2_and_is_told_the_known_ones) {
  const End end = end_of("chorraha", {"sumulate"});

  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.said, HasSubstr("sumulate"));
  EXPECT_THAT(end.said, HasSubstr("run, street, simulate"));
}

TEST_F(BadInput, a_port_out_of_range_ends_with_2_and_says_the_range) {
  port = "70000";

  const End end = run();

  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.said, HasSubstr("65535"));
}

TEST_F(BadInput, a_video_that_is_not_there_ends_with_3_and_names_it) {
  const std::string video = (scratch.path() / "no.mp4").string();

  const End end =
      run({"--video", video, "--camera", (demo / "cameras" / "navoiy_west.json").string()});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr(video));
}

TEST_F(BadInput, a_camera_file_that_is_not_there_ends_with_3_and_names_it) {
  const std::string camera = (scratch.path() / "no.json").string();

  const End end = run({"--video", "http://127.0.0.1:1/none.mjpg", "--camera", camera});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr(camera));
}

TEST_F(BadInput, the_centre_shows_the_camera_of_its_option_and_refuses_one_that_is_not_there) {
  make_keys();
  const fs::path camera = scratch.path() / "other.json";
  fs::copy_file(demo / "cameras" / "navoiy_west.json", camera);
  replace_in(camera, "\"navoiy_west\"", "\"other\"");
  std::vector<std::string> arguments{"--city",   demo.string(),  "--var",    var.string(),
                                     "--port",   port,           "--listen", "tcp://127.0.0.1:*",
                                     "--camera", camera.string()};
  const auto centre = start("chorraha-centre", arguments);
  const auto shown = [&] {
    const auto network = http_get(static_cast<std::uint16_t>(std::stoi(port)), "/api/network", 1s);
    return network && network->find("\"cameras\":[{\"id\":\"other\"") != std::string::npos;
  };
  EXPECT_TRUE(holds_within(20s, shown)) << centre->said();
  arguments.back() = (scratch.path() / "no.json").string();

  const End end = end_of("chorraha-centre", arguments);

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr(arguments.back()));
}

TEST_F(BadInput, a_camera_for_an_intersection_that_is_not_there_ends_with_3_and_names_it) {
  const fs::path camera = scratch.path() / "other.json";
  fs::copy_file(demo / "cameras" / "navoiy_west.json", camera);
  replace_in(camera, "\"navoiy_west\"", "\"other\"");
  replace_in(camera, "\"intersection\": \"", "\"intersection\": \"nowhere ");

  const End end = run({"--video", "http://127.0.0.1:1/none.mjpg", "--camera", camera.string()});

  EXPECT_EQ(end.code, 3);
  EXPECT_THAT(end.said, HasSubstr("other.json intersection: saw nowhere"));
}

TEST_F(BadInput, a_line_whose_detector_is_no_cameras_ends_with_3_and_names_file_line_and_detector) {
  const fs::path unknown = scratch.path() / "unknown.json";
  fs::copy_file(demo / "cameras" / "navoiy_west.json", unknown);
  replace_in(unknown, "J15-J16a_1.camera", "NOPE");
  const fs::path loop = scratch.path() / "loop.json";
  fs::copy_file(demo / "cameras" / "navoiy_west.json", loop);
  replace_in(loop, "J15-J16a_1.camera", "J15-J16a_1.80m");

  const End missing =
      run({"--video", "http://127.0.0.1:1/none.mjpg", "--camera", unknown.string()});
  const End other = run({"--video", "http://127.0.0.1:1/none.mjpg", "--camera", loop.string()});

  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.said, HasSubstr("unknown.json:11 lines detector: saw \"NOPE\""));
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.said, HasSubstr("loop.json:11 lines detector: saw \"J15-J16a_1.80m\""));
  EXPECT_FALSE(fs::exists(var / "keys")) << "nothing is made for it";
}

TEST_F(BadInput, a_video_that_holds_no_pictures_ends_with_3_before_anything_starts) {
  const fs::path video = scratch.path() / "noise.mp4";
  std::ofstream(video) << std::string(4096, '\x5a');
  const std::string camera = (demo / "cameras" / "navoiy_west.json").string();

  const End file = run({"--video", video.string(), "--camera", camera});
  const End folder = run({"--video", (demo / "cameras").string(), "--camera", camera});

  EXPECT_EQ(file.code, 3);
  EXPECT_THAT(file.said, HasSubstr("--video " + video.string() + ": saw"));
  EXPECT_EQ(folder.code, 3);
  EXPECT_THAT(folder.said, HasSubstr("--video " + (demo / "cameras").string()));
  EXPECT_FALSE(fs::exists(var / "keys")) << "nothing is made for it";
}

TEST_F(BadInput, a_camera_that_does_not_say_whom_it_serves_ends_with_2_where_nobody_has_room) {
  const auto scenario = read_scenario_city(cross);
  ASSERT_TRUE(scenario) << scenario.error().text();
  const fs::path city = scratch.path() / "loops_only";
  ASSERT_TRUE(write_city(scenario->city, city));
  const fs::path camera = scratch.path() / "other.json";
  std::ofstream(camera) << R"({"id": "other", "width": 640, "height": 360, "lines": [
    {"name": "in", "p1": [0, 140], "p2": [300, 140], "direction": "up", "detector": "d"}]})";

  const End end = run({"--city", city.string(), "--video", "http://127.0.0.1:1/none.mjpg",
                       "--camera", camera.string()});

  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.said, HasSubstr("other.json intersection: saw none"));
  EXPECT_THAT(end.said, HasSubstr("0 of the city's have detectors of cameras"));
}

TEST_F(BadInput, a_scenario_that_cannot_be_read_ends_with_3_and_names_it) {
  const fs::path torn = scratch.path() / "torn.sumocfg";
  std::ofstream(torn) << "<configuration>";

  const End missing = run({"--scenario", (scratch.path() / "no.sumocfg").string()});
  const End broken = run({"--scenario", torn.string()});

  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(missing.said, HasSubstr("no.sumocfg"));
  EXPECT_EQ(broken.code, 3);
  EXPECT_THAT(broken.said, HasSubstr("torn.sumocfg"));
}

TEST_F(BadInput, a_scenario_without_sumo_ends_with_4_and_names_the_package) {
  // NOLINTBEGIN(concurrency-mt-unsafe): this test has one thread
  const char* const given = std::getenv("PATH");
  const std::string path = given == nullptr ? "" : given;
  ASSERT_EQ(::setenv("PATH", scratch.path().c_str(), 1), 0);

  const End end = run({"--scenario", cross.string()});

  ASSERT_EQ(::setenv("PATH", path.c_str(), 1), 0);
  // NOLINTEND(concurrency-mt-unsafe)
  EXPECT_EQ(end.code, 4);
  EXPECT_THAT(end.said, HasSubstr("Debian package sumo"));
}

TEST_F(BadInput, a_scenario_is_a_city_and_has_no_camera) {
  const End city = run({"--scenario", cross.string(), "--city", demo.string()});
  const End camera = run({"--scenario", cross.string(), "--video", "http://127.0.0.1:1/x.mjpg",
                          "--camera", (demo / "cameras" / "navoiy_west.json").string()});

  EXPECT_EQ(city.code, 2);
  EXPECT_THAT(city.said, HasSubstr("--scenario and --city: saw both"));
  EXPECT_EQ(camera.code, 2);
  EXPECT_THAT(camera.said, HasSubstr("--scenario and --video: saw both"));
}

TEST_F(BadInput, what_is_not_built_yet_ends_with_2_and_says_so) {
  const End scenario = run({"--scenario", "config.json"});
  const End only_video = run({"--video", "road.mp4"});

  EXPECT_EQ(scenario.code, 2);
  EXPECT_THAT(scenario.said, HasSubstr("not built yet"));
  EXPECT_EQ(only_video.code, 2);
  EXPECT_THAT(only_video.said, HasSubstr("both or neither"));
}

}  // namespace
}  // namespace chorraha
