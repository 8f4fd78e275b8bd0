#include "client/transfer/send_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/atomic_file.h"
#include "base/byte_reader.h"
#include "base/hex.h"
#include "base/limits.h"

namespace sealift::client {
namespace {

using base::ErrorCode;
using base::FileDescriptor;
using base::Result;

constexpr std::string_view kFirstLine = "sealift-send/1";
constexpr std::array<std::string_view, 3> kStages = {"begun", "content", "manifest"};
constexpr std::size_t kTokenSize = 43;

tl::unexpected<base::Error> malformed() {
  return base::fail(ErrorCode::malformed, "this is not the state of a sending");
}

// "name value" lines in their order; a value may be empty.
class Lines {
 public:
  explicit Lines(base::ByteView bytes) : reader_(bytes) {}

  bool is_line(std::string_view text) { return reader_.line() == text; }
  std::optional<std::string_view> value(std::string_view name) {
    const auto line = reader_.line();
    if (!line || !line->starts_with(name)) return std::nullopt;
    const std::string_view rest = line->substr(name.size());
    if (rest.empty() || rest.front() != ' ') return std::nullopt;
    return rest.substr(1);
  }
  template <std::size_t N>
  std::optional<std::array<std::byte, N>> hex(std::string_view name) {
    const auto text = value(name);
    auto bytes = text ? base::hex_decode(*text) : std::nullopt;
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<std::byte, N> out;
    std::ranges::copy(*bytes, out.begin());
    crypto::wipe(*bytes);
    return out;
  }
  // Absent when the value is empty; false when it is neither.
  bool secret(std::string_view name, std::optional<crypto::SecretBytes<32>>& out) {
    const auto text = value(name);
    if (!text) return false;
    if (text->empty()) return true;
    auto bytes = base::hex_decode(*text);
    if (!bytes || bytes->size() != 32) return false;
    out = crypto::SecretBytes<32>::copy_of(std::span<const std::byte, 32>(*bytes));
    crypto::wipe(*bytes);
    return true;
  }
  bool token(std::string_view name, std::size_t size, std::string& out) {
    const auto text = value(name);
    if (!text || (!text->empty() && text->size() != size)) return false;
    out = *text;
    return true;
  }
  bool at_end() const { return reader_.at_end(); }

 private:
  base::ByteReader reader_;
};

std::string hex_of(const std::optional<crypto::SecretBytes<32>>& secret) {
  return secret ? base::hex_encode(secret->view()) : std::string();
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "make a folder for what is being sent"));
  return {};
}

Result<FileDescriptor> open_file(const std::string& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open())
    return tl::unexpected(base::error_of_errno(errno, "open what is to be continued"));
  return file;
}

}  // namespace

Result<SendState> SendState::parse(base::ByteView bytes) {
  Lines lines(bytes);
  if (!lines.is_line(kFirstLine)) return malformed();
  const auto stage_name = lines.value("stage");
  const auto stage = std::ranges::find(kStages, stage_name.value_or(""));
  const auto parcel = lines.hex<16>("parcel");
  const auto created = lines.value("created");
  const auto tree = lines.hex<crypto::kSha256Size>("tree");
  auto file_key = lines.hex<age::kFileKeySize>("file-key");
  if (stage == kStages.end() || !parcel || !created || !tree || !file_key) return malformed();
  SendState state;
  state.stage = static_cast<SendStage>(stage - kStages.begin());
  state.parcel_id = *parcel;
  state.tree = *tree;
  state.file_key = age::FileKey::copy_of(*file_key);
  crypto::wipe(*file_key);
  const auto* const end = created->data() + created->size();
  const auto [stop, error] = std::from_chars(created->data(), end, state.created_unix_ms);
  if (error != std::errc() || stop != end || state.created_unix_ms < 0) return malformed();
  const bool rest_is_good = lines.token("upload", 32, state.upload) &&
                            lines.token("upload-key", kTokenSize, state.upload_key) &&
                            lines.token("hand-in-key", kTokenSize, state.hand_in_key) &&
                            lines.secret("link-secret", state.link_secret) &&
                            lines.secret("server-half", state.server_half);
  const auto passphrase = rest_is_good ? lines.value("passphrase") : std::nullopt;
  if (!passphrase || passphrase->size() > limits::kPassphraseSizeMax || !lines.at_end())
    return malformed();
  state.passphrase = crypto::SecretBuffer::copy_of(base::bytes_of(*passphrase));
  return state;
}

