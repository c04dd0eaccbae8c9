#include "messaging/link/centre_link.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "messaging/codec/codec.hpp"
#include "messaging/link/curve.hpp"
#include "messaging/link/keys.hpp"
#include "messaging/link/zmq_awaitable.hpp"
#include "traffic/expect.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
using link::Parts;
using link::ZmqAwaitable;

constexpr std::uint64_t beats_between_readings = 5;
constexpr std::size_t complaints_max = 4096;
constexpr std::size_t message_parts = 2;  // routing id, bytes
constexpr const char* domain = "centre";

/// A peer and how to reach it.
struct Device {
  Peer peer;
  std::string key;         // by which it greeted
  std::string route;       // of its newest connection
  std::uint64_t beat = 0;  // newest heartbeat on this route
};

/// Who sent a message, by key and by connection.
struct Sender {
  std::string name;
  DeviceRole role;
  std::string key;
  std::string route;
};

Fault lost(std::string_view name, std::string seen) {
  return {Reason::lost, fmt::format("device {}", name), std::move(seen), "a connection with room"};
}

}  // namespace

struct CentreLink::Impl : std::enable_shared_from_this<CentreLink::Impl> {
  Impl(LinkContext& ctx, const Settings& settings, LinkClocks given, Handlers told)
      : context(ctx),
        store(settings.keys),
        beat_every(settings.beat),
        clocks(std::move(given)),
        handlers(std::move(told)),
        beat_timer(ctx.executor()) {}

  Done start(const std::string& wanted) {
    const Result<KeyPair> own = store.load(key_name(DeviceRole::centre));
    if (!own) return own.error();
    if (const Done read = reload(); !read) return read.error();
    zmq::socket_t router(context.zmq(), zmq::socket_type::router);
    link::be_server(router, *own, domain);
    router.set(zmq::sockopt::router_mandatory, true);
    Result<std::string> bound = link::bind(router, wanted);
    if (!bound) return bound.error();
    endpoint = *std::move(bound);
    socket = std::make_unique<ZmqAwaitable>(context.executor(), std::move(router));
    // Nobody is asked before the loop runs on, so nobody was refused meanwhile.
    context.guard(domain, [this](std::string_view key) { return allowed.name_of(key) != nullptr; });
    return {};
  }

  Done reload() {
    Result<AllowList> list = store.allow_list();
    if (!list) return list.error();
    allowed = *std::move(list);
    return {};
  }

  void stop() {
    if (socket) socket->close();
    boost::system::error_code ignored;
    beat_timer.cancel(ignored);
    context.unguard(domain);
  }

  asio::awaitable<void> hear_all() {
    while (std::optional<Parts> parts = co_await socket->receive()) {
      if (parts->size() == message_parts && socket->is_open()) hear(*parts);
    }
  }

  void hear(Parts& parts) {
    const char* key = zmq_msg_gets(parts[1].handle(), "User-Id");
    const std::string* name = key == nullptr ? nullptr : allowed.name_of(key);
    if (name == nullptr)
      return complain(key == nullptr ? "" : key, "everything", "a key that is not allowed any more",
                      "a key of the allow-list");
    const auto* bytes = static_cast<const std::byte*>(parts[1].data());
    Result<Message> message = decode(std::span(bytes, parts[1].size()));
    if (!message)
      return complain(*name, message.error().thing, message.error().seen, message.error().allowed);
    const std::optional<DeviceRole> role = role_of_key(*name);
    CHORRAHA_EXPECT(role);  // the allow-list holds no other names
    if (!may_say(*role, *name, *message))
      return complain(*name, std::string(kind_of(*message)), "not its to say",
                      "what its role and key name allow");
    accept({*name, *role, key, parts[0].to_string()}, *std::move(message));
  }

  void accept(const Sender& from, Message message) {
    const auto* hello = std::get_if<Hello>(&message);
    auto found = devices.find(from.name);
    const bool known = found != devices.end() && found->second.route == from.route &&
                       found->second.key == from.key;
    if (hello == nullptr && !known)
      return complain(from.name, std::string(kind_of(message)), "before its Hello", "Hello first");
    if (hello != nullptr) {
      found = devices.try_emplace(from.name).first;
      greet(found->second, from, *hello);
    }
    Device& device = found->second;
    if (const auto* beat = std::get_if<HeartBeat>(&message)) return hear_beat(device, *beat);
    if (handlers.received) handlers.received(device.peer, std::move(message));
  }

  void greet(Device& device, const Sender& from, const Hello& hello) {
    device.key = from.key;
    device.route = from.route;
    device.beat = 0;
    device.peer =
        Peer{from.name, from.role, LinkState::online, hello.boot, hello.served, clocks.steady()};
    complained.clear();
    beat_to(device);
    if (handlers.changed) handlers.changed(device.peer);
  }

