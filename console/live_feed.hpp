#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/city_view.hpp"
#include "console/client_message.hpp"
#include "console/frames.hpp"
#include "console/lamp_history.hpp"

namespace chorraha::console {

/// One frame to one page: `head` is its own, `body` is shared with the others.
struct FeedMessage {
  std::string head;
  std::shared_ptr<const std::string> body;
  bool binary = false;
  [[nodiscard]] std::size_t size() const { return head.size() + body->size(); }
};

/// A page at the other end of a connection. Outlives its stay in the feed.
class FeedClient {
 public:
  FeedClient() = default;
  FeedClient(const FeedClient&) = delete;
  FeedClient& operator=(const FeedClient&) = delete;
  FeedClient(FeedClient&&) = delete;
  FeedClient& operator=(FeedClient&&) = delete;
  virtual ~FeedClient() = default;

  /// Queues one frame; never blocks.
  virtual void send(FeedMessage message) = 0;
  /// What is queued, the frame that is being written included.
  struct Waiting {
    std::size_t frames = 0;
    std::size_t bytes = 0;
  };
  [[nodiscard]] virtual Waiting waiting() const = 0;
  /// Drops what is queued, but for the frame that is being written.
  virtual void drop_waiting() = 0;
  /// Ends the connection, with a reason for people. May not call back into the feed.
  virtual void close(std::string_view reason) = 0;
};

/// Shows the city to pages: the overview once a second, what a page looks at ten times a second
/// (docs/live-feed.md). Holds what a newcomer must know: events of 15 minutes, lamps of 150 s.
/// Bounds:  frames_max and bytes_max wait for one page; what is above drops all that waits, and
///          the page gets key frames when it reads again. After `choked_max` without that it is
///          closed.
/// Threads: one owner at a time; nothing here waits or reads a clock but through `wall_clock`.
class LiveFeed {
 public:
  static constexpr std::size_t frames_max = 64;
  static constexpr std::size_t bytes_max = 2'000'000;
  static constexpr std::size_t clients_max = 64;
  static constexpr Milliseconds choked_max{10'000};
  static constexpr Milliseconds overview_every{1000};
  static constexpr Milliseconds picture_every{200};
  static constexpr std::size_t changes_max = 300;
  static constexpr Milliseconds changes_kept{15 * 60'000};
  static constexpr std::size_t events_max = 12;  // of one junction

  LiveFeed(std::shared_ptr<const City> city, std::string network_etag,
           std::function<Instant()> wall_clock);

  /// The newest view, 10 a second: sends what each page should see of it.
  /// The view has as many junctions and cameras as the city.
  void show(CityView view);

  /// Refused with cannot_run when clients_max are here.
  [[nodiscard]] Done connect(FeedClient& client);
  void disconnect(FeedClient& client);
  [[nodiscard]] bool full() const { return pages_.size() >= clients_max; }
  /// A text frame of a page; what is not a message closes the page.
  void receive(FeedClient& client, std::string_view text);

  /// Cameras of which a page wants pictures now, each once.
  [[nodiscard]] std::vector<CameraId> cameras_wanted() const;
  [[nodiscard]] std::string status() const;
  /// The newest picture; null if there is none.
  [[nodiscard]] std::shared_ptr<const std::vector<std::uint8_t>> picture(
      std::string_view camera) const;

 private:
  struct Page {
    FeedClient* client = nullptr;
    std::uint64_t seq = 0;
    bool overview_known = false;        // had its key frame
    std::vector<std::size_t> looks_at;  // junctions
    std::vector<bool> known;            // those of `looks_at` that had their key frame
    std::optional<ViewWanted::Box> box;
    std::optional<std::size_t> camera;
    std::optional<Instant> pictured;                         // stamp of the last picture sent
    std::shared_ptr<const std::vector<VehicleView>> street;  // as last sent; null: none, or all new
    std::optional<Instant> choked_since;                     // wall clock
  };
  /// What is kept of one junction, and its frames of this moment, made when first asked for.
  struct Watched {
    TickMap map;
    LampHistory history;
    std::deque<Event> events;  // newest first
    JunctionParts parts;       // as last sent; empty when nobody looked
    std::shared_ptr<const std::string> key_body, delta_body;  // null until somebody looks
  };

  /// What the overview says of a junction; those that changed stand in the next one.
  struct Brief {
    std::optional<SignalMode> mode;
    ControlSource source = ControlSource::none;
    friend bool operator==(const Brief&, const Brief&) = default;
  };
  using Body = std::shared_ptr<const std::string>;

  void learn();
  void learn_event(const Event& event);
  void make_overview(FrameTime time);
  void make_junction(std::size_t index, FrameTime time);
  [[nodiscard]] Body overview_key(FrameTime time);
  [[nodiscard]] Body junction_key(std::size_t index, FrameTime time);
  [[nodiscard]] JunctionFrame head_of(std::size_t index, bool key) const;
  [[nodiscard]] bool may_send(Page& page, FrameTime time);
  void send_to(Page& page, FrameTime time);
  void send_junctions(Page& page, FrameTime time);
  void send_street(Page& page, FrameTime time);
  void send_picture(Page& page, FrameTime time);
  void look(Page& page, const ViewWanted& wanted);
  [[nodiscard]] Page* find(const FeedClient& client);
  [[nodiscard]] FrameTime now() const;

  std::shared_ptr<const City> city_;
  std::string network_etag_;
  std::function<Instant()> wall_clock_;
  CityView view_;
  bool shown_ = false;
  std::vector<Watched> junctions_;  // by IntersectionIndex
  std::deque<Event> changes_;       // newest first
  std::size_t new_changes_ = 0;     // since the last overview
  std::vector<Brief> briefs_;       // of the last overview, by IntersectionIndex
  std::optional<Instant> overview_at_;
  Body overview_delta_;  // of this moment; null between overviews
  Body overview_key_;    // of this moment; null until somebody needs it
  std::vector<Page> pages_;
};

}  // namespace chorraha::console
