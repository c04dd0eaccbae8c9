// JSON by the events of nlohmann-json's parser, so that each value keeps its line.
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "formats/city/document.hpp"

namespace chorraha::city {
namespace {

/// Where the lexer stands.
struct Place {
  int line = 1;
  char last = '\0';
};

/// Reads characters and counts lines.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(std::string_view::const_iterator at, Place* place) : at_(at), place_(place) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    place_->last = *at_;
    if (*at_ == '\n') ++place_->line;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ != b.at_;
  }

 private:
  std::string_view::const_iterator at_;
  Place* place_;
};

class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(const Place& place, const std::string& file) : place_(place), file_(file) {}

  bool null() override { return put(Node::Kind::nothing, here()); }
  bool boolean(bool value) override {
    if (!put(Node::Kind::flag, here())) return false;
    newest_->flag = value;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    if (!put(Node::Kind::integer, line_of_number())) return false;
    newest_->integer = value;
    newest_->number = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX))
      return number_integer(static_cast<number_integer_t>(value));
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    if (!put(Node::Kind::number, line_of_number())) return false;
    newest_->number = value;
    return true;
  }
  bool string(string_t& value) override {
    if (!put(Node::Kind::text, here())) return false;
    newest_->text = std::move(value);
    return true;
  }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Node::Kind::table); }
  bool start_array(std::size_t /*size*/) override { return open(Node::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    if (open_.back()->find(value) != nullptr)
      return refuse(fmt::format("the key \"{}\" twice", value), "each key once");
    open_.back()->entries.emplace_back().key = std::move(value);
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    std::string what =
        error.what();  // "[json.exception.parse_error.101] parse error at …: MEANING"
    if (const auto bracket = what.find("] "); bracket != std::string::npos)
      what = what.substr(bracket + 2);
    return refuse(what, "JSON");
  }

  [[nodiscard]] Fault fault() const {
    return fault_.value_or(Fault{Reason::bad_input, file_, "not read to its end", "JSON"});
  }
  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  static constexpr std::size_t depth_max = 64;

  [[nodiscard]] int here() const { return place_.line; }
  // The lexer has read the character behind a number.
  [[nodiscard]] int line_of_number() const {
    return place_.last == '\n' ? place_.line - 1 : place_.line;
  }
  bool refuse(std::string seen, std::string allowed) {
    if (!fault_) {
      fault_ = Fault{Reason::bad_input, fmt::format("{}:{}", file_, here()), std::move(seen),
                     std::move(allowed)};
    }
    return false;
  }
  bool put(Node::Kind kind, int line) {
    if (open_.empty()) {
      newest_ = &root_;
    } else if (open_.back()->kind == Node::Kind::list) {
      newest_ = &open_.back()->items.emplace_back();
    } else {
      newest_ = &open_.back()->entries.back();
    }
    newest_->kind = kind;
    newest_->line = line;
    return true;
  }
  // Children are appended only to the innermost open node, so outer pointers stay valid.
  bool open(Node::Kind kind) {
    if (open_.size() >= depth_max)
      return refuse(fmt::format("more than {} levels", depth_max), "a flatter file");
    put(kind, here());
    open_.push_back(newest_);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const Place& place_;
  const std::string& file_;
  Node root_;
  Node* newest_ = nullptr;
  std::vector<Node*> open_;
  std::optional<Fault> fault_;
};

}  // namespace

Result<Node> parse_json(std::string_view text, const std::string& file) {
  Place place;
  Builder builder(place, file);
  if (!nlohmann::json::sax_parse(CountingIterator(text.begin(), &place),
                                 CountingIterator(text.end(), &place), &builder)) {
    return builder.fault();
  }
  return builder.take();
}

}  // namespace chorraha::city