  void beat_to(const Device& device) {
    // Unreachable is no news: the device's own silence tells.
    [[maybe_unused]] const Done sent =
        send(device.peer.name, HeartBeat{++beats_sent, clocks.utc()});
  }

  void hear_beat(Device& device, const HeartBeat& beat) const {
    if (beat.sequence <= device.beat) return;  // a repetition is no sign of life
    device.beat = beat.sequence;
    device.peer.heard = clocks.steady();
    update(device);
  }

  void update(Device& device) const {
    const LinkState now = state_after(clocks.steady() - device.peer.heard);
    if (std::exchange(device.peer.state, now) == now) return;
    if (handlers.changed) handlers.changed(device.peer);
  }

  asio::awaitable<void> beat_always() {
    constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
    while (socket->is_open()) {
      beat_timer.expires_after(beat_every);
      const auto [error] = co_await beat_timer.async_wait(tuple);
      if (error || !socket->is_open()) co_return;
      beat_once();
    }
  }

  void beat_once() {
    if (++beats % beats_between_readings == 0) {
      if (const Done read = reload(); !read && handlers.trouble) handlers.trouble(read.error());
    }
    for (auto& [name, device] : devices) {
      update(device);
      beat_to(device);
    }
  }

  Done send(std::string_view name, const Message& message) {
    const auto found = devices.find(name);
    if (found == devices.end()) return lost(name, "never heard since the start");
    if (allowed.name_of(found->second.key) == nullptr)
      return Fault{Reason::refused, fmt::format("device {}", name), "a revoked key",
                   "a key of the allow-list"};
    Parts parts;
    parts.emplace_back(found->second.route);
    const std::vector<std::byte> bytes = encode(message);
    parts.emplace_back(bytes.data(), bytes.size());
    switch (socket->send(std::move(parts))) {
      case ZmqAwaitable::Sent::yes:
        return {};
      case ZmqAwaitable::Sent::unreachable:
        return lost(name, "no connection");
      case ZmqAwaitable::Sent::full:
        ++dropped;
        return lost(name, "a full queue");
    }
    return {};
  }

  /// Each thing once a peer until somebody greets, so that a bad device cannot flood the log.
  void complain(const std::string& who, const std::string& thing, std::string seen,
                std::string allowed_text) {
    if (!handlers.trouble || complained.size() >= complaints_max) return;
    if (!complained.emplace(who, thing).second) return;
    handlers.trouble(Fault{Reason::refused, fmt::format("message of {}: {}", who, thing),
                           std::move(seen), std::move(allowed_text)});
  }

  LinkContext& context;
  KeyStore store;
  Milliseconds beat_every;
  LinkClocks clocks;
  Handlers handlers;
  asio::steady_timer beat_timer;
  AllowList allowed;
  std::unique_ptr<ZmqAwaitable> socket;
  std::string endpoint;
  std::map<std::string, Device, std::less<>> devices;
  std::set<std::pair<std::string, std::string>> complained;
  std::uint64_t beats = 0;
  std::uint64_t beats_sent = 0;  // ascends over all devices, so it ascends for each
  std::uint64_t dropped = 0;
};

Result<std::unique_ptr<CentreLink>> CentreLink::open(LinkContext& context, const Settings& settings,
                                                     LinkClocks clocks, Handlers handlers) {
  auto impl = std::make_shared<Impl>(context, settings, std::move(clocks), std::move(handlers));
  if (const Done started = impl->start(settings.endpoint); !started) return started.error();
  const auto hear = [](std::shared_ptr<Impl> own) -> asio::awaitable<void> {
    co_await own->hear_all();
  };
  const auto beat = [](std::shared_ptr<Impl> own) -> asio::awaitable<void> {
    co_await own->beat_always();
  };
  asio::co_spawn(context.executor(), hear(impl), link::rethrow_from_loop);
  asio::co_spawn(context.executor(), beat(impl), link::rethrow_from_loop);
  return std::unique_ptr<CentreLink>(new CentreLink(std::move(impl)));
}

CentreLink::CentreLink(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
CentreLink::~CentreLink() {
  impl_->stop();
}

const std::string& CentreLink::endpoint() const {
  return impl_->endpoint;
}
Done CentreLink::send(std::string_view name, const Message& message) {
  return impl_->send(name, message);
}
const Peer* CentreLink::find(std::string_view name) const {
  const auto found = impl_->devices.find(name);
  return found == impl_->devices.end() ? nullptr : &found->second.peer;
}
std::vector<Peer> CentreLink::peers() const {
  std::vector<Peer> all;
  for (const auto& [name, device] : impl_->devices) all.push_back(device.peer);
  return all;
}
std::uint64_t CentreLink::dropped() const {
  return impl_->dropped;
}
Done CentreLink::reload() {
  return impl_->reload();
}

}  // namespace chorraha
