// CanarySearch: looks for known texts in anything a thief could carry away, in every form they
// would have been kept or passed on in.
//
// A canary is found as its own bytes; as UTF-16, either byte order; as hexadecimal, either case; as
// base64 of either alphabet, wherever it stands in what was encoded; percent-encoded as in a URL;
// and escaped as in JSON. What compresses or encrypts it hides it: that is not searched for.
//
// search() is const: any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace sealift::cli {

class CanarySearch {
 public:
  enum class Form : std::uint8_t { raw, utf16, hexadecimal, base64, url, json };
  static std::string_view name_of(Form form);

  // The least length: shorter texts would be found by chance.
  static constexpr std::size_t kTextSizeMin = 12;
  // Bytes that a caller that reads in pieces has to show twice, at the seams.
  std::size_t overlap() const { return longest_; }

  // `text` is UTF-8, of at least kTextSizeMin bytes.
  void add(std::uint32_t canary, std::string_view text);
  // What is no text, as keys are: raw, in hexadecimal and in base64. At least kTextSizeMin bytes.
  void add_bytes(std::uint32_t canary, base::ByteView bytes);

  struct Hit {
    std::uint32_t canary = 0;
    Form form = Form::raw;
    std::size_t offset = 0;
  };
  // Calls `found` for every place, in order.
  void search(base::ByteView bytes, const std::function<void(const Hit&)>& found) const;

 private:
  struct Pattern {
    std::uint32_t canary = 0;
    Form form = Form::raw;
    base::Bytes bytes;
  };
  void add_pattern(std::uint32_t canary, Form form, std::string_view bytes);

  // The first bytes of every pattern, and a filter in front: most places fail it.
  std::unordered_map<std::uint64_t, std::vector<Pattern>> by_head_;
  std::vector<std::uint64_t> filter_ = std::vector<std::uint64_t>(65536);
  std::size_t longest_ = 0;
};

}  // namespace sealift::cli
