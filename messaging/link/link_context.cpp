#include "messaging/link/link_context.hpp"

#include <array>
#include <map>
#include <set>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include "messaging/link/zmq_awaitable.hpp"
#include "traffic/expect.hpp"

namespace chorraha {
namespace {

namespace asio = boost::asio;
using link::Parts;

constexpr int sockets_max = 16'384;  // a controller process: 545 devices, 3 sockets each
constexpr std::size_t refused_remembered = 256;

// A ROUTER's view of a request: peer, empty, version, request id, domain, address, routing id,
// mechanism, credentials.
constexpr std::size_t request_parts = 9;
constexpr std::size_t key_bytes = 32;
enum RequestPart : std::uint8_t {
  part_peer,
  part_empty,
  part_version,
  part_request,
  part_domain,
  part_address,
  part_routing,
  part_mechanism,
  part_key
};

std::string z85(const zmq::message_t& key) {
  std::array<char, 41> text{};
  zmq_z85_encode(text.data(), static_cast<const std::uint8_t*>(key.data()), key.size());
  return text.data();
}

}  // namespace

struct LinkContext::Zap : std::enable_shared_from_this<LinkContext::Zap> {
  Zap(const asio::any_io_executor& on, OnTrouble said) : executor(on), trouble(std::move(said)) {
    context.set(zmq::ctxopt::max_sockets, sockets_max);
    zmq::socket_t socket(context, zmq::socket_type::router);
    socket.set(zmq::sockopt::linger, 0);
    socket.bind("inproc://zeromq.zap.01");
    requests = std::make_unique<link::ZmqAwaitable>(executor, std::move(socket));
  }

  asio::awaitable<void> answer_all() {
    while (std::optional<Parts> request = co_await requests->receive()) {
      if (request->size() != request_parts) continue;  // not of libzmq; it cannot be answered
      Parts reply = answer(*request);
      // libzmq waits for this reply; a full queue would mean that it left.
      [[maybe_unused]] const auto sent = requests->send(std::move(reply));
    }
  }

  Parts answer(Parts& request) {
    std::string key;
    if (request[part_mechanism].to_string_view() == "CURVE" &&
        request[part_key].size() == key_bytes)
      key = z85(request[part_key]);
    const auto guard = guards.find(request[part_domain].to_string());
    const bool allowed = !key.empty() && guard != guards.end() && guard->second(key);
    if (!allowed) complain(key, request[part_address].to_string());
    Parts reply;
    reply.push_back(std::move(request[part_peer]));
    reply.emplace_back();
    reply.push_back(std::move(request[part_version]));
    reply.push_back(std::move(request[part_request]));
    const std::string_view status = allowed ? "200" : "400";
    const std::string_view text = allowed ? "OK" : "key not allowed";
    reply.emplace_back(status);
    reply.emplace_back(text);
    reply.emplace_back(allowed ? key : std::string());  // User-Id: the key itself
    reply.emplace_back();
    return reply;
  }

  void complain(const std::string& key, const std::string& address) {
    if (refused.size() >= refused_remembered) refused.clear();
    if (!refused.insert(key).second) return;
    trouble(Fault{Reason::refused, fmt::format("peer {} with public key {}", address, key),
                  "a key that is not allowed", "a key of the allow-list"});
  }

  asio::any_io_executor executor;
  OnTrouble trouble;
  zmq::context_t context;
  std::unique_ptr<link::ZmqAwaitable> requests;
  std::map<std::string, Allowed, std::less<>> guards;
  std::set<std::string> refused;
};

LinkContext::LinkContext(const asio::any_io_executor& executor, OnTrouble trouble)
    : zap_(std::make_shared<Zap>(executor, std::move(trouble))) {
  const auto run = [](std::shared_ptr<Zap> zap) -> asio::awaitable<void> {
    co_await zap->answer_all();
  };
  asio::co_spawn(executor, run(zap_), link::rethrow_from_loop);
}

LinkContext::~LinkContext() {
  zap_->requests->close();
}

const asio::any_io_executor& LinkContext::executor() const {
  return zap_->executor;
}
zmq::context_t& LinkContext::zmq() {
  return zap_->context;
}

void LinkContext::guard(const std::string& domain, Allowed&& allowed) {
  const bool fresh = zap_->guards.try_emplace(domain, std::move(allowed)).second;
  CHORRAHA_EXPECT(fresh);
}
void LinkContext::unguard(std::string_view domain) {
  const auto found = zap_->guards.find(domain);
  if (found != zap_->guards.end()) zap_->guards.erase(found);
}

}  // namespace chorraha
