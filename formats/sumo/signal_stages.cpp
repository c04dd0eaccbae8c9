#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "formats/sumo/signal_groups.hpp"

namespace chorraha::sumo {
namespace {

// No stage of its own is planned shorter than this: SAFETY-A11 gives 5 s as minimum green.
constexpr Ticks change_max{50};

bool is_lit(char letter) {
  return letter == 'g' || letter == 'G';
}

bool has_green(const std::string& letters) {
  return std::ranges::any_of(letters, is_lit);
}

// Whether all that is lit in `a` is lit in `b`.
bool is_within(const std::string& a, const std::string& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (is_lit(a[i]) && !is_lit(b[i])) return false;
  }
  return true;
}

// SUMO: s and u are red (u with amber), o and O are switched off: right of way as g and G.
char plain(char letter) {
  switch (letter) {
    case 'y':
    case 'Y':
      return 'y';
    case 'g':
    case 'o':
      return 'g';
    case 'G':
    case 'O':
      return 'G';
    default:
      return 'r';
  }
}

std::vector<SignalLink> links_in_use(const Network& network, IntersectionIndex at) {
  std::map<int, SignalLink> by_place;
  const Junction& junction = network.junction(at);
  for (const MovementIndex movement : junction.movements)
    by_place[network.movement(movement).signal_link].movements.push_back(movement);
  for (const CrossingIndex crossing : junction.crossings)
    by_place[network.crossing(crossing).signal_link].crossings.push_back(crossing);
  std::vector<SignalLink> links;
  for (auto& [place, link] : by_place) {
    link.place = place;
    links.push_back(std::move(link));
  }
  return links;
}

// Neighbouring phases with equal letters in one; over the end of the cycle too.
std::vector<StageRun> runs_of(const ShownProgram& shown) {
  std::vector<StageRun> runs;
  for (std::size_t p = 0; p < shown.letters.size(); ++p) {
    const Ticks end = p + 1 < shown.begins.size() ? shown.begins[p + 1] : shown.cycle;
    if (!runs.empty() && runs.back().letters == shown.letters[p]) {
      runs.back().end = end;
    } else {
      runs.push_back({p, shown.begins[p], end, shown.letters[p]});
    }
  }
  if (runs.size() > 1 && runs.front().letters == runs.back().letters) {
    runs.front().begin = runs.back().begin - shown.cycle;
    runs.pop_back();
  }
  return runs;
}

// A short phase that only clears, or lets a part begin earlier, is part of a change.
void leave_out_changes(std::vector<StageRun>& stages, Ticks shortest,
                       std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < stages.size() && stages.size() > 1;) {
    const StageRun& run = stages[i];
    const StageRun& before = stages[(i + stages.size() - 1) % stages.size()];
    const StageRun& behind = stages[(i + 1) % stages.size()];
    const bool is_part =
        is_within(run.letters, before.letters) || is_within(run.letters, behind.letters);
    if (run.end - run.begin >= shortest || !is_part) {
      ++i;
      continue;
    }
    notes.push_back(fmt::format("phase {} of {:.1f} s belongs to the change between its neighbours",
                                run.phase, to_seconds(run.end - run.begin)));
    stages.erase(stages.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool is_lit_in(const std::vector<StageRun>& stages, std::size_t link) {
  return std::ranges::any_of(stages,
                             [link](const StageRun& stage) { return is_lit(stage.letters[link]); });
}

// Every link that the program lights at all is lit in a stage.
void keep_all_lit(const ShownProgram& shown, std::vector<StageRun> runs,
                  std::vector<StageRun>& stages, std::vector<std::string>& notes) {
  for (StageRun& run : runs) {
    std::ranges::replace(run.letters, 'y', 'r');
    for (std::size_t link = 0; link < shown.links.size(); ++link) {
      if (!is_lit(run.letters[link]) || is_lit_in(stages, link)) continue;
      notes.push_back(fmt::format("phase {} becomes a stage: link {} is green nowhere else",
                                  run.phase, shown.links[link].place));
      stages.push_back(run);
      break;
    }
  }
  std::ranges::sort(stages, {}, &StageRun::end);
}

}  // namespace

Result<ShownProgram> shown_by(const Network& network, IntersectionIndex at,
                              const SumoProgram& program, std::vector<std::string>& notes) {
  ShownProgram shown;
  shown.links = links_in_use(network, at);
  const std::size_t size = program.phases.front().state.size();
  for (const SignalLink& link : shown.links) {
    if (link.place < 0 || static_cast<std::size_t>(link.place) >= size) {
      return Fault{Reason::bad_input,
                   program.place + " <tlLogic> " + program.intersection.text() + " state",
                   fmt::format("{} letters", size),
                   fmt::format("a letter for link {} of the network", link.place)};
    }
  }
  bool is_off = false;
  for (const SumoPhase& phase : program.phases) {
    std::string letters;
    for (SignalLink& link : shown.links) {
      const char letter = phase.state[static_cast<std::size_t>(link.place)];
      letters.push_back(plain(letter));
      link.turn_on_red = link.turn_on_red || letter == 's';
      is_off = is_off || letter == 'o' || letter == 'O';
    }
    shown.letters.push_back(std::move(letters));
    shown.begins.push_back(shown.cycle);
    shown.cycle += phase.duration;
  }
  if (is_off) notes.emplace_back("letters o and O (switched off) are read as g and G");
  return shown;
}

Result<std::vector<StageRun>> stage_runs(const ShownProgram& shown, Ticks min_green,
                                         std::vector<std::string>& notes) {
  const std::vector<StageRun> runs = runs_of(shown);
  std::vector<StageRun> stages;
  for (const StageRun& run : runs) {
    const bool is_change = run.letters.find('y') != std::string::npos;
    if (!is_change && has_green(run.letters)) stages.push_back(run);
  }
  leave_out_changes(stages, std::min(min_green, change_max), notes);
  keep_all_lit(shown, runs, stages, notes);
  if (stages.empty())
    return Fault{Reason::bad_input, "phases", "no green in any", "at least one green"};
  for (std::size_t i = 0; i + 1 < stages.size();) {
    if (stages[i].letters == stages[i + 1].letters) {
      stages[i].end = stages[i + 1].end;
      stages.erase(stages.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    } else {
      ++i;
    }
  }
  if (stages.size() > 1 && stages.front().letters == stages.back().letters) {
    stages.front().begin = stages.back().begin - shown.cycle;
    stages.pop_back();
  }
  return stages;
}

}  // namespace chorraha::sumo
