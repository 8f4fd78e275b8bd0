// The age test kit of C2SP/CCTV (npm cctv-age; tools/age_vectors.mjs writes it into the build
// folder): every file's outcome, exactly, through every way of opening.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "age/open/open_chunk.h"
#include "age/open/open_file.h"
#include "age/open/open_header.h"
#include "age/open/open_reader_at.h"
#include "age/payload/payload_fixture.h"
#include "base/hex.h"
#include "base/limits.h"
#include "crypto/mlkem768.h"
#include "crypto/sha256.h"

namespace sealift::age {
namespace {

using base::Bytes;
using base::bytes_of;
using base::ByteView;

constexpr std::size_t kVectorCount = 143;

struct Vector {
  std::string name;
  std::multimap<std::string, std::string> expect;
  Bytes file;

  std::string outcome() const { return expect.find("expect")->second; }
  ArmorRule armor_rule() const {
    return expect.contains("armored") ? ArmorRule::required : ArmorRule::detect;
  }

  std::vector<Identity> identities() const {
    std::vector<Identity> result;
    for (auto [at, end] = expect.equal_range("identity"); at != end; ++at) {
      result.push_back(Identity::parse(at->second).value());
    }
    for (auto [at, end] = expect.equal_range("passphrase"); at != end; ++at) {
      result.push_back(Identity::passphrase(
          [text = at->second](PassphraseFor) {
            return crypto::SecretBuffer::copy_of(bytes_of(text));
          },
          limits::kAgeScryptLogNMax));
    }
    return result;
  }
};

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return base::copy_of(bytes_of(text));
}

std::vector<Vector> read_vectors() {
  std::vector<Vector> vectors;
  for (const auto& entry : std::filesystem::directory_iterator(SEALIFT_AGE_VECTORS)) {
    if (entry.path().extension() != ".expect") continue;
    Vector vector{.name = entry.path().stem().string(), .expect = {}, .file = {}};
    std::ifstream lines(entry.path());
    for (std::string line; std::getline(lines, line);) {
      const std::size_t colon = line.find(": ");
      vector.expect.emplace(line.substr(0, colon), line.substr(colon + 2));
    }
    vector.file = read_file(std::filesystem::path(entry.path()).replace_extension(".age"));
    vectors.push_back(std::move(vector));
  }
  std::ranges::sort(vectors, {}, &Vector::name);
  return vectors;
}

const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all = read_vectors();
  return all;
}

std::string_view name_of(OpenFailure failure) {
  switch (failure) {
    case OpenFailure::armor:
      return "armor failure";
    case OpenFailure::header:
      return "header failure";
    case OpenFailure::no_match:
      return "no match";
    case OpenFailure::hmac:
      return "HMAC failure";
    case OpenFailure::payload:
      return "payload failure";
    case OpenFailure::other:
      break;
  }
  return "another failure";
}

// A file that can only be read on, as from a pipe.
class ForwardSource final : public Source {
 public:
  explicit ForwardSource(ByteView bytes) : bytes_(bytes) {}
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  base::Result<std::size_t> read_at(std::span<const base::MutableByteView> pieces,
                                    std::uint64_t offset) override {
    EXPECT_EQ(offset, next_);
    const std::size_t count = *bytes_.read_at(pieces, next_);
    next_ += count;
    return count;
  }

 private:
  MemorySource bytes_;
  std::uint64_t next_ = 0;
};

struct Outcome {
  std::string name;
  Bytes released;
};

// What came of opening a payload, in the test kit's words.
Outcome outcome_of(const SealedFile& sealed, const base::Result<void>& opened, Bytes released) {
  if (opened) return {"success", std::move(released)};
  return {std::string(name_of(sealed.failure_of(opened.error()))), std::move(released)};
}

using OpenPayload = std::function<base::Result<void>(const FileKey&, SealedFile&, Bytes& out)>;

base::Result<Bytes> read_all(Source& source) {
  Bytes all;
  Bytes piece(1000);  // no multiple of anything
  while (true) {
    const base::MutableByteView view(piece);
    SEALIFT_TRY(const std::size_t count, source.read_at(std::span(&view, 1), all.size()));
    base::append(all, ByteView(piece).first(count));
    if (count < piece.size()) return all;
  }
}

