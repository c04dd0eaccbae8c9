#include "console/live_feed.hpp"

#include <algorithm>
#include <utility>

#include "traffic/expect.hpp"

namespace chorraha::console {
namespace {

/// Stages come and go, plans are renewed: neither is a change that a person looks for.
bool is_change(Event::Kind kind) {
  return kind != Event::Kind::stage_begun && kind != Event::Kind::plan_accepted;
}

std::vector<const Event*> pointers(const std::deque<Event>& events, std::size_t begin,
                                   std::size_t end) {
  std::vector<const Event*> list;
  for (std::size_t i = begin; i < end && i < events.size(); ++i) list.push_back(&events[i]);
  return list;
}

void send(FeedClient& client, std::uint64_t& seq, std::shared_ptr<const std::string> body) {
  client.send({.head = "{\"seq\":" + std::to_string(++seq) + ",", .body = std::move(body)});
}

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

LiveFeed::LiveFeed(std::shared_ptr<const City> city, std::string network_etag,
                   std::function<Instant()> wall_clock)
    : city_(std::move(city)),
      network_etag_(std::move(network_etag)),
      wall_clock_(std::move(wall_clock)),
      junctions_(city_->network->junctions().size()),
      briefs_(junctions_.size()) {
  CHORRAHA_EXPECT(city_->intersections.size() == junctions_.size());
  view_.junctions.resize(junctions_.size());
  view_.cameras.resize(city_->cameras.size());
}

void LiveFeed::show(CityView view) {
  CHORRAHA_EXPECT(view.junctions.size() == junctions_.size());
  CHORRAHA_EXPECT(view.cameras.size() == city_->cameras.size());
  view_ = std::move(view);
  shown_ = true;
  const FrameTime time = now();
  learn();
  overview_delta_ = nullptr;
  overview_key_ = nullptr;
  const bool due =
      !overview_at_ || view_.at - *overview_at_ >= overview_every || view_.at < *overview_at_;
  if (due) make_overview(time);
  std::vector<bool> looked_at(junctions_.size(), false);
  for (const Page& page : pages_) {
    for (const std::size_t junction : page.looks_at) looked_at[junction] = true;
  }
  for (std::size_t j = 0; j < junctions_.size(); ++j) {
    junctions_[j].key_body = nullptr;
    junctions_[j].delta_body = nullptr;
    if (looked_at[j]) make_junction(j, time);
    if (!looked_at[j]) junctions_[j].parts.clear();
  }
  for (Page& page : pages_) {
    if (may_send(page, time)) send_to(page, time);
  }
}

void LiveFeed::learn() {
  for (std::size_t j = 0; j < junctions_.size(); ++j) {
    const auto& report = view_.junctions[j].report;
    if (!report) continue;
    junctions_[j].map.learn(*report);
    junctions_[j].history.add(*report, junctions_[j].map);
  }
  for (const Event& event : view_.events) learn_event(event);
  while (!changes_.empty() && view_.at - changes_.back().at > changes_kept) changes_.pop_back();
}

void LiveFeed::learn_event(const Event& event) {
  const IntersectionIndex index = city_->network->find(event.intersection);
  // plans come every few seconds and would push all else out
  if (index.valid() && event.kind != Event::Kind::plan_accepted) {
    auto& events = junctions_[index.value()].events;
    events.push_front(event);
    if (events.size() > events_max) events.pop_back();
  }
  if (!is_change(event.kind)) return;
  changes_.push_front(event);
  if (changes_.size() > changes_max) changes_.pop_back();
  ++new_changes_;
}

void LiveFeed::make_overview(FrameTime time) {
  OverviewFrame frame;
  for (std::size_t j = 0; j < junctions_.size(); ++j) {
    Brief brief;
    if (const auto& report = view_.junctions[j].report) brief = {report->mode, report->source};
    const bool starting = brief.mode == SignalMode::start_up;  // its time of service may move
    if (brief == briefs_[j] && !starting) continue;
    briefs_[j] = brief;
    frame.junctions.push_back(j);
  }
  frame.changes = pointers(changes_, 0, new_changes_);
  overview_delta_ = shared(overview_body(*city_, view_, frame, time));
  new_changes_ = 0;
  overview_at_ = view_.at;
}

LiveFeed::Body LiveFeed::overview_key(FrameTime time) {
  if (overview_key_) return overview_key_;
  OverviewFrame frame{.key = true, .junctions = {}, .changes = {}};
  // the newest, not yet in an overview, come with the next one
  frame.changes = pointers(changes_, new_changes_, changes_.size());
  for (std::size_t j = 0; j < junctions_.size(); ++j) frame.junctions.push_back(j);
  overview_key_ = shared(overview_body(*city_, view_, frame, time));
  return overview_key_;
}

void LiveFeed::make_junction(std::size_t index, FrameTime time) {
  Watched& watched = junctions_[index];
  const JunctionView& junction = view_.junctions[index];
  JunctionParts parts = junction_parts(*city_, index, junction, watched.map);
  parts.emplace_back("events", events_text(pointers(watched.events, 0, events_max)));
  JunctionParts changed;
  std::ranges::copy_if(parts, std::back_inserter(changed), [&](const auto& part) {
    return std::ranges::find(watched.parts, part) == watched.parts.end();
  });
  watched.delta_body = shared(junction_body(head_of(index, false), changed, time));
  watched.parts = std::move(parts);
}

LiveFeed::Body LiveFeed::junction_key(std::size_t index, FrameTime time) {
  Watched& watched = junctions_[index];
  if (watched.key_body) return watched.key_body;
  JunctionParts parts = watched.parts;
  parts.emplace_back("past", past_text(city_->intersections[index], watched.history));
  watched.key_body = shared(junction_body(head_of(index, true), parts, time));
  return watched.key_body;
}

JunctionFrame LiveFeed::head_of(std::size_t index, bool key) const {
  const JunctionView& junction = view_.junctions[index];
  JunctionFrame frame{.key = key, .id = city_->network->junctions()[index].id.text()};
  if (junction.report) frame.age = std::max(Milliseconds{0}, view_.at - junction.heard);
  return frame;
}

bool LiveFeed::may_send(Page& page, FrameTime time) {
  const FeedClient::Waiting waiting = page.client->waiting();
  if (page.choked_since && waiting.frames == 0) page.choked_since.reset();
  if (waiting.frames >= frames_max || waiting.bytes >= bytes_max) {
    page.client->drop_waiting();
    page.overview_known = false;
    page.known.assign(page.looks_at.size(), false);
    if (!page.choked_since) page.choked_since = time.sent_wall;
  }
  if (!page.choked_since) return true;
  if (time.sent_wall - *page.choked_since >= choked_max) {
    page.client->close("this page took nothing for 10 s");
  }
  return false;
}

void LiveFeed::send_to(Page& page, FrameTime time) {
  if (!page.overview_known) {
    console::send(*page.client, page.seq, overview_key(time));
    page.overview_known = true;
  } else if (overview_delta_) {
    console::send(*page.client, page.seq, overview_delta_);
  }
  send_junctions(page, time);
  send_street(page, time);
  send_picture(page, time);
}

void LiveFeed::send_junctions(Page& page, FrameTime time) {
  for (std::size_t i = 0; i < page.looks_at.size(); ++i) {
    const std::size_t index = page.looks_at[i];
    const bool known = page.known[i];
    page.known[i] = true;
    console::send(*page.client, page.seq,
                  known ? junctions_[index].delta_body : junction_key(index, time));
  }
}

void LiveFeed::send_street(Page& page, FrameTime time) {
  if (!page.box || !view_.vehicles || page.street == view_.vehicles) return;
  page.street = view_.vehicles;
  console::send(*page.client, page.seq,
                shared(street_body(view_, page.box->low, page.box->high, time)));
}

void LiveFeed::send_picture(Page& page, FrameTime time) {
  if (!page.camera) return;
  const CameraView& camera = view_.cameras[*page.camera];
  if (!camera.picture || !camera.picture->jpeg) return;
  const Instant at = camera.picture->at;
  if (page.pictured && at >= *page.pictured && at - *page.pictured < picture_every) return;
  page.pictured = at;
  auto frame = shared(picture_frame(city_->cameras[*page.camera], camera, *camera.picture, time));
  page.client->send({.head = {}, .body = std::move(frame), .binary = true});
}

Done LiveFeed::connect(FeedClient& client) {
  if (full()) {
    return Fault{Reason::cannot_run, "pages", std::to_string(pages_.size() + 1),
                 "at most " + std::to_string(clients_max)};
  }
  Page& page = pages_.emplace_back();
  page.client = &client;
  const FrameTime time = now();
  console::send(client, page.seq, shared(hello_body(*city_, network_etag_, time)));
  if (!shown_) return {};
  console::send(client, page.seq, overview_key(time));
  page.overview_known = true;
  return {};
}

void LiveFeed::disconnect(FeedClient& client) {
  std::erase_if(pages_, [&](const Page& page) { return page.client == &client; });
}

void LiveFeed::receive(FeedClient& client, std::string_view text) {
  Page* page = find(client);
  if (page == nullptr) return;
  const Result<ClientMessage> message = client_message(text);
  if (!message) {
    client.close(message.error().text());
    return;
  }
  if (const auto* wanted = std::get_if<ViewWanted>(&*message)) look(*page, *wanted);
  if (const auto* ping = std::get_if<Ping>(&*message)) {
    console::send(client, page->seq, shared(pong_body(ping->sent_wall_ms, now())));
  }
  if (std::holds_alternative<Resync>(*message)) {
    page->overview_known = false;
    page->known.assign(page->looks_at.size(), false);
    page->pictured.reset();
  }
}

void LiveFeed::look(Page& page, const ViewWanted& wanted) {
  std::vector<std::size_t> looks_at;
  std::vector<bool> known;
  for (const std::string& id : wanted.junctions) {
    const IntersectionIndex index = city_->network->find(IntersectionId{id});
    if (!index.valid() || std::ranges::count(looks_at, index.value()) > 0) continue;
    const auto before = std::ranges::find(page.looks_at, index.value());
    const auto place = static_cast<std::size_t>(before - page.looks_at.begin());
    looks_at.push_back(index.value());
    known.push_back(before != page.looks_at.end() && page.known[place]);
  }
  page.looks_at = std::move(looks_at);
  page.known = std::move(known);
  page.box = wanted.box;
  page.street = nullptr;
  const auto camera =
      std::ranges::find(city_->cameras, CameraId{wanted.camera.value_or("")}, &CameraConfig::id);
  std::optional<std::size_t> seen;
  if (wanted.camera && camera != city_->cameras.end()) {
    seen = static_cast<std::size_t>(camera - city_->cameras.begin());
  }
  if (seen != page.camera) page.pictured.reset();
  page.camera = seen;
}

std::vector<CameraId> LiveFeed::cameras_wanted() const {
  std::vector<CameraId> wanted;
  for (const Page& page : pages_) {
    if (!page.camera) continue;
    const CameraId& id = city_->cameras[*page.camera].id;
    if (std::ranges::find(wanted, id) == wanted.end()) wanted.push_back(id);
  }
  return wanted;
}

std::string LiveFeed::status() const {
  return status_text(*city_, view_, pages_.size());
}

std::shared_ptr<const std::vector<std::uint8_t>> LiveFeed::picture(std::string_view camera) const {
  for (std::size_t i = 0; i < city_->cameras.size(); ++i) {
    const auto& newest = view_.cameras[i].picture;
    if (city_->cameras[i].id.text() == camera && newest) return newest->jpeg;
  }
  return nullptr;
}

LiveFeed::Page* LiveFeed::find(const FeedClient& client) {
  const auto page = std::ranges::find(pages_, &client, &Page::client);
  return page == pages_.end() ? nullptr : &*page;
}

FrameTime LiveFeed::now() const {
  const Instant wall = wall_clock_();
  return {shown_ ? view_.at : wall + city_->clock_offset, wall};
}

}  // namespace chorraha::console
