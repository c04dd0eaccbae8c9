#include "messaging/link/detection_feed.hpp"

#include <set>
#include <utility>
#include <variant>

#include "messaging/codec/codec.hpp"
#include "messaging/link/client.hpp"
#include "messaging/link/curve.hpp"
#include "messaging/link/keys.hpp"

namespace chorraha {

using link::Parts;

struct DetectionPublisher::Impl {
  Impl(LinkContext& ctx, Settings given) : context(ctx), settings(std::move(given)) {}

  [[nodiscard]] std::set<std::string> listening_keys() const {
    const KeyStore store(settings.keys);
    std::set<std::string> allowed;
    for (const std::string& listener : settings.listeners) {
      if (const Result<std::string> key = store.load_public(listener)) allowed.insert(*key);
    }
    return allowed;
  }

  Done bind() {
    const Result<KeyPair> own = KeyStore(settings.keys).load(settings.name);
    if (!own) return own.error();
    socket.close();  // before its port is asked for again
    zmq::socket_t fresh(context.zmq(), zmq::socket_type::pub);
    link::be_server(fresh, *own, settings.name);
    Result<std::string> bound = link::bind(fresh, endpoint.empty() ? settings.endpoint : endpoint);
    if (!bound) return bound.error();
    endpoint = *std::move(bound);
    socket = std::move(fresh);
    return {};
  }

  LinkContext& context;
  Settings settings;
  std::set<std::string> keys;
  zmq::socket_t socket;
  std::string endpoint;
  std::uint64_t sequence = 0;
};

Result<std::unique_ptr<DetectionPublisher>> DetectionPublisher::open(LinkContext& context,
                                                                     const Settings& settings) {
  auto impl = std::make_unique<Impl>(context, settings);
  impl->keys = impl->listening_keys();
  context.guard(settings.name, [own = impl.get()](std::string_view key) {
    return own->keys.contains(std::string(key));
  });
  std::unique_ptr<DetectionPublisher> publisher(new DetectionPublisher(std::move(impl)));
  if (const Done bound = publisher->impl_->bind(); !bound) return bound.error();
  return publisher;
}

DetectionPublisher::DetectionPublisher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DetectionPublisher::~DetectionPublisher() {
  impl_->context.unguard(impl_->settings.name);
}

const std::string& DetectionPublisher::endpoint() const {
  return impl_->endpoint;
}

void DetectionPublisher::publish(std::vector<Detection> detections) {
  const std::vector<std::byte> bytes = encode(Detections{++impl_->sequence, std::move(detections)});
  if (impl_->socket.handle() == nullptr) return;  // its port was lost; reload() tries again
  impl_->socket.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
}

Done DetectionPublisher::reload() {
  std::set<std::string> now = impl_->listening_keys();
  bool withdrawn = impl_->socket.handle() == nullptr;
  for (const std::string& key : impl_->keys) withdrawn = withdrawn || !now.contains(key);
  impl_->keys = std::move(now);
  return withdrawn ? impl_->bind() : Done{};
}

struct DetectionSubscriber::Impl {
  explicit Impl(Handlers told) : handlers(std::move(told)) {}

  void hear(const Parts& parts) {
    if (parts.size() != 1) return;
    const auto* bytes = static_cast<const std::byte*>(parts[0].data());
    Result<Message> message = decode(std::span(bytes, parts[0].size()));
    auto* batch = message ? std::get_if<Detections>(&*message) : nullptr;
    if (batch == nullptr) return complain(message);
    if (batch->sequence > newest + 1 && newest > 0) lost += batch->sequence - newest - 1;
    newest = batch->sequence;
    if (handlers.received) handlers.received(std::move(batch->detections));
  }

  void complain(const Result<Message>& message) {
    const Fault fault = message ? Fault{Reason::refused, "message of a camera",
                                        std::string(kind_of(*message)), "Detections"}
                                : message.error();
    if (complained.size() < 64 && complained.insert(fault.thing).second && handlers.trouble)
      handlers.trouble(fault);
  }

  Handlers handlers;
  std::shared_ptr<link::Client> client;
  std::uint64_t newest = 0;
  std::uint64_t lost = 0;
  std::set<std::string> complained;
};

Result<std::unique_ptr<DetectionSubscriber>> DetectionSubscriber::open(LinkContext& context,
                                                                       const Settings& settings,
                                                                       Handlers handlers) {
  const KeyStore store(settings.keys);
  Result<KeyPair> own = store.load(settings.name);
  if (!own) return own.error();
  Result<std::string> camera = store.load_public(settings.camera);
  if (!camera) return camera.error();
  auto impl = std::make_shared<Impl>(std::move(handlers));
  link::Client::Handlers on;
  on.received = [own_impl = impl.get()](const Parts& parts) { own_impl->hear(parts); };
  on.trouble = impl->handlers.trouble;
  impl->client = std::make_shared<link::Client>(
      context, zmq::socket_type::sub,
      link::Client::Server{settings.camera, settings.endpoint, *std::move(camera)},
      link::Client::Own{*std::move(own), store.secret_path(settings.name).string(),
                        settings.reconnect},
      std::move(on));
  if (const Done started = impl->client->start(); !started) return started.error();
  return std::unique_ptr<DetectionSubscriber>(new DetectionSubscriber(std::move(impl)));
}

DetectionSubscriber::DetectionSubscriber(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
DetectionSubscriber::~DetectionSubscriber() {
  impl_->client->stop();
}

std::uint64_t DetectionSubscriber::batches_lost() const {
  return impl_->lost;
}

}  // namespace chorraha