// The slow and obvious way, which shares no loop with the engine: each chunk is tried as what its
// place says it is; a full chunk that is only authentic as the other kind still counts as text.
base::Result<void> open_slowly(const FileKey& file_key, SealedFile& sealed, Bytes& out) {
  SEALIFT_TRY(const Bytes chunks, read_all(sealed.chunks()));
  crypto::Aead aead(derive_payload_key(file_key, sealed.nonce()).view());
  const auto damaged = [] { return base::fail(base::ErrorCode::damaged, "damaged"); };
  std::span rest(chunks);
  for (std::uint64_t chunk = 0;; ++chunk) {
    const bool at_end = rest.size() <= kSealedChunkSize;
    const std::span sealed_chunk = rest.first(std::min(rest.size(), kSealedChunkSize));
    if (sealed_chunk.size() < kChunkTagSize) return damaged();
    const std::span text = sealed_chunk.first(sealed_chunk.size() - kChunkTagSize);
    if (text.empty() && chunk > 0) return damaged();
    Bytes plain(text.size());
    const auto opens_as = [&](Last last) {
      return aead.open(chunk_nonce(chunk, last), text,
                       crypto::AeadTag(sealed_chunk.last<kChunkTagSize>()), plain);
    };
    const bool right = opens_as(at_end ? Last::yes : Last::no);
    const bool full = text.size() == kChunkSize;
    const bool authentic = right || (full && opens_as(at_end ? Last::no : Last::yes));
    if (authentic) base::append(out, plain);
    if (!right) return damaged();
    rest = rest.subspan(sealed_chunk.size());
    if (at_end) return {};
  }
}

OpenPayload with_workers(unsigned workers) {
  return [pipeline = std::make_shared<Pipeline>(workers)](
             const FileKey& file_key, SealedFile& sealed, Bytes& out) -> base::Result<void> {
    MemorySink sink(out);
    SEALIFT_TRY_VOID(open_payload(*pipeline, file_key, sealed.nonce(), sealed.chunks(), sink));
    return {};
  };
}

std::unique_ptr<Source> seekable(const Vector& vector) {
  return std::make_unique<MemorySource>(vector.file);
}
std::unique_ptr<Source> forward(const Vector& vector) {
  return std::make_unique<ForwardSource>(vector.file);
}

// File keys by vector, found once: passphrases cost time.
const OpenResult<FileKey>& file_key_of(const Vector& vector, const SealedFile& sealed) {
  static std::map<std::string, OpenResult<FileKey>> known;
  const auto at = known.find(vector.name);
  if (at != known.end()) return at->second;
  return known.emplace(vector.name, open_header(sealed.header(), vector.identities()))
      .first->second;
}

Outcome open_vector(const Vector& vector, Source& file, const OpenPayload& open) {
  auto sealed = SealedFile::read(file, vector.armor_rule());
  if (!sealed) return {std::string(name_of(sealed.error().failure)), {}};
  const auto& file_key = file_key_of(vector, *sealed);
  if (!file_key) return {std::string(name_of(file_key.error().failure)), {}};
  Bytes released;
  const auto opened = open(*file_key, *sealed, released);
  return outcome_of(*sealed, opened, std::move(released));
}

void expect_every_outcome(std::string_view way, std::unique_ptr<Source> (*source_of)(const Vector&),
                          const OpenPayload& open) {
  ASSERT_EQ(vectors().size(), kVectorCount);
  std::size_t right = 0;
  for (const Vector& vector : vectors()) {
    if (!crypto::mlkem768_available() && vector.name.starts_with("hybrid")) continue;
    const auto file = source_of(vector);
    const Outcome outcome = open_vector(vector, *file, open);
    EXPECT_EQ(outcome.name, vector.outcome()) << vector.name;
    bool exact = outcome.name == vector.outcome();
    if (const auto hash = vector.expect.find("payload"); hash != vector.expect.end()) {
      const std::string released = base::hex_encode(crypto::sha256(outcome.released));
      EXPECT_EQ(released, hash->second) << vector.name;
      exact = exact && released == hash->second;
    } else {
      EXPECT_TRUE(outcome.released.empty()) << vector.name;
    }
    right += exact ? 1 : 0;
  }
  std::cout << "age test kit, " << way << ": " << right << " of " << kVectorCount << " vectors\n";
}

