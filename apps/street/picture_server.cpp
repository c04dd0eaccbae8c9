#include "apps/street/picture_server.hpp"

#include <array>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace chorraha {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t clients_max = 16;
constexpr std::size_t head_bytes_max = 4096;
constexpr auto patience = 5s;
constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=picture\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
constexpr std::string_view not_found =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

class Server;

/// One reader of one camera's stream.
class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(tcp::socket socket, Server& server)
      : socket_(std::move(socket)), deadline_(socket_.get_executor()), server_(&server) {}
  void start();
  void show(Jpeg picture);
  void close();
  /// The server goes: what is under way ends without it.
  void leave() {
    server_ = nullptr;
    close();
  }
  [[nodiscard]] const std::string& camera() const { return camera_; }

 private:
  void answer(const boost::system::error_code& failed, std::size_t bytes);
  void write(std::array<asio::const_buffer, 3> buffers);
  void wait();

  tcp::socket socket_;
  asio::steady_timer deadline_;
  Server* server_;  // none once it went
  std::string request_;
  std::string camera_;
  std::string head_;
  Jpeg under_way_, next_;
  bool streaming_ = false;
  bool writing_ = false;
};

class Server final : public PictureServer {
 public:
  Server(tcp::acceptor acceptor, std::function<void(const std::string&, bool)> watched)
      : acceptor_(std::move(acceptor)), watched_(std::move(watched)) {
    accept();
  }
  // NOLINTNEXTLINE(bugprone-exception-escape): to cancel a waiting timer does not fail
  ~Server() override {
    for (const auto& client : std::exchange(clients_, {})) client->leave();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;

  void add(const std::string& id) override { cameras_.insert(id); }
  void show(const std::string& id, Jpeg picture) override {
    for (const auto& client : clients_) {
      if (client->camera() == id) client->show(picture);
    }
  }
  [[nodiscard]] bool has(const std::string& id) const { return cameras_.contains(id); }
  void watches(const std::string& id) { watched_(id, true); }
  void gone(const std::shared_ptr<Client>& client) {
    const std::string id = client->camera();
    if (clients_.erase(client) == 0 || id.empty()) return;
    for (const auto& other : clients_) {
      if (other->camera() == id) return;
    }
    watched_(id, false);
  }

 private:
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted) return;
      if (!failed && clients_.size() < clients_max) {
        const auto client = std::make_shared<Client>(std::move(socket), *this);
        clients_.insert(client);
        client->start();
      }
      accept();
    });
  }

  tcp::acceptor acceptor_;
  std::function<void(const std::string&, bool)> watched_;
  std::set<std::string> cameras_;
  std::set<std::shared_ptr<Client>> clients_;
};

void Client::wait() {
  deadline_.expires_after(patience);
  deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->close();
  });
}

void Client::start() {
  wait();
  asio::async_read_until(
      socket_, asio::dynamic_buffer(request_, head_bytes_max), "\r\n\r\n",
      [self = shared_from_this()](const boost::system::error_code& failed, std::size_t bytes) {
        self->answer(failed, bytes);
      });
}

void Client::answer(const boost::system::error_code& failed, std::size_t /*bytes*/) {
  deadline_.cancel();
  if (server_ == nullptr) return;
  if (failed) {
    server_->gone(shared_from_this());
    return;
  }
  constexpr std::string_view before = "GET /cameras/";
  constexpr std::string_view after = ".mjpg ";
  const std::size_t end = request_.find(after);
  if (request_.starts_with(before) && end != std::string::npos) {
    const std::string id = request_.substr(before.size(), end - before.size());
    if (server_->has(id)) camera_ = id;
  }
  head_ = camera_.empty() ? not_found : stream_head;
  streaming_ = !camera_.empty();
  if (streaming_) server_->watches(camera_);
  write({asio::buffer(head_), asio::const_buffer{}, asio::const_buffer{}});
}

void Client::show(Jpeg picture) {
  if (!streaming_) return;
  if (writing_) {
    next_ = std::move(picture);  // what waited is dropped
    return;
  }
  under_way_ = std::move(picture);
  head_ = fmt::format("--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
                      under_way_->size());
  constexpr std::string_view tail = "\r\n";
  write({asio::buffer(head_), asio::buffer(*under_way_), asio::buffer(tail)});
}

void Client::write(std::array<asio::const_buffer, 3> buffers) {
  writing_ = true;
  wait();
  asio::async_write(
      socket_, buffers,
      [self = shared_from_this()](const boost::system::error_code& failed, std::size_t) {
        self->writing_ = false;
        self->deadline_.cancel();
        if (self->server_ == nullptr) return;
        if (failed || !self->streaming_) {
          self->server_->gone(self);
          return;
        }
        if (self->next_) self->show(std::exchange(self->next_, nullptr));
      });
}

void Client::close() {
  boost::system::error_code ignored;
  deadline_.cancel();
  std::ignore = socket_.close(ignored);
}

}  // namespace

Result<std::unique_ptr<PictureServer>> PictureServer::listen(
    asio::io_context& io, std::uint16_t port,
    std::function<void(const std::string& id, bool watched)> watched) {
  tcp::acceptor acceptor(io);
  boost::system::error_code taken;
  std::ignore = acceptor.open(tcp::v4(), taken);
  if (!taken) std::ignore = acceptor.set_option(tcp::acceptor::reuse_address(true), taken);
  if (!taken) std::ignore = acceptor.bind({asio::ip::address_v4::loopback(), port}, taken);
  if (!taken) std::ignore = acceptor.listen(asio::socket_base::max_listen_connections, taken);
  if (taken)
    return Fault{Reason::cannot_run, fmt::format("pictures on 127.0.0.1:{}", port), taken.message(),
                 "a free port (--camera-port N)"};
  return std::unique_ptr<PictureServer>(
      std::make_unique<Server>(std::move(acceptor), std::move(watched)));
}

}  // namespace chorraha
