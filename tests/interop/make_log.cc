// make_log FOLDER: writes a log of 70,000 entries into FOLDER/log, and beside it what a stranger's
// verifier needs to judge it: an older checkpoint, the consistency path from it, and receipts.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/base64.h"
#include "base/byte_writer.h"
#include "base/check.h"
#include "log/log_writer.h"

namespace {

using namespace sealift;

constexpr std::uint64_t kOlderSize = 41'234;
constexpr std::uint64_t kSize = 70'000;

base::Bytes entry_at(std::uint64_t index) {
  base::ByteWriter event;
  event.u64_be(index);
  return log::event_entry({}, event.written());
}

void grow(log::LogWriter& writer, std::uint64_t size) {
  while (writer.size() < size) {
    std::vector<base::Bytes> batch;
    for (std::uint64_t i = writer.size(); i < size && batch.size() < 1000; ++i)
      batch.push_back(entry_at(i));
    SEALIFT_CHECK(writer.append(batch).has_value());
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::string folder = arguments[1];
  std::filesystem::create_directories(folder + "/log");
  auto files = *base::DiskFileSystem::open_root(folder + "/log");
  const std::array<std::byte, 32> seed{std::byte{7}};
  const auto writer = *log::LogWriter::open(
      files, {"sealift.example/interop", crypto::Ed25519Secret::from_seed(seed)});
  grow(*writer, kOlderSize);
  std::ofstream(folder + "/older") << writer->publish()->note;
  grow(*writer, kSize);
  SEALIFT_CHECK(writer->publish().has_value());
  const std::vector<log::Hash> path = *writer->consistency(kOlderSize);
  std::ofstream consistency(folder + "/consistency");
  for (const log::Hash& hash : path)
    consistency << base::base64_encode(hash, base::Padding::required) << "\n";
  for (const std::uint64_t index : {0, 255, 256, 41'233, 65'535, 65'536, 69'999}) {
    std::ofstream(folder + "/" + std::to_string(index) + ".tlog-proof")
        << log::receipt_text(*writer->receipt(index));
  }
  return 0;
}
