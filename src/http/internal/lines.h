// Cuts a message head into lines, and field lines into fields. Shared by requests and responses.
#pragma once

#include <string_view>

#include "http/field.h"
#include "http/status.h"

namespace sealift::http::internal {

enum class LineStatus { line, incomplete, refused };

// Walks over `input`, a message head that may not be whole yet. A line ends with CRLF: a bare LF or
// CR is refused (RFC 9112 section 2.2 lets a recipient accept them; two recipients that differ on
// it are how requests are smuggled).
class Lines {
 public:
  explicit Lines(std::string_view input) : input_(input) {}

  // On `line`, `line()` is the line without its CRLF. On `refused`, `refusal()` says why.
  LineStatus next();
  std::string_view line() const { return line_; }
  Refusal refusal() const { return refusal_; }
  std::size_t size_taken() const { return at_; }

 private:
  LineStatus refuse(Status status, std::string_view reason);

  std::string_view input_;
  std::size_t at_ = 0;
  std::string_view line_;
  Refusal refusal_;
};

// Judges one field line and keeps its value where it is a field that Sealift reads.
// Gives a refusal, or nothing when the line is good.
std::optional<Refusal> take_field(std::string_view line, Fields& fields);

// Reads field lines up to and including the empty line that ends the head.
LineStatus take_fields(Lines& lines, Fields& fields, Refusal& refusal);

}  // namespace sealift::http::internal
