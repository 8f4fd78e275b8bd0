// ASCII armor: an age file as text that survives mail (C2SP age.md, "ASCII armor"; RFC 7468
// strict).
//
//   armor = *whitespace begin LF *(64 base64 characters LF) [1 to 64 base64 characters LF]
//           end [LF] *whitespace
//   begin = "-----BEGIN AGE ENCRYPTED FILE-----"      end = "-----END AGE ENCRYPTED FILE-----"
//
// base64 is canonical and padded; lines may end in CR LF; at most 1024 bytes of whitespace stand
// before, and after. An armored file is read from its start to its end: it has no seeking.
//
// Streaming in constant memory. Objects are not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "age/format/payload_io.h"
#include "base/bytes.h"
#include "base/result.h"

namespace sealift::age {

// Whether the start of a file says that it is armored, well-formed or not.
bool looks_armored(base::ByteView prefix);

// The bytes inside the armor of `text`.
class ArmorSource final : public Source {
 public:
  explicit ArmorSource(std::unique_ptr<Source> text) : text_(std::move(text)) {}

  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }

  // Errors: malformed (not armor: failed() is then true), and whatever `text` gives.
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override;

  // Whether the armor was found to be malformed.
  bool failed() const { return failed_; }

 private:
  enum class Stage { before, inside, after };

  base::Result<void> decode_more();
  base::Result<void> skip_to_begin();
  base::Result<void> check_rest();
  base::Result<std::string_view> next_line();
  base::Result<bool> fill();  // false: the end of the text
  tl::unexpected<base::Error> malformed(std::string_view what);

  std::unique_ptr<Source> text_;
  std::uint64_t text_offset_ = 0;
  base::Bytes buffer_;  // text that was read
  std::size_t used_ = 0;
  bool text_ended_ = false;
  base::Bytes decoded_;
  std::size_t taken_ = 0;
  Stage stage_ = Stage::before;
  bool failed_ = false;
};

// Writes what it is given as armor to `text`, which it borrows.
class ArmorSink final : public Sink {
 public:
  explicit ArmorSink(Sink& text) : text_(text) {}

  base::Result<void> write(std::span<const base::ByteView> pieces) override;

  // Writes the rest and the last line. Without it the armor is cut short, and does not open.
  base::Result<void> finish();

 private:
  base::Result<void> encode(base::ByteView bytes);
  base::Result<void> put(std::string_view text);

  Sink& text_;
  bool begun_ = false;
  base::Bytes rest_;  // less than a line
};

}  // namespace sealift::age
