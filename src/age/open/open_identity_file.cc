#include "age/open/open_identity_file.h"

#include "age/format/armor.h"
#include "age/open/open_file.h"
#include "age/open/open_ssh_identity.h"
#include "base/limits.h"

namespace sealift::age {

using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;
using base::text_of;
using crypto::SecretBuffer;

namespace {

Result<std::vector<Identity>> parse_lines(std::string_view content) {
  std::vector<Identity> identities;
  for (std::size_t line_number = 1; !content.empty(); ++line_number) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    auto identity = Identity::parse(line);
    if (!identity) {
      return tl::unexpected(
          std::move(identity).error().with_context("line " + std::to_string(line_number)));
    }
    identities.push_back(*std::move(identity));
  }
  if (identities.empty()) return fail(ErrorCode::malformed, "no identity in the file");
  return identities;
}

// Takes what is written to it, up to the size that it was made for, in secret memory.
class SecretSink final : public Sink {
 public:
  explicit SecretSink(std::size_t size_max) : buffer_(size_max) {}

  Result<void> write(std::span<const ByteView> pieces) override {
    for (const ByteView piece : pieces) {
      if (piece.size() > buffer_.size() - size_) {
        return fail(ErrorCode::limit,
                    "identity file longer than " + std::to_string(buffer_.size()) + " bytes");
      }
      std::ranges::copy(piece, buffer_.mutable_view().subspan(size_).begin());
      size_ += piece.size();
    }
    return {};
  }

  ByteView written() const { return buffer_.view().first(size_); }

 private:
  SecretBuffer buffer_;
  std::size_t size_ = 0;
};

Result<std::vector<Identity>> parse_sealed(ByteView content, const AskPassphrase& ask) {
  const Identity passphrase =
      Identity::passphrase([&ask](PassphraseFor) { return ask(PassphraseFor::identity_file); },
                           limits::kAgeScryptLogNMax);
  MemorySource file(content);
  SecretSink text(content.size());
  Pipeline pipeline(1);
  auto opened = open_file(pipeline, std::span(&passphrase, 1), file, text);
  if (!opened) {
    return tl::unexpected(std::move(opened).error().error.with_context("sealed identity file"));
  }
  return parse_lines(text_of(text.written()));
}

}  // namespace

Result<std::vector<Identity>> parse_identity_file(ByteView content, const AskPassphrase& ask) {
  if (content.size() > limits::kIdentityFileSizeMax) {
    return fail(ErrorCode::limit, "identity file longer than " +
                                      std::to_string(limits::kIdentityFileSizeMax) + " bytes");
  }
  const std::string_view text = text_of(content);
  if (looks_like_private_key_file(text)) {
    SEALIFT_TRY(Identity identity, parse_ssh_identity(text, ask));
    std::vector<Identity> identities;
    identities.push_back(std::move(identity));
    return identities;
  }
  if (text.starts_with("age-encryption.org/") || looks_armored(content)) {
    return parse_sealed(content, ask);
  }
  return parse_lines(text);
}

}  // namespace sealift::age
