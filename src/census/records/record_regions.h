// Regions of running text: who is speaking where.
//
// A text is cut into lines, paragraphs (between blank lines) and sentences; lines of a greeting
// ("Dear Ms. Roy,"), of a signature (after "Sincerely," or "--") and of quoted mail ("> ...") are
// known as such. English and French. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sealift::census {

enum class Region : std::uint8_t { body, greeting, signature, quoted };

struct Sentence {
  std::size_t begin = 0, end = 0;  // bytes
  std::uint32_t paragraph = 0;
  Region region = Region::body;
};

struct Regions {
  std::vector<Sentence> sentences;       // in order, without gaps but for blank lines
  std::vector<std::size_t> line_begins;  // of every line
  std::size_t signature_begin = 0;       // text.size() when there is none

  // The sentence that holds the byte, or the next one.
  std::size_t sentence_at(std::size_t offset) const;
  std::size_t line_at(std::size_t offset) const;  // from 0
};

Regions regions_of(std::string_view text);

}  // namespace sealift::census
