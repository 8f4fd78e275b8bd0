// A reader for tests of the pool: it does what the file says, a command a line.
//
//   begin NAME | text WORDS | end | crash | hang | spin | work | garbage | forge PATH | waits
//
// "hang" sleeps for ever, "spin" computes for ever, "work" until it has used 0.1 s.
//
// Speaks the protocol of sealift-extract (extract/request.h) behind the same sandbox, and parses
// nothing. Files that the request says to skip are ended at once and their lines stepped over.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/file_descriptor.h"
#include "document/wire.h"
#include "extract/request.h"
#include "extract/sandbox.h"

namespace {

namespace document = sealift::document;
namespace extract = sealift::extract;
using sealift::base::Bytes;
using sealift::base::FileDescriptor;

constexpr int kSocket = 3;
constexpr long kWorkNanoseconds = 100'000'000;                // of processor time since its start
constexpr std::uint64_t kMemoryMax = std::uint64_t{1} << 50;  // a sanitizer's shadow counts

void send_bytes(const Bytes& bytes) {
  if (!sealift::base::write_full(kSocket, bytes)) _exit(0);
}

void send_event(const document::Event& event) {
  Bytes frame;
  document::append_frame(event, frame);
  send_bytes(frame);
}

void send_done() {
  Bytes frame(5, std::byte{0});
  frame[0] = std::byte{1};
  send_bytes(frame);
}

bool receive(sealift::base::MutableByteView out, FileDescriptor& file) {
  while (!out.empty()) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec part{out.data(), out.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = recvmsg(kSocket, &header, 0);
    if (got <= 0) return false;
    if (const cmsghdr* rights = CMSG_FIRSTHDR(&header)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(rights), sizeof fd);
      file = FileDescriptor(fd);
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

class Script {
 public:
  explicit Script(const extract::Request& request) : request_(request) {}

  void line(const std::string& line) {
    const std::size_t space = line.find(' ');
    const std::string command = line.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
    if (skipping_ > 0) {
      skipping_ += command == "begin" ? 1 : 0;
      skipping_ -= command == "end" ? 1 : 0;
      return;
    }
    if (command == "begin") return begin(rest);
    if (command == "text") return text(rest);
    if (command == "forge") return send_event(document::FileBegin{rest, "", 0});
    if (command == "end") return end({document::FileStatus::read, ""});
    if (command == "waits") {
      return end({document::FileStatus::partial, std::string(extract::kWaitsForOcr)});
    }
    if (command == "crash") std::abort();
    if (command == "garbage") send_bytes(Bytes(64, std::byte{0x7F}));
    if (command == "work") work();
    while (command == "hang") pause();
    volatile bool spin = command == "spin";
    while (spin) {
    }
  }

 private:
  static void work() {
    timespec time{};
    do {
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    } while (time.tv_sec == 0 && time.tv_nsec < kWorkNanoseconds);
  }

  void begin(const std::string& name) {
    const std::uint32_t ordinal = ordinal_++;
    paths_.push_back(paths_.empty() ? request_.path : paths_.back() + "!" + name);
    silent_.push_back(request_.pass == extract::Pass::scans &&
                      std::ranges::find(request_.only, ordinal) == request_.only.end());
    if (!silent_.back()) send_event(document::FileBegin{paths_.back(), "script", 0});
    const auto skip = std::ranges::find(request_.skips, ordinal, &extract::Skip::ordinal);
    if (skip == request_.skips.end()) return;
    end({document::FileStatus::failed, skip->reason});
    skipping_ = 1;
  }

  void text(const std::string& words) {
    if (!silent_.empty() && silent_.back()) return;
    send_event(document::Text{{}, document::TextRole::body, 1, words});
  }

  void end(const document::FileEnd& end) {
    if (request_.pass == extract::Pass::scans && !silent_.back()) {
      send_event(document::Text{{}, document::TextRole::recognised, 1, "recognised"});
      send_event(document::FileEnd{document::FileStatus::read, ""});
    } else if (!silent_.back()) {
      send_event(end);
    }
    paths_.pop_back();
    silent_.pop_back();
  }

  const extract::Request& request_;
  std::vector<std::string> paths_;
  std::vector<bool> silent_;
  std::uint32_t ordinal_ = 0;
  int skipping_ = 0;
};

void serve(const extract::Request& request, int file) {
  std::string text(request.size_bytes, '\0');
  const auto got = sealift::base::pread_full(file, std::as_writable_bytes(std::span(text)), 0);
  if (!got) return;
  Script script(request);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    script.line(text.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

int main() {
  if (!extract::lock_down({.memory_bytes_max = kMemoryMax}) || !extract::prove_denials()) return 3;
  send_done();
  while (true) {
    FileDescriptor file;
    std::array<std::byte, 4> length{};
    if (!receive(length, file)) return 0;
    Bytes body(*sealift::base::ByteReader(length).u32_le());
    if (!receive(body, file)) return 0;
    const auto request = extract::decode_request(body);
    if (!request) return 1;
    serve(*request, file.get());
    send_done();
  }
}
