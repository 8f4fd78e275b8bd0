// Invented people for measuring: any number of them, each made from its number alone.
//
// A household is three people: two parents and a child who share address, surname and phone. The
// same number gives the same person in every file, so a census has something to join. Pure
// functions; nobody real is meant: numbers are drawn, e-mail addresses end in .example.
#pragma once

#include <cstdint>
#include <string>

namespace sealift::bench {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
  }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  template <std::size_t N>
  const char* of(const char* const (&words)[N]) {
    return words[below(N)];
  }

 private:
  std::uint64_t state_;
};

struct InventedPerson {
  std::string first, last;
  std::string born;  // ISO
  std::string sin, health_number;
  std::string phone, email;
  std::string street, town, postal_code;
  std::string school;  // of a child
  bool child = false;

  std::string name() const { return first + " " + last; }
  std::string address() const { return street + ", " + town + ", ON " + postal_code; }
};

InventedPerson invented_person(std::uint64_t number);

// The numbers of a household: parents 0 and 1, child 2.
constexpr std::uint64_t member_of_household(std::uint64_t household, std::uint64_t member) {
  return household * 3 + member;
}

}  // namespace sealift::bench
