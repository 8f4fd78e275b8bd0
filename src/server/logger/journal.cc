#include "server/logger/journal.h"

#include <sys/stat.h>

#include "base/bytes.h"

namespace sealift::server {
namespace {

using base::Result;

constexpr const char* kName = "sealift.log";

std::string name_of(int number) {
  return number == 0 ? kName : std::string(kName) + "." + std::to_string(number);
}

}  // namespace

// What a crash cut short gets its end, so that the next line stands by itself.
Result<void> Journal::open_file() {
  SEALIFT_TRY(const bool is_there, files_.exists(kName));
  SEALIFT_TRY(base::FileDescriptor file,
              files_.open(kName, is_there ? base::OpenFor::writing : base::OpenFor::creating));
  SEALIFT_TRY(std::uint64_t size, files_.size(file.get()));
  base::Bytes last(1);
  if (size > 0) SEALIFT_TRY_VOID(files_.read_at(file.get(), last, size - 1));
  if (size > 0 && base::text_of(last) != "\n") {
    SEALIFT_TRY_VOID(files_.write_at(file.get(), base::bytes_of("\n"), size));
    ++size;
  }
  file_ = std::move(file);
  size_bytes_ = size;
  return {};
}

// Whether the file that is open is still the one of its name, and as long as it was left. Somebody
// may have removed it, put another in its place, or emptied it: nobody would read what is written
// to the one that is open.
bool Journal::is_current() const {
  const auto named = files_.open(kName, base::OpenFor::reading);
  struct stat ours {};
  struct stat theirs {};
  return named && ::fstat(file_.get(), &ours) == 0 && ::fstat(named->get(), &theirs) == 0 &&
         ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino &&
         static_cast<std::uint64_t>(theirs.st_size) == size_bytes_;
}

Result<void> Journal::rotate() {
  file_.reset();
  for (int number = kFilesMax - 1; number > 0; --number) {
    const std::string from = name_of(number - 1);
    SEALIFT_TRY(const bool is_there, files_.exists(from));
    if (is_there) SEALIFT_TRY_VOID(files_.rename(from, name_of(number)));
  }
  return open_file();
}

Result<void> Journal::write(std::string_view line) {
  if (file_.is_open() && !is_current()) file_.reset();
  if (!file_.is_open()) SEALIFT_TRY_VOID(open_file());
  if (size_bytes_ > 0 && size_bytes_ + line.size() > file_bytes_max_) SEALIFT_TRY_VOID(rotate());
  auto written = files_.write_at(file_.get(), base::bytes_of(line), size_bytes_);
  if (!written) {
    // Half a line would be glued to the next one.
    (void)files_.resize(file_.get(), size_bytes_);
    return written;
  }
  size_bytes_ += line.size();
  return {};
}

bool Journal::append(std::string_view line) {
  if (write(line)) return true;
  ++lost_;
  return false;
}

}  // namespace sealift::server