// By range, last bytes first. The end is authenticated before anything is given, so a damaged
// payload gives less than the test kit lets a stream give: never anything that it doesn't.
Outcome open_by_range(const Vector& vector) {
  MemorySource file(vector.file);
  auto sealed = SealedFile::read(file, vector.armor_rule());
  if (!sealed) return {std::string(name_of(sealed.error().failure)), {}};
  const auto& file_key = file_key_of(vector, *sealed);
  if (!file_key) return {std::string(name_of(file_key.error().failure)), {}};
  Bytes chunks;  // armor is read from its start to its end: what is in it is put into memory first
  if (auto all = read_all(sealed->chunks())) {
    chunks = *std::move(all);
  } else {
    return outcome_of(*sealed, tl::unexpected(std::move(all).error()), {});
  }
  MemorySource source(chunks);
  const auto reader = ReaderAt::create(*file_key, sealed->nonce(), source);
  if (!reader) return outcome_of(*sealed, tl::unexpected(reader.error()), {});
  Bytes text(reader->size_bytes());
  std::size_t damaged_from = text.size();
  for (std::size_t end = text.size(); end > 0;) {
    const std::size_t begin = end - std::min<std::size_t>(end, 1000);
    const auto got = reader->read_at(std::span(text).subspan(begin, end - begin), begin);
    if (!got) damaged_from = begin;
    end = begin;
  }
  text.resize(damaged_from);
  if (damaged_from == reader->size_bytes()) return {"success", std::move(text)};
  return {std::string(name_of(OpenFailure::payload)), std::move(text)};
}

TEST(AgeVectorsTest, ByRange) {
  std::size_t right = 0;
  for (const Vector& vector : vectors()) {
    if (!crypto::mlkem768_available() && vector.name.starts_with("hybrid")) continue;
    const Outcome outcome = open_by_range(vector);
    EXPECT_EQ(outcome.name, vector.outcome()) << vector.name;
    bool exact = outcome.name == vector.outcome();
    if (const auto hash = vector.expect.find("payload"); exact && outcome.name == "success") {
      exact = base::hex_encode(crypto::sha256(outcome.released)) == hash->second;
      EXPECT_TRUE(exact) << vector.name;
    }
    right += exact ? 1 : 0;
  }
  std::cout << "age test kit, by range: " << right << " of " << kVectorCount << " vectors\n";
}

TEST(AgeVectorsTest, SlowAndObvious) { expect_every_outcome("slowly", seekable, open_slowly); }
TEST(AgeVectorsTest, OneWorker) { expect_every_outcome("1 worker", seekable, with_workers(1)); }
TEST(AgeVectorsTest, TwoWorkers) { expect_every_outcome("2 workers", seekable, with_workers(2)); }
TEST(AgeVectorsTest, EightWorkers) { expect_every_outcome("8 workers", seekable, with_workers(8)); }
TEST(AgeVectorsTest, OneWorkerFromAPipe) {
  expect_every_outcome("1 worker from a pipe", forward, with_workers(1));
}
TEST(AgeVectorsTest, EightWorkersFromAPipe) {
  expect_every_outcome("8 workers from a pipe", forward, with_workers(8));
}

TEST(AgeVectorsTest, FileKeysAreTheExpectedOnes) {
  std::size_t compared = 0;
  for (const Vector& vector : vectors()) {
    const auto expected = vector.expect.find("file key");
    if (vector.outcome() != "success" || expected == vector.expect.end()) continue;
    MemorySource file(vector.file);
    const auto sealed = SealedFile::read(file, vector.armor_rule());
    ASSERT_TRUE(sealed);
    const auto& file_key = file_key_of(vector, *sealed);
    ASSERT_TRUE(file_key) << vector.name;
    EXPECT_EQ(base::hex_encode(file_key->view()), expected->second) << vector.name;
    ++compared;
  }
  EXPECT_GT(compared, 20u);
}

// Every header that is accepted is the one that would have been written.
TEST(AgeVectorsTest, HeadersEncodeToTheirOwnBytes) {
  std::size_t compared = 0;
  for (const Vector& vector : vectors()) {
    MemorySource file(vector.file);
    const auto sealed = SealedFile::read(file, vector.armor_rule());
    if (!sealed) continue;
    const auto written = Header::make(sealed->header().stanzas(), FileKey());
    ASSERT_TRUE(written);
    // all but the MAC, which was made with another key
    const auto without_mac = [](const Header& header) {
      return base::text_of(header.encoded()).substr(0, header.encoded().size() - 44);
    };
    EXPECT_EQ(without_mac(*written), without_mac(sealed->header())) << vector.name;
    ++compared;
  }
  std::cout << "age test kit: " << compared << " headers encode to their own bytes\n";
  EXPECT_GE(compared, 60u);
}

}  // namespace
}  // namespace sealift::age
