// Words that tell what a number near them is, found once per stretch of text.
//
// KeywordIndex reads text around the numbers that ask, or all of it, each byte at most once. Not
// thread-safe: one index a call of detect().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sealift::census::internal {

// What a keyword speaks of. A set of them is a bit mask.
enum class Topic : std::uint32_t {
  sin = 1U << 0,
  education_number = 1U << 1,
  health_number = 1U << 2,  // of some province
  bc_health_number = 1U << 3,
  qc_health_number = 1U << 4,
  nhs_number = 1U << 5,
  ssn = 1U << 6,
  drivers_licence = 1U << 7,
  passport = 1U << 8,
  bank = 1U << 9,      // transit, institution, direct deposit, void cheque
  account = 1U << 10,  // account number: of a bank when `bank` is near
  card = 1U << 11,
  roll = 1U << 12,
  phone = 1U << 13,
  birth = 1U << 14,
  other_number = 1U << 15,  // order, part, invoice, drawing, reference: no identifier of a person
  student = 1U << 16,       // student number
  iban = 1U << 17,
};

constexpr std::uint32_t topics(Topic topic) { return static_cast<std::uint32_t>(topic); }
constexpr std::uint32_t operator|(Topic a, Topic b) { return topics(a) | topics(b); }
constexpr std::uint32_t operator|(std::uint32_t a, Topic b) { return a | topics(b); }

struct KeywordHit {
  std::size_t begin = 0, end = 0;
  Topic topic = Topic::other_number;
};

class KeywordIndex {
 public:
  // Borrows `text`. Reading::whole is for those who call all_of(): no stretch is left out.
  enum class Reading : std::uint8_t { near_numbers, whole };
  KeywordIndex(std::string_view text, Reading reading) : text_(text), reading_(reading) {}

  // The nearest keyword among `wanted` for what stands at [begin, end): before it on its line,
  // right behind it, or above it in the line before, as in a form. nullopt for none.
  std::optional<KeywordHit> nearest(std::size_t begin, std::size_t end, std::uint32_t wanted);

  // false: nearest() finds nothing here, whatever is wanted. Looks at no line, so it is quick.
  bool any_near(std::size_t begin, std::size_t end);

  // Topics of all keywords within `reach` bytes before and after.
  std::uint32_t around(std::size_t begin, std::size_t end, std::size_t reach);

  // Hits of one topic in the whole text, in order; for Reading::whole.
  std::vector<KeywordHit> all_of(Topic topic);

 private:
  void read_around(std::size_t begin, std::size_t end);
  void read(std::size_t begin, std::size_t end);

  std::string_view text_;
  Reading reading_;
  std::vector<KeywordHit> hits_;  // in order of begin
  std::size_t read_to_ = 0;
};

}  // namespace sealift::census::internal
