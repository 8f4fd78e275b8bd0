#include "census/kinds/email.h"

#include <algorithm>

#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

constexpr std::size_t kLocalSizeMax = 64;
constexpr std::size_t kDomainSizeMax = 253;

bool is_local(char c) {
  return is_ascii_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '\'' ||
         c == '%' || c == '&';
}

bool is_domain(char c) { return is_ascii_alnum(c) || c == '-' || c == '.'; }

// Letters alone and not a file name's ending, which often stands behind '@' in logs and sources.
bool is_top_level(std::string_view label) {
  constexpr std::string_view kFileEndings[] = {
      "png",  "jpg",     "jpeg",   "gif",  "svg",    "js",    "css",   "json",
      "html", "service", "socket", "conf", "target", "timer", "local", "so"};
  if (label.size() < 2 || label.size() > 24 || !std::ranges::all_of(label, is_ascii_letter))
    return false;
  return std::ranges::find(kFileEndings, label) == std::end(kFileEndings);
}

bool is_domain_name(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == domain.npos || domain.size() > kDomainSizeMax || !is_top_level(domain.substr(dot + 1)))
    return false;
  std::size_t label = 0;
  for (const char c : domain) {
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return domain.front() != '-' && domain.find("-.") == domain.npos &&
         domain.find(".-") == domain.npos;
}

}  // namespace

std::optional<EmailMatch> email_around(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLocalSizeMax && is_local(text[begin - 1])) --begin;
  while (begin < at && !is_ascii_alnum(text[begin]) && text[begin] != '_') ++begin;
  if (begin == at || text[at - 1] == '.') return std::nullopt;
  if (begin > 0 &&
      (is_local(text[begin - 1]) || text[begin - 1] == '/' || text[begin - 1] == '@')) {
    // "file:///x@y", "a@b@c": part of something longer; a leading quote or dot is none of it
    if (text[begin - 1] == '/' || text[begin - 1] == '@' || is_ascii_alnum(text[begin - 1]))
      return std::nullopt;
  }
  std::size_t end = at + 1;
  while (end < text.size() && end - at <= kDomainSizeMax && is_domain(text[end])) ++end;
  while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  std::string domain;
  for (const char c : text.substr(at + 1, end - at - 1)) domain.push_back(ascii_lower(c));
  if (domain.empty() || !is_domain_name(domain)) return std::nullopt;
  if (end < text.size() && (text[end] == '@' || text[end] == '_')) return std::nullopt;
  EmailMatch match;
  match.begin = begin;
  match.end = end;
  for (const char c : text.substr(begin, at - begin)) match.value.push_back(ascii_lower(c));
  if (match.value.find("..") != match.value.npos) return std::nullopt;
  match.value += "@" + domain;
  return match;
}

std::optional<std::string> parse_email(std::string_view raw) {
  std::string_view text = trim(raw);
  for (const std::string_view prefix : {"mailto:", "MAILTO:", "<"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  const std::size_t at = text.find('@');
  if (at == text.npos) return std::nullopt;
  const auto match = email_around(text, at);
  if (!match) return std::nullopt;
  const std::string_view before = text.substr(0, match->begin);
  const std::string_view rest = trim(text.substr(match->end));
  if (!before.empty() && before.back() != '<' && before.back() != ' ') return std::nullopt;
  if (!rest.empty() && rest.find_first_not_of(">,;.") == 0) return std::nullopt;
  return match->value;
}

}  // namespace sealift::census
