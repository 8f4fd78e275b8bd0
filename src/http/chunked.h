// The chunked transfer coding (RFC 9112 section 7.1), decoding.
//
//   *( 1*16HEXDIG CRLF data CRLF ) "0" CRLF CRLF
//
// Chunk extensions and trailer fields are refused: nothing here has a use for them, and they are
// where implementations differ. Not thread-safe; one decoder a body.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace sealift::http {

class ChunkedDecoder {
 public:
  enum class Status { need_input, data, end, refused };
  struct Step {
    Status status = Status::need_input;
    std::size_t size_taken = 0;  // bytes of the input that are used up, data included
    base::ByteView data;         // with Status::data: a view of the input, never empty
  };

  // Looks at `input`, the bytes that follow those taken so far. Gives one stretch of data at most:
  // call again with the rest. After `end` or `refused` it is not called again.
  Step next(base::ByteView input);

 private:
  enum class State : std::uint8_t {
    size_first,
    size,
    size_lf,
    data,
    data_cr,
    data_lf,
    end_cr,
    end_lf
  };
  // Takes one byte of framing; false when it can't stand there.
  bool take(char c);

  State state_ = State::size_first;
  unsigned digits_ = 0;     // of the size so far: zeros in front of it would never end
  std::uint64_t left_ = 0;  // of the chunk's data
};

}  // namespace sealift::http
