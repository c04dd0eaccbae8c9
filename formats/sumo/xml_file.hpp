#pragma once

// Inside formats/sumo only: an XML file whose faults name file, line, value and what is allowed.

#include <filesystem>
#include <memory>
#include <string>

#include <pugixml.hpp>

#include "traffic/network.hpp"
#include "traffic/result.hpp"

namespace chorraha::sumo {

class XmlFile {
 public:
  [[nodiscard]] static Result<XmlFile> load(const std::filesystem::path& file);
  /// `name` stands in the faults.
  [[nodiscard]] static Result<XmlFile> parse(std::string name, std::string bytes);

  [[nodiscard]] pugi::xml_node root() const { return document_->document_element(); }

  /// "net.xml:12"
  [[nodiscard]] std::string place(const pugi::xml_node& node) const;

  /// "net.xml:12 <lane> speed: saw SEEN, allowed ALLOWED"
  [[nodiscard]] Fault fault(const pugi::xml_node& node, const char* attribute,
                            const std::string& allowed) const;

  [[nodiscard]] Result<std::string> text(const pugi::xml_node& node, const char* attribute) const;
  [[nodiscard]] Result<double> number(const pugi::xml_node& node, const char* attribute) const;
  [[nodiscard]] Result<int> whole(const pugi::xml_node& node, const char* attribute) const;
  /// "x,y x,y" (a height behind y is left out); at least `least` points.
  [[nodiscard]] Result<Polyline> shape(const pugi::xml_node& node, std::size_t least) const;

 private:
  XmlFile() = default;

  std::string name_;  // as people gave it
  std::string bytes_;
  std::unique_ptr<pugi::xml_document> document_;
};

/// Seconds, or [days:]hours:minutes:seconds, as SUMO writes times.
[[nodiscard]] Result<double> seconds_in(const std::string& text);

}  // namespace chorraha::sumo