crypto::SecretBuffer SendState::text() const {
  std::string out = std::string(kFirstLine) + "\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    out.append(name).append(" ").append(value).append("\n");
  };
  line("stage", kStages[static_cast<std::size_t>(stage)]);
  line("parcel", base::hex_encode(parcel_id));
  line("created", std::to_string(created_unix_ms));
  line("tree", base::hex_encode(tree));
  line("file-key", base::hex_encode(file_key.view()));
  line("upload", upload);
  line("upload-key", upload_key);
  line("hand-in-key", hand_in_key);
  line("link-secret", hex_of(link_secret));
  line("server-half", hex_of(server_half));
  line("passphrase", base::text_of(passphrase.view()));
  auto secret = crypto::SecretBuffer::copy_of(base::bytes_of(out));
  crypto::wipe(std::as_writable_bytes(std::span(out)));
  return secret;
}

Result<SendFolder> SendFolder::open(const std::string& folder, const crypto::Sha256Digest& key) {
  SEALIFT_TRY_VOID(make_folder(folder));
  std::string path = folder + "/" + base::hex_encode(base::ByteView(key).first(16));
  SEALIFT_TRY_VOID(make_folder(path));
  return SendFolder(std::move(path));
}

Result<std::optional<SendFolder::Begun>> SendFolder::load() const {
  auto file = open_file(path_ + "/state", O_RDONLY);
  if (!file) {
    if (file.error().code == ErrorCode::not_found) return std::nullopt;
    return tl::unexpected(file.error());
  }
  crypto::SecretBuffer bytes(std::size_t{16} << 10);
  SEALIFT_TRY(const std::size_t size, base::read_full(file->get(), bytes.mutable_view()));
  auto state = SendState::parse(bytes.view().first(size));
  if (!state) return std::nullopt;
  auto journal_file = open_file(path_ + "/journal", O_RDWR);
  if (!journal_file) return std::nullopt;
  auto journal =
      age::FileSealJournal::open(*std::move(journal_file), age::FileSealJournal::Survives::process);
  if (!journal) {
    if (journal.error().code == ErrorCode::malformed) return std::nullopt;
    return tl::unexpected(journal.error());
  }
  return Begun{*std::move(state), *std::move(journal)};
}

// The journal first: a state without one is nothing that can be continued.
Result<age::FileSealJournal> SendFolder::begin(const SendState& state, crypto::Random& random) {
  remove();
  SEALIFT_TRY_VOID(make_folder(path_));
  SEALIFT_TRY(FileDescriptor file, open_file(path_ + "/journal", O_RDWR | O_CREAT | O_EXCL));
  SEALIFT_TRY(age::FileSealJournal journal,
              age::FileSealJournal::create(std::move(file), random,
                                           age::FileSealJournal::Survives::process));
  SEALIFT_TRY_VOID(journal.sync());
  SEALIFT_TRY_VOID(save(state));
  return journal;
}

Result<void> SendFolder::save(const SendState& state) const {
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(path_ + "/state", 0600));
  const crypto::SecretBuffer text = state.text();
  SEALIFT_TRY_VOID(base::write_full(file.fd(), text.view()));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

void SendFolder::remove() const {
  ::unlink((path_ + "/state").c_str());
  ::unlink((path_ + "/journal").c_str());
  ::rmdir(path_.c_str());
}

}  // namespace sealift::client
