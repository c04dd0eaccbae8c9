#include "apps/street/lamp_posts.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

namespace chorraha {
namespace {

constexpr Milliseconds button_holds{500};

}  // namespace

LampPosts::LampPosts(const Network& network, const std::vector<IntersectionConfig>& intersections,
                     BootId boot)
    : boot_(boot) {
  for (std::size_t i = 0; i < intersections.size(); ++i) {
    posts_.push_back({intersections[i].id(), LampDriver(intersections[i], Start::cold), {}});
    by_id_.emplace(intersections[i].id(), i);
    for (const DetectorUse& use : intersections[i].detectors()) {
      if (use.input != DetectorUse::Input::driver) continue;
      const DetectorIndex index = network.find(use.id);
      const bool button = index.valid() && network.detector(index).kind == Detector::Kind::button;
      loop_by_id_.emplace(use.id, std::pair{i, posts_[i].loops.size()});
      posts_[i].loops.push_back({use.id, button, false, Milliseconds{0}});
    }
  }
}

LampPosts::Post* LampPosts::find(const IntersectionId& id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &posts_[found->second];
}

void LampPosts::receive(const DriverFrame& frame, const std::filesystem::path& sender) {
  std::visit([&](const auto& one) { take(one, sender); }, frame);
}

void LampPosts::take(const AspectFrame& frame, const std::filesystem::path& sender) {
  for (const AspectFrame::Entry& entry : frame.entries) {
    Post* const post = find(entry.intersection);
    if (post == nullptr) continue;
    if (std::exchange(post->controller_boot, frame.boot) != frame.boot)
      post->driver.restart_numbers(LampDriver::Sender::controller);
    post->controller = sender;
    post->driver.receive_aspects(entry.number, entry.aspects);
  }
}

void LampPosts::take(const PermitFrame& frame, const std::filesystem::path& sender) {
  for (const PermitFrame::Entry& entry : frame.entries) {
    Post* const post = find(entry.intersection);
    if (post == nullptr) continue;
    if (std::exchange(post->monitor_boot, frame.boot) != frame.boot)
      post->driver.restart_numbers(LampDriver::Sender::monitor);
    post->monitor = sender;
    post->driver.receive_permit(entry.number, entry.permit);
  }
}

void LampPosts::sense(std::span<const Detection> detections) {
  for (const Detection& detection : detections) {
    const auto found = loop_by_id_.find(detection.detector);
    if (found == loop_by_id_.end()) continue;
    Loop& loop = posts_[found->second.first].loops[found->second.second];
    if (loop.button && detection.kind == Detection::Kind::off) continue;
    loop.occupied = detection.kind != Detection::Kind::off;
    loop.held = Milliseconds{0};
  }
}

void LampPosts::step(Milliseconds elapsed) {
  for (Post& post : posts_) {
    post.driver.step(elapsed);
    for (Loop& loop : post.loops) {
      if (!loop.button || !loop.occupied) continue;
      loop.held += elapsed;
      if (loop.held >= button_holds) loop.occupied = false;
    }
  }
}

std::vector<LampPosts::Change> LampPosts::take_changes() {
  std::vector<Change> changes;
  for (Post& post : posts_) {
    const bool now = post.driver.self_flash();
    if (std::exchange(post.told_self_flash, now) != now) changes.push_back({post.id, now});
  }
  return changes;
}

std::vector<LampPosts::Letter> LampPosts::back_frames() {
  std::map<std::filesystem::path, BackFrame> by_receiver;
  for (Post& post : posts_) {
    if (post.controller.empty()) continue;
    BackFrame& frame = by_receiver[post.controller];
    frame.boot = boot_;
    BackFrame::Entry& entry = frame.entries.emplace_back();
    entry.intersection = post.id;
    entry.number = ++post.back_number;
    entry.self_flash = post.driver.self_flash();
    entry.lenses = post.driver.lenses();
    for (const Loop& loop : post.loops) entry.loops.push_back({loop.id, loop.occupied});
  }
  std::vector<Letter> letters;
  letters.reserve(by_receiver.size());
  for (auto& [to, frame] : by_receiver) letters.push_back({to, std::move(frame)});
  return letters;
}

std::vector<LampPosts::Letter> LampPosts::read_backs() {
  std::map<std::filesystem::path, ReadBackFrame> by_receiver;
  for (Post& post : posts_) {
    if (post.monitor.empty()) continue;
    ReadBackFrame& frame = by_receiver[post.monitor];
    frame.boot = boot_;
    frame.entries.push_back({post.id, ++post.read_number, post.driver.lenses()});
  }
  std::vector<Letter> letters;
  letters.reserve(by_receiver.size());
  for (auto& [to, frame] : by_receiver) letters.push_back({to, std::move(frame)});
  return letters;
}

std::vector<LampPosts::Shown> LampPosts::shown() const {
  std::vector<Shown> all;
  for (const Post& post : posts_) {
    Shown& one = all.emplace_back();
    one.aspects = post.driver.shown();
    const bool flashes =
        post.driver.self_flash() ||
        std::ranges::find(one.aspects, Aspect::flashing_amber) != one.aspects.end();
    one.mode = flashes ? SignalMode::flash : SignalMode::normal;
  }
  return all;
}

}  // namespace chorraha
