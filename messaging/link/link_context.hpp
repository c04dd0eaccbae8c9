#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "messaging/link/link_state.hpp"

namespace zmq {
class context_t;  // NOLINT(readability-identifier-naming)
}

namespace chorraha {

/// What the sockets of one process share: a ZeroMQ context and the one who says which keys may
/// connect (ZAP, RFC ZeroMQ 27, on inproc://zeromq.zap.01, bound before any CURVE server).
/// One per process (per party in tests); outlives the links that it is handed to.
/// Threads: the one of the executor.
class LinkContext {
 public:
  /// `trouble` hears of each refused key once.
  LinkContext(const boost::asio::any_io_executor& executor, OnTrouble trouble);
  ~LinkContext();
  LinkContext(const LinkContext&) = delete;
  LinkContext& operator=(const LinkContext&) = delete;
  LinkContext(LinkContext&&) = delete;
  LinkContext& operator=(LinkContext&&) = delete;

  [[nodiscard]] const boost::asio::any_io_executor& executor() const;
  [[nodiscard]] zmq::context_t& zmq();

  /// Keys of the ZAP domain that may connect, asked at each handshake; nobody by default. One guard
  /// a domain at a time.
  using Allowed = std::function<bool(std::string_view public_key)>;
  void guard(const std::string& domain, Allowed&& allowed);
  void unguard(std::string_view domain);

 private:
  struct Zap;
  std::shared_ptr<Zap> zap_;
};

}  // namespace chorraha
