// Refusals: what a request is refused for, precisely, with the figures that a person needs.
//
// A refusal is an Error whose text is a row of data/errors/refusals.json and facts:
//
//   return base::refuse("policy_lifetime", {{"max_ms", 604'800'000}, {"asked_ms", 2'592'000'000}});
//
// travels as an Error does, over the wire as {"code", "reason", "facts"}, and becomes a sentence
// and a hint in the reader's language where it is shown. A row is added there and nowhere else; the
// build refuses one that lacks a language. Each code has a row of its own name, for when nothing
// more precise is known. Grammar of the text: reason *(" " name "=" value), the
// names [a-z_]+ of at most 40 bytes, the values [A-Za-z0-9_.:[]-]+ of at most 80 that don't end in
// a colon: nobody's words, so that they can come from a server that lies.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sealift::base {

enum class Language : unsigned char { english, french };

struct RefusalRow {
  std::string_view reason;
  ErrorCode code;
  // By Language. {name} stands for a fact: *_ms is shown as a time, *_bytes as a size.
  std::string_view sentences[2];
  std::string_view hints[2];  // "" for none
  bool is_clients = false;    // a client says it by itself, and no server
};

// All of them, in the file's order.
std::span<const RefusalRow> refusal_rows();
// nullptr: no row has this name.
const RefusalRow* find_refusal(std::string_view reason);

struct Fact {
  Fact(std::string_view fact_name, std::uint64_t number)
      : name(fact_name), value(std::to_string(number)) {}
  Fact(std::string_view fact_name, std::string_view word) : name(fact_name), value(word) {}

  std::string name;
  std::string value;
};

// The Error of a row that exists (SEALIFT_CHECK).
tl::unexpected<Error> refuse(std::string_view reason, const std::vector<Fact>& facts = {});

struct Refusal {
  const RefusalRow* row;
  std::vector<Fact> facts;

  std::string sentence(Language language) const;
  std::string hint(Language language) const;  // "" for none
  // What an Error carries.
  std::string text() const;
};

// nullopt: the Error isn't a refusal of the table. Contexts in front of it are passed over; its
// code may be another than the row's, where a caller goes on by it.
std::optional<Refusal> refusal_of(const Error& error);
// From what another machine said; nullopt if it isn't one that this build knows.
std::optional<Refusal> make_refusal(std::string_view reason, ErrorCode code,
                                    std::vector<Fact> facts);

}  // namespace sealift::base
