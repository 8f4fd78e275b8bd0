#include "client/transfer/correspondence.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/atomic_file.h"

namespace sealift::client {
namespace {

using base::Result;

const std::string kSentTo = "/sent-to";
const std::string kReceived = "/received";
constexpr std::size_t kLineSize = 33;  // 32 hexadecimal digits and LF

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(base::error_of_errno(errno, "make a folder for what was exchanged"));
  return {};
}

}  // namespace

std::optional<api::ParcelId> Correspondence::last_sent(const api::AccountId& to) const {
  const std::string path = folder_ + kSentTo + "/" + to.text();
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return std::nullopt;
  std::array<std::byte, kLineSize + 1> bytes;
  const auto size = base::read_full(file.get(), bytes);
  if (!size || *size != kLineSize) return std::nullopt;
  return api::ParcelId::parse(base::text_of(base::ByteView(bytes).first(kLineSize - 1)));
}

Result<void> Correspondence::save_last_sent(const api::AccountId& to,
                                            const api::ParcelId& parcel) const {
  return save(kSentTo, to.text(), parcel.text() + "\n");
}

bool Correspondence::has_received(const api::ParcelId& parcel) const {
  return ::access((folder_ + kReceived + "/" + parcel.text()).c_str(), F_OK) == 0;
}

Result<void> Correspondence::save_received(const api::ParcelId& parcel) const {
  return save(kReceived, parcel.text(), "");
}

Result<void> Correspondence::save(const std::string& room, const std::string& name,
                                  std::string_view text) const {
  SEALIFT_TRY_VOID(make_folder(folder_));
  SEALIFT_TRY_VOID(make_folder(folder_ + room));
  SEALIFT_TRY(base::AtomicFile file, base::AtomicFile::create(folder_ + room + "/" + name, 0600));
  SEALIFT_TRY_VOID(base::write_full(file.fd(), base::bytes_of(text)));
  return file.commit(base::Replace::yes, base::Durability::synced);
}

}  // namespace sealift::client
