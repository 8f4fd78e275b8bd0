// Markup: a tolerant pull tokeniser for XML and HTML.
//
//   Markup markup(text, Markup::Language::xml);
//   while (markup.next()) { switch (markup.kind()) ... }
//
// It never fails: what is damaged or cut short gives the tokens that are there. It has no DTD and
// expands no entity but characters, so that no document grows while it is read. An empty element
// <a/> gives an open and a close. Names keep their prefix ("w:p"); HTML names are lower case.
// Views borrow from the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sealift::readers {

enum class MarkupLanguage : std::uint8_t { xml, html };

// Appends text with its character references (&amp; &#233; and for HTML &eacute;) replaced.
void append_decoded(std::string& out, std::string_view raw, MarkupLanguage language);

class Markup {
 public:
  using Language = MarkupLanguage;
  enum class Kind : std::uint8_t { open, close, text };

  Markup(std::string_view text, Language language) : rest_(text), language_(language) {}

  // Steps to the next token; false at the end.
  bool next();

  Kind kind() const { return kind_; }
  bool opens(std::string_view name) const { return kind_ == Kind::open && name_ == name; }
  bool closes(std::string_view name) const { return kind_ == Kind::close && name_ == name; }

  std::string_view name() const { return name_; }  // of an open or close
  std::string_view raw() const { return raw_; }    // of a text, as written
  // Appends a text with its character references replaced.
  void append_text(std::string& out) const;

  // Of an open, as written / decoded; empty if absent.
  std::string_view raw_attribute(std::string_view name) const;
  std::string attribute(std::string_view name) const;

  // Calls on_attribute(name, decoded value) for each attribute of an open.
  template <typename OnAttribute>
  void each_attribute(OnAttribute on_attribute) const {
    std::string_view rest = attributes_;
    while (const auto found = take_attribute(rest)) {
      std::string value;
      append_decoded(value, found->second, language_);
      on_attribute(found->first, std::move(value));
    }
  }

  // Steps over everything up to the close of the element just opened.
  void skip_element();

 private:
  static std::optional<std::pair<std::string_view, std::string_view>> take_attribute(
      std::string_view& rest);
  void take_text(std::size_t length);
  bool take_tag();
  bool take_special();
  void take_raw_text();
  void set_name(std::string_view name);

  std::string_view rest_;
  Language language_;
  Kind kind_ = Kind::text;
  std::string_view name_;
  std::string_view raw_;
  std::string_view attributes_;
  std::string lower_name_;
  std::string raw_text_until_;  // inside <script>: its name
  bool cdata_ = false;
  bool close_is_due_ = false;
};

// The part of a name after its prefix: "p" of "w:p".
inline std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace sealift::readers
