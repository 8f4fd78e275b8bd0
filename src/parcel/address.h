// Mail addresses, in the one spelling that is compared, hashed and written to.
//
//   address = local "@" domain               at most kAddressSizeMax bytes
//   local   = atom *( "." atom )             at most 64 bytes; RFC 5321's Dot-string
//   domain  = label *( "." label )           letters, digits and inner hyphens; 1 to 63 a label
//
// Upper-case letters become lower-case ones. Everything that could end a mail command or a header
// line early is no address; so are quoted local parts, address literals, and letters beyond ASCII
// (a domain that has them is written in its xn-- form). Pure; thread-safe.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sealift::parcel {

class Address {
 public:
  static std::optional<Address> parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view domain() const;

  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  explicit Address(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Whether `text` is a whole domain as in an address, lower case.
bool is_domain(std::string_view text);

}  // namespace sealift::parcel
