// International bank account number: GB14 SEAL 6749 8818 0382 35.
//
// Finds:    a country of the registry with its length and letter pattern whose ISO 7064 digits
// hold,
//           in a row or in groups of four.
// Refuses:  everything else, lower case without a keyword, parts of longer strings.
// Evidence: check digits and registered structure: enough by themselves.
#include "census/detect/detectors.h"
#include "census/kinds/check_digits.h"
#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::size_t kIbanSizeMin = 15;
constexpr std::size_t kIbanSizeMax = 34;

bool glued(char c) { return is_ascii_alnum(c) || c == '_' || c == '/' || c == '+' || c == '='; }

}  // namespace

void detect_iban(const Number& number, Search& search) {
  const std::string_view text = number.text;
  const std::size_t digits = number.begin();
  if (digits < 2 || !is_ascii_letter(text[digits - 1]) || !is_ascii_letter(text[digits - 2]))
    return;
  const std::size_t begin = digits - 2;
  if (begin > 0 && (glued(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '.'))
    return;
  std::string value;
  std::size_t longest = 0;
  for (std::size_t at = begin; at < text.size() && value.size() <= kIbanSizeMax; ++at) {
    const char c = text[at];
    if (is_ascii_alnum(c)) {
      value.push_back(ascii_upper(c));
    } else if ((c == ' ' || c == '-') && value.size() % 4 == 0 && text[at - 1] != c) {
      continue;
    } else {
      break;
    }
    const bool ends = at + 1 >= text.size() || !glued(text[at + 1]);
    if (ends && value.size() >= kIbanSizeMin && iban_valid(value)) longest = at + 1;
  }
  if (longest == 0) return;
  std::string found;
  for (const char c : text.substr(begin, longest - begin)) {
    if (is_ascii_alnum(c)) found.push_back(ascii_upper(c));
  }
  const bool shouted = is_ascii_upper(text[begin]) && is_ascii_upper(text[begin + 1]);
  if (!shouted && !search.keywords.nearest(begin, longest, Topic::iban | Topic::bank)) return;
  search.add(ElementType::iban, found, begin, longest, 0.98, Reason::check_digit | Reason::format);
}

}  // namespace sealift::census::internal
