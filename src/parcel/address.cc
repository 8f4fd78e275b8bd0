#include "parcel/address.h"

#include <algorithm>

#include "base/limits.h"

namespace sealift::parcel {
namespace {

constexpr std::size_t kLocalSizeMax = 64;    // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kDomainSizeMax = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kLabelSizeMax = 63;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_atom_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return is_letter_or_digit(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_atom(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_atom_character);
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLabelSizeMax && text.front() != '-' &&
         text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// Whether the pieces between dots are all good.
bool are_all(std::string_view text, bool (*is_good)(std::string_view)) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_good(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_domain(std::string_view text) {
  return text.size() <= kDomainSizeMax && are_all(text, is_label);
}

std::optional<Address> Address::parse(std::string_view text) {
  if (text.size() > limits::kAddressSizeMax) return std::nullopt;
  std::string made(text);
  std::ranges::transform(made, made.begin(), lower);
  const std::size_t at = made.find('@');
  if (at == std::string::npos || at > kLocalSizeMax) return std::nullopt;
  const std::string_view whole = made;
  if (!are_all(whole.substr(0, at), is_atom) || !is_domain(whole.substr(at + 1))) {
    return std::nullopt;
  }
  return Address(std::move(made));
}

std::string_view Address::domain() const {
  return std::string_view(text_).substr(text_.find('@') + 1);
}

}  // namespace sealift::parcel
