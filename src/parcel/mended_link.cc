#include "parcel/mended_link.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/base64.h"
#include "base/bytes.h"

namespace sealift::parcel {
namespace {

using State = MendedLink::State;

constexpr std::size_t kSecretSize = 43;  // 32 bytes as base64url
constexpr std::size_t kIdSize = 32;
constexpr std::size_t kFingerprintSize = 32;  // hexadecimal digits

// How each kind is spelled after the server's address.
struct Shape {
  LinkKind kind;
  std::string_view mark;
  std::size_t id_size;
  std::size_t secret_size;  // with its dot, where there are two parts
  std::size_t tail_size;    // a dot and a fingerprint, which may follow
};
constexpr std::array kShapes = {
    Shape{LinkKind::parcel, "/l/", kIdSize, kSecretSize, 0},
    Shape{LinkKind::request, "/r/", kIdSize, 2 * kSecretSize + 1, 0},
    Shape{LinkKind::enrolment, "/e", 0, kSecretSize, kFingerprintSize + 1},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

int hex_value(char c) {
  const char small = lower(c);
  if (small >= '0' && small <= '9') return small - '0';
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool is_blank(char c) { return std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos; }

bool is_secret_character(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

// "%41", or with another mark than "%", as the character that it stands for.
std::string decoded(std::string_view text, char mark) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == mark && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    if (!is_code) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

// urldefense.proofpoint.com/v2/url?u=https-3A__host_path&d=...: "-" for "%" and "_" for "/".
std::optional<std::string> unwrapped_v2(std::string_view text) {
  const std::size_t at = lowered(text).find("urldefense.proofpoint.com/v2/url?");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = text.find("u=", at);
  if (begin == text.npos) return std::nullopt;
  std::string address(text.substr(begin + 2, text.find('&', begin) - begin - 2));
  for (char& c : address) c = c == '_' ? '/' : c;
  return decoded(address, '-');
}

// urldefense.com/v3/__https://host/path*more__;Iw!!...: what stood for each "*" follows as base64;
// "**X" is a run.
std::optional<std::string> unwrapped_v3(std::string_view text) {
  const std::size_t at = lowered(text).find("/v3/__http");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + std::string_view("/v3/__").size();
  const std::size_t end = text.find("__;", begin);
  if (end == text.npos) return std::nullopt;
  std::string codes(text.substr(end + 3, text.find('!', end + 3) - end - 3));
  for (char& c : codes) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (codes.ends_with('=')) codes.pop_back();
  const auto bytes = base::base64_decode(codes, base::Padding::none);
  if (!bytes) return std::nullopt;
  const std::string_view replaced = base::text_of(*bytes);
  std::string out;
  std::size_t next = 0;
  for (const char c : text.substr(begin, end - begin)) {
    if (c != '*') {
      out += c;
    } else if (next < replaced.size()) {
      out += replaced[next++];
    }
  }
  return out;
}

// What is left of a text once characters that nobody sees are out of it: blanks of no width, soft
// hyphens; a blank that doesn't break becomes one that does.
std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const auto skip = [&](std::string_view sequence, std::string_view as) {
      if (!rest.starts_with(sequence)) return false;
      out += as;
      i += sequence.size() - 1;
      return true;
    };
    if (skip("\xC2\xAD", "") || skip("\xE2\x80\x8B", "") || skip("\xE2\x81\xA0", "") ||
        skip("\xEF\xBB\xBF", "") || skip("\xC2\xA0", " "))
      continue;
    // Quoted-printable's soft line break.
    if (skip("=\r\n", "") || skip("=\n", "")) continue;
    out += text[i];
  }
  return out;
}

struct Found {
  MendedLink link;
  std::size_t secret_begin = 0;
};

// The secret that begins at `begin`. Blanks in it are left out where the pieces come to its very
// length: a word that follows a link that was cut is not taken for its end.
std::string secret_at(std::string_view text, std::size_t begin, std::size_t size) {
  std::string secret;
  std::string first;
  for (std::size_t at = begin; at <= text.size() && secret.size() < size;) {
    const auto* const from = text.data() + at;
    const auto* const end = std::find_if_not(from, text.data() + text.size(), is_secret_character);
    secret.append(from, end);
    if (first.empty()) first = secret;
    at = static_cast<std::size_t>(end - text.data());
    const std::size_t blanks = at;
    while (at < text.size() && (is_blank(text[at]) || text[at] == '>')) ++at;
    if (at == blanks || at == text.size()) break;
  }
  // Longer: "_" around an address, "." behind it.
  const auto without_end = [&](std::string whole) {
    while (whole.size() > size &&
           std::string_view("._-").find(whole.back()) != std::string_view::npos)
      whole.pop_back();
    return whole;
  };
  std::string joined = without_end(std::move(secret));
  return joined.size() == size ? joined : without_end(std::move(first));
}

bool is_changed(std::string_view secret) {
  return std::ranges::none_of(secret, [](char c) { return c >= 'a' && c <= 'z'; });
}

bool has_shape(std::string_view secret, const Shape& shape) {
  const bool has_dot = shape.secret_size > kSecretSize;
  return secret.size() == shape.secret_size &&
         (!has_dot ||
          (secret[kSecretSize] == '.' && secret.find('.', kSecretSize + 1) == secret.npos)) &&
         (has_dot || secret.find('.') == secret.npos);
}

// What follows the secret that begins at `begin`: a dot and hexadecimal digits, fewer than there
// should be where the end was cut off. "": there is none.
std::string tail_at(std::string_view text, std::size_t begin, const Shape& shape) {
  if (shape.tail_size == 0) return {};
  const std::string whole = secret_at(text, begin, shape.secret_size + shape.tail_size);
  if (whole.size() < shape.secret_size + 2 || whole.size() > shape.secret_size + shape.tail_size)
    return {};
  std::string tail = lowered(whole.substr(shape.secret_size));
  const bool is_tail = tail.front() == '.' && std::ranges::all_of(tail.substr(1), [](char c) {
                         return hex_value(c) >= 0;
                       });
  return is_tail ? tail : std::string();
}

// A link of this shape whose server address begins at `begin`.
std::optional<MendedLink> link_at(std::string_view text, std::size_t begin, const Shape& shape) {
  const std::size_t host = text.find("//", begin) + 2;
  const std::size_t path = text.find('/', host);
  if (path == text.npos || path == host) return std::nullopt;
  if (lowered(text.substr(path, shape.mark.size())) != shape.mark) return std::nullopt;
  std::size_t at = path + shape.mark.size();
  const std::string id = lowered(text.substr(at, shape.id_size));
  if (id.size() != shape.id_size ||
      std::ranges::any_of(id, [](char c) { return hex_value(c) < 0; }))
    return std::nullopt;
  at += shape.id_size;
  if (at < text.size() && hex_value(text[at]) >= 0) return std::nullopt;
  MendedLink link{.state = State::cut, .kind = shape.kind, .missing = shape.secret_size};
  // A slash or a query before the secret.
  if (at < text.size() && text[at] == '/') ++at;
  if (at < text.size() && text[at] == '?') {
    while (at < text.size() && text[at] != '#' && !is_blank(text[at])) ++at;
  }
  if (at >= text.size() || text[at] != '#') return link;
  const std::string tail = tail_at(text, at + 1, shape);
  const std::string secret =
      tail.empty()
          ? secret_at(text, at + 1, shape.secret_size)
          : secret_at(text, at + 1, shape.secret_size + tail.size()).substr(0, shape.secret_size);
  if (secret.size() < shape.secret_size) {
    link.missing = shape.secret_size - secret.size();
    return link;
  }
  if (!has_shape(secret, shape)) return std::nullopt;
  if (is_changed(secret)) return link;
  if (!tail.empty() && tail.size() < shape.tail_size) {
    link.missing = shape.tail_size - tail.size();
    return link;
  }
  link.state = State::whole;
  link.missing = 0;
  link.text = lowered(text.substr(begin, path - begin)) + std::string(shape.mark) + id + "#" +
              secret + tail;
  return link;
}

// The last one counts: a wrapping's own address comes before what it wraps.
std::optional<MendedLink> link_in(std::string_view text) {
  const std::string small = lowered(text);
  std::optional<MendedLink> best;
  for (std::size_t at = small.find("http"); at != std::string::npos;
       at = small.find("http", at + 1)) {
    const std::string_view rest = std::string_view(small).substr(at);
    if (!rest.starts_with("http://") && !rest.starts_with("https://")) continue;
    for (const Shape& shape : kShapes) {
      auto found = link_at(text, at, shape);
      if (found && (!best || found->state >= best->state)) best = std::move(found);
    }
  }
  return best;
}

}  // namespace

MendedLink mend_link(std::string_view pasted) {
  std::string text = visible(pasted.substr(0, kMendedTextMax));
  bool was_seen = false;
  MendedLink best;
  const auto look = [&] {
    auto found = link_in(text);
    if (!found || found->state <= best.state) return;
    best = *std::move(found);
    best.was_seen = was_seen;
  };
  look();
  // A wrapping in a wrapping, no deeper.
  for (int depth = 0; depth < 3 && best.state != State::whole; ++depth) {
    std::string next = unwrapped_v2(text).value_or(unwrapped_v3(text).value_or(decoded(text, '%')));
    if (next == text) break;
    text = visible(next);
    was_seen = true;
    look();
  }
  return best;
}

}  // namespace sealift::parcel
