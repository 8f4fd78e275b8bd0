// Street addresses (census/kinds/address.h), found at their civic number. Boxes and rural routes
// are found at their number too.
//
// Finds:    civic number and street with a place behind, or with a street type that means little
// else. Refuses:  rare street types ("Way", "Point") without a place; lower-case streets;
// quantities. Evidence: format, street types, province and postal code, known places.
#include "census/detect/detectors.h"
#include "census/kinds/address.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

// "PO Box 12", "C.P. 12", "RR 3", "R.R. #3": where the words begin; the number's begin when there
// are none.
std::size_t box_before(const Number& number) {
  const std::string_view text = number.text;
  constexpr std::size_t kReach = 12;
  const std::size_t at = number.begin();
  const std::size_t from = at > kReach ? at - kReach : 0;
  std::size_t begin = from;
  while (begin < at &&
         (is_ascii_alnum(text[begin]) && begin > 0 && is_ascii_alnum(text[begin - 1])))
    ++begin;
  for (; begin < at; ++begin) {
    if (!is_ascii_letter(text[begin]) || (begin > 0 && is_ascii_alnum(text[begin - 1]))) continue;
    const std::string words = fold_words(text.substr(begin, at - begin));
    if (words == "po box" || words == "p o box" || words == "box" || words == "cp" ||
        words == "rr" || words == "pobox" || words == "case postale") {
      return begin;
    }
  }
  return at;
}

// The last letter of "Box", "R.R.", "C.P." or "postale" stands right before the number.
bool after_box_word(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '#' || text[at - 1] == '.')) --at;
  const char last = at > 0 ? ascii_lower(text[at - 1]) : ' ';
  return last == 'x' || last == 'r' || last == 'p' || last == 'e';
}

}  // namespace

void detect_address(const Number& number, Search& search) {
  const DigitGroup& civic = number.groups[0];
  if (civic.size > 6) return;
  const std::string_view text = number.text;
  const std::size_t at = civic.begin;
  const char before = at > 0 ? text[at - 1] : ' ';
  if (is_ascii_alnum(before) || before == '_' || before == '/' || before == '.' || before == '$' ||
      before == '=')
    return;
  std::size_t begin = at;
  // quick look: letters must follow the number, or a box word stand before it
  std::size_t next = at + civic.size;
  while (next < text.size() && (text[next] == ' ' || text[next] == ',')) ++next;
  const bool letter = next < text.size() && (is_ascii_letter(text[next]) ||
                                             static_cast<unsigned char>(text[next]) >= 0xC3);
  const bool unit_civic = next < text.size() && text[next] == '-' && next == at + civic.size;
  const bool ordinal = next < text.size() && is_ascii_digit(text[next]) && next > at + civic.size;
  if (after_box_word(text, at) || (!letter && !unit_civic && !ordinal)) begin = box_before(number);
  if (begin == at && !letter && !unit_civic && !ordinal) return;
  const auto match = address_at(text, begin);
  if (!match || match->end <= at) return;
  search.add(ElementType::address, match->address.normalised(), match->begin, match->end,
             match->confidence,
             match->confidence >= 0.97 ? Reason::format | Reason::gazetteer
                                       : Reason::format | Reason::format);
}

}  // namespace sealift::census::internal
