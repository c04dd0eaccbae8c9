#include "apps/count/score.hpp"

#include <algorithm>

namespace chorraha::count {
namespace {

constexpr std::int64_t before_frames = 10;
constexpr std::int64_t after_frames = 25;

// Kuhn's augmenting paths over the spans; recursion is as deep as there are spans that compete.
class Matching {
 public:
  Matching(const std::vector<Span>& spans, const std::vector<std::int64_t>& counts)
      : spans_(spans), counts_(counts), owner_(counts.size(), nobody) {}

  bool match(std::size_t span) {
    tried_.assign(counts_.size(), false);
    return augment(span);
  }

 private:
  [[nodiscard]] bool fits(std::size_t span, std::size_t count) const {
    return spans_[span].first - before_frames <= counts_[count] &&
           counts_[count] <= spans_[span].last + after_frames;
  }

  bool augment(std::size_t span) {
    for (std::size_t count = 0; count < counts_.size(); ++count) {
      if (tried_[count] || !fits(span, count)) continue;
      tried_[count] = true;
      if (owner_[count] != nobody && !augment(owner_[count])) continue;
      owner_[count] = span;
      return true;
    }
    return false;
  }

  const std::vector<Span>& spans_;
  const std::vector<std::int64_t>& counts_;
  static constexpr auto nobody = static_cast<std::size_t>(-1);

  std::vector<std::size_t> owner_;  // span of each count
  std::vector<bool> tried_;
};

}  // namespace

double Score::event_error() const {
  if (required == 0) return 0.0;
  return static_cast<double>(missed + false_counts) / static_cast<double>(required);
}

Score score(const LineTruth& truth, const std::vector<std::int64_t>& counts) {
  std::vector<Span> spans = truth.required;
  spans.insert(spans.end(), truth.optional.begin(), truth.optional.end());
  Matching matching(spans, counts);
  std::size_t matched_required = 0;
  std::size_t matched = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!matching.match(i)) continue;
    ++matched;
    if (i < truth.required.size()) ++matched_required;
  }
  return {truth.required.size(), truth.required.size() - matched_required, counts.size() - matched};
}

Score operator+(const Score& a, const Score& b) {
  return {a.required + b.required, a.missed + b.missed, a.false_counts + b.false_counts};
}

}  // namespace chorraha::count
