#include "apps/process/datagram_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace chorraha {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr std::size_t datagram_bytes_max = std::size_t{256} * 1024;
constexpr std::chrono::milliseconds queued_at_most{500};
constexpr int datagrams_in_a_row = 64;  // then others on this thread get their turn

Fault cannot_run(const fs::path& path, std::string seen, std::string allowed) {
  return {Reason::cannot_run, "socket " + path.string(), std::move(seen), std::move(allowed)};
}
std::string error_text() {
  return std::generic_category().message(errno);
}

struct Address {
  sockaddr_un socket{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* generic() const {
    return reinterpret_cast<const sockaddr*>(&socket);
  }
};
std::optional<Address> address_of(const fs::path& path) {
  Address address;
  address.socket.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.socket.sun_path) return {};
  std::memcpy(address.socket.sun_path, text.c_str(), text.size() + 1);
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + 1);
  return address;
}

/// A socket file whose process is gone, or none at all.
bool is_free(int socket, const Address& address) {
  if (::connect(socket, address.generic(), address.size) == 0) return false;
  return errno == ECONNREFUSED || errno == ENOENT;
}

std::chrono::nanoseconds now_on(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

std::chrono::nanoseconds wall_stamp_of(msghdr& header) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    return std::chrono::seconds{stamp.tv_sec} + std::chrono::nanoseconds{stamp.tv_nsec};
  }
  return {};
}

}  // namespace

Result<RunFolder> open_run_folder(const fs::path& var) {
  const fs::path folder = var / "run";
  std::error_code error;
  const bool fresh = fs::create_directories(folder, error);
  if (!error && fresh) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return cannot_run(folder, error.message(), "a folder that we may make");
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return cannot_run(folder, error_text(), "a folder");
  if ((status.st_mode & 077U) != 0 || status.st_uid != ::geteuid())
    return cannot_run(folder,
                      fmt::format("mode {:04o} of user {}", status.st_mode & 07777U, status.st_uid),
                      fmt::format("mode 0700 of user {}", ::geteuid()));
  return RunFolder{folder};
}

std::chrono::nanoseconds sent_on_steady_clock(std::chrono::nanoseconds wall_stamp,
                                              std::chrono::nanoseconds wall_now,
                                              std::chrono::nanoseconds steady_now) {
  const std::chrono::nanoseconds age = wall_now - wall_stamp;
  const bool is_age = age >= std::chrono::nanoseconds{0} && age <= queued_at_most;
  return is_age ? steady_now - age : steady_now;
}

struct DatagramSocket::Impl : std::enable_shared_from_this<DatagramSocket::Impl> {
  Impl(const asio::any_io_executor& executor, int socket, fs::path at, Received told)
      : descriptor(executor, socket), path(std::move(at)), received(std::move(told)) {}

  void listen() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                            if (error || !self->descriptor.is_open()) return;
                            self->take_all();
                            if (self->descriptor.is_open()) self->listen();
                          });
  }

  void take_all() {
    for (int i = 0; i < datagrams_in_a_row && descriptor.is_open(); ++i)
      if (!take()) return;
  }

  bool take() {
    sockaddr_un sender{};
    iovec bytes{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, 128> control{};
    msghdr header{};
    header.msg_name = &sender;
    header.msg_namelen = sizeof sender;
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(descriptor.native_handle(), &header, MSG_DONTWAIT);
    if (size < 0) return false;
    if ((header.msg_flags & MSG_TRUNC) != 0) return true;  // none of ours is so large
    const std::size_t named = header.msg_namelen > offsetof(sockaddr_un, sun_path)
                                  ? ::strnlen(sender.sun_path, sizeof sender.sun_path)
                                  : 0;
    last_sent =
        std::max(last_sent, sent_on_steady_clock(wall_stamp_of(header), now_on(CLOCK_REALTIME),
                                                 now_on(CLOCK_MONOTONIC)));
    const Datagram datagram{std::span(buffer.data(), static_cast<std::size_t>(size)),
                            std::string(sender.sun_path, named), last_sent};
    received(datagram);
    return true;
  }

  asio::posix::stream_descriptor descriptor;
  fs::path path;
  Received received;
  std::chrono::nanoseconds last_sent{0};
  std::vector<std::byte> buffer = std::vector<std::byte>(datagram_bytes_max);
};

Result<std::unique_ptr<DatagramSocket>> DatagramSocket::open(const asio::any_io_executor& executor,
                                                             const fs::path& path,
                                                             Received received) {
  const std::optional<Address> address = address_of(path);
  if (!address)
    return cannot_run(path, fmt::format("{} bytes of path", path.string().size()), "at most 107");
  const int probe = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool is_ours = probe >= 0 && is_free(probe, *address);
  if (probe >= 0) ::close(probe);
  if (!is_ours) return cannot_run(path, "another process that serves it", "one at a time");
  ::unlink(path.c_str());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return cannot_run(path, error_text(), "a free file descriptor");
  const int yes = 1;
  const int queue_bytes = 4 * static_cast<int>(datagram_bytes_max);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &queue_bytes, sizeof queue_bytes);
  if (::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) != 0 ||
      ::bind(socket, address->generic(), address->size) != 0) {
    const std::string seen = error_text();
    ::close(socket);
    return cannot_run(path, seen, "a path that we may bind");
  }
  auto impl = std::make_shared<Impl>(executor, socket, path, std::move(received));
  impl->listen();
  return std::unique_ptr<DatagramSocket>(new DatagramSocket(std::move(impl)));
}

DatagramSocket::DatagramSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

DatagramSocket::~DatagramSocket() {
  boost::system::error_code ignored;
  [[maybe_unused]] const auto closed = impl_->descriptor.close(ignored);
  ::unlink(impl_->path.c_str());
}

bool DatagramSocket::send(const fs::path& to, std::span<const std::byte> bytes) {
  const std::optional<Address> address = address_of(to);
  return address && ::sendto(impl_->descriptor.native_handle(), bytes.data(), bytes.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL, address->generic(),
                             address->size) == static_cast<ssize_t>(bytes.size());
}

}  // namespace chorraha
