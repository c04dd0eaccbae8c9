#include "messaging/link/device_link.hpp"

#include <set>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "messaging/codec/codec.hpp"
#include "messaging/link/client.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
using link::Parts;
using link::ZmqAwaitable;

constexpr std::size_t complaints_max = 256;

bool centre_may_say(const Message& message) {
  return std::holds_alternative<HeartBeat>(message) ||
         std::holds_alternative<HorizonPlan>(message) || std::holds_alternative<Renew>(message) ||
         std::holds_alternative<TimetablePlan>(message) ||
         std::holds_alternative<PictureWanted>(message) ||
         std::holds_alternative<EventsSeen>(message);
}

Fault lost(std::string seen) {
  return {Reason::lost, "centre", std::move(seen), "a connection with room"};
}

}  // namespace

struct DeviceLink::Impl : std::enable_shared_from_this<DeviceLink::Impl> {
  Impl(LinkContext& ctx, Settings given, LinkClocks time, Handlers told)
      : context(ctx),
        settings(std::move(given)),
        clocks(std::move(time)),
        handlers(std::move(told)),
        beat_timer(ctx.executor()) {}

  Done start() {
    const KeyStore store(settings.keys);
    Result<KeyPair> own = store.load(settings.name);
    if (!own) return own.error();
    Result<std::string> centre = store.load_public(key_name(DeviceRole::centre));
    if (!centre) return centre.error();
    link::Client::Handlers on;
    on.connected = [this] { greet(); };
    on.disconnected = [this] { handshaken = greeted = false; };
    on.received = [this](const Parts& parts) { hear(parts); };
    on.trouble = handlers.trouble;
    client = std::make_shared<link::Client>(
        context, zmq::socket_type::dealer,
        link::Client::Server{"centre", settings.endpoint, *std::move(centre)},
        link::Client::Own{*std::move(own), store.secret_path(settings.name).string(),
                          settings.reconnect},
        std::move(on));
    return client->start();
  }

  void stop() {
    stopped = true;
    boost::system::error_code ignored;
    beat_timer.cancel(ignored);
    client->stop();  // no handler of ours is called after this
  }

  void greet() {
    handshaken = true;
    newest_beat = 0;
    greeted = put(settings.hello) == ZmqAwaitable::Sent::yes;
  }

  ZmqAwaitable::Sent put(const Message& message) {
    const std::vector<std::byte> bytes = encode(message);
    Parts parts;
    parts.emplace_back(bytes.data(), bytes.size());
    return client->send(std::move(parts));
  }

  Done send(const Message& message) {
    if (!greeted) return lost("no connection");
    if (put(message) == ZmqAwaitable::Sent::yes) return {};
    ++dropped;
    return lost("a full queue");
  }

  void hear(const Parts& parts) {
    if (parts.size() != 1)
      return complain({Reason::bad_input, "message of the centre",
                       std::to_string(parts.size()) + " parts", "1"});
    const auto* bytes = static_cast<const std::byte*>(parts[0].data());
    Result<Message> message = decode(std::span(bytes, parts[0].size()));
    if (!message) return complain(message.error());
    if (!centre_may_say(*message))
      return complain({Reason::refused, "message of the centre", std::string(kind_of(*message)),
                       "plans, PictureWanted, EventsSeen"});
    if (const auto* beat = std::get_if<HeartBeat>(&*message)) return hear_beat(*beat);
    if (handlers.received) handlers.received(*std::move(message));
  }

  void hear_beat(const HeartBeat& beat) {
    if (beat.sequence <= newest_beat) return;
    newest_beat = beat.sequence;
    heard = clocks.steady();
    update();
    if (handlers.alive) handlers.alive();
  }

  void update() {
    const LinkState now = heard ? state_after(clocks.steady() - *heard) : LinkState::searching;
    if (std::exchange(state, now) != now && handlers.changed) handlers.changed(now);
  }

  asio::awaitable<void> beat_always() {
    constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
    while (!stopped) {
      beat_timer.expires_after(settings.beat);
      const auto [error] = co_await beat_timer.async_wait(tuple);
      if (error || stopped) co_return;
      update();
      if (handshaken && !greeted) greet();
      // While away there is nobody to beat for; a full queue has been counted.
      [[maybe_unused]] const Done sent = send(HeartBeat{++beats, clocks.utc()});
    }
  }

  void complain(const Fault& fault) {
    if (!handlers.trouble || complained.size() >= complaints_max) return;
    if (complained.insert(fault.thing).second) handlers.trouble(fault);
  }

  LinkContext& context;
  Settings settings;
  LinkClocks clocks;
  Handlers handlers;
  asio::steady_timer beat_timer;
  std::shared_ptr<link::Client> client;
  bool stopped = false;
  bool handshaken = false;
  bool greeted = false;
  LinkState state = LinkState::searching;
  std::optional<Tick> heard;
  std::uint64_t newest_beat = 0;
  std::uint64_t beats = 0;
  std::uint64_t dropped = 0;
  std::set<std::string> complained;
};

Result<std::unique_ptr<DeviceLink>> DeviceLink::open(LinkContext& context, const Settings& settings,
                                                     LinkClocks clocks, Handlers handlers) {
  auto impl = std::make_shared<Impl>(context, settings, std::move(clocks), std::move(handlers));
  if (const Done started = impl->start(); !started) return started.error();
  const auto beat = [](std::shared_ptr<Impl> own) -> asio::awaitable<void> {
    co_await own->beat_always();
  };
  asio::co_spawn(context.executor(), beat(impl), link::rethrow_from_loop);
  return std::unique_ptr<DeviceLink>(new DeviceLink(std::move(impl)));
}

DeviceLink::DeviceLink(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
DeviceLink::~DeviceLink() {
  impl_->stop();
}

Done DeviceLink::send(const Message& message) {
  return impl_->send(message);
}
LinkState DeviceLink::state() const {
  return impl_->state;
}
bool DeviceLink::connected() const {
  return impl_->greeted;
}
std::uint64_t DeviceLink::dropped() const {
  return impl_->dropped;
}

}  // namespace chorraha
