// The core's exports: what web/src/crypto/core_instance.ts calls. One instance of the module is one
// Core; it has one thread, and nothing of it is shared.
//
//   request(size) -> place for a call's request     call(size) -> 0, or the error's code
//   answer() answer_size() -> the answer; after an error its text, for developers
//   run_*: content (core/content_run.h)
#include "base/check.h"
#include "core/content_run.h"
#include "core/entry_fields.h"
#include "core/operations.h"

#define SEALIFT_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace sealift::web {
namespace {

using base::ErrorCode;
using base::Result;

class Core {
 public:
  std::byte* request(std::size_t size) {
    request_.resize(size);
    return request_.data();
  }

  unsigned call() {
    Arguments in(request_);
    Answer out;
    Host host{random_};
    const Result<void> done = run(in, out, host);
    crypto::wipe(answer_);
    answer_ = done ? std::move(out).take() : base::copy_of(base::bytes_of(done.error().text));
    crypto::wipe(request_);
    return done ? 0 : static_cast<unsigned>(done.error().code);
  }

  const base::Bytes& answer() const { return answer_; }

  ContentRun& content() {
    if (!content_) content_.emplace();
    return *content_;
  }

  const parcel::Entry& header_entry() const {
    SEALIFT_CHECK(header_entry_);
    return *header_entry_;
  }

 private:
  Result<void> run(Arguments& in, Answer& out, Host& host) {
    SEALIFT_TRY(const std::string_view name, in.text());
    if (name == "run.set_key") return set_key(in);
    if (name == "run.set_header") return set_header(in);
    for (const auto& table :
         {account_operations(), act_operations(), recovery_operations(), parcel_operations(),
          link_operations(), log_operations(), directory_operations()}) {
      for (const NamedOperation& operation : table) {
        if (operation.name != name) continue;
        SEALIFT_TRY_VOID(operation.run(in, out, host));
        return in.end();
      }
    }
    return base::fail(ErrorCode::usage, "no such operation");
  }

  // file key, nonce
  Result<void> set_key(Arguments& in) {
    SEALIFT_TRY(const age::FileKey key, in.secret<age::kFileKeySize>());
    SEALIFT_TRY(const auto nonce, in.array<age::kPayloadNonceSize>());
    content().set_key(key, nonce);
    return in.end();
  }

  // entry
  Result<void> set_header(Arguments& in) {
    SEALIFT_TRY(header_entry_, entry_of(in));
    return in.end();
  }

  crypto::SystemRandom random_;
  base::Bytes request_;
  base::Bytes answer_;
  std::optional<ContentRun> content_;
  std::optional<parcel::Entry> header_entry_;
};

Core& core() {
  static Core instance;
  return instance;
}

base::MutableByteView text_part(std::size_t at, std::size_t size) {
  const base::MutableByteView text = core().content().text();
  SEALIFT_CHECK(at <= text.size() && size <= text.size() - at);
  return text.subspan(at, size);
}

RunPlace place_of(double first_batch, std::size_t size, int is_last) {
  return {.first_batch = static_cast<std::uint64_t>(first_batch),
          .size = size,
          .last = is_last == 0 ? age::Last::no : age::Last::yes};
}

}  // namespace
}  // namespace sealift::web

using sealift::web::core;

SEALIFT_EXPORT(request) std::byte* sealift_request(std::size_t size) {
  return core().request(size);
}
SEALIFT_EXPORT(call) unsigned sealift_call() { return core().call(); }
SEALIFT_EXPORT(answer) const std::byte* sealift_answer() { return core().answer().data(); }
SEALIFT_EXPORT(answer_size) std::size_t sealift_answer_size() { return core().answer().size(); }

SEALIFT_EXPORT(run_text) std::byte* sealift_run_text() { return core().content().text().data(); }
SEALIFT_EXPORT(run_sealed) std::byte* sealift_run_sealed() {
  return core().content().sealed().data();
}
SEALIFT_EXPORT(run_records) const std::byte* sealift_run_records() {
  return core().content().records().data()->data();
}
// Of the entry that run.set_header named. `at` is in the header, `to` in the text.
SEALIFT_EXPORT(run_put_header)
void sealift_run_put_header(std::size_t at, std::size_t to, std::size_t size) {
  core().content().put_header(core().header_entry(), at, sealift::web::text_part(to, size));
}
SEALIFT_EXPORT(run_has_header)
int sealift_run_has_header(std::size_t at, std::size_t to, std::size_t size) {
  return core().content().has_header(core().header_entry(), at, sealift::web::text_part(to, size))
             ? 1
             : 0;
}
// Batches are numbered in doubles: they stay far below 2^53, and the page has no other integers.
SEALIFT_EXPORT(run_seal)
std::size_t sealift_run_seal(double first_batch, std::size_t size, int is_last) {
  return core().content().seal(sealift::web::place_of(first_batch, size, is_last));
}
// -1: damaged.
SEALIFT_EXPORT(run_open)
int sealift_run_open(double first_batch, std::size_t size, int is_last) {
  const auto opened = core().content().open(sealift::web::place_of(first_batch, size, is_last));
  return opened ? static_cast<int>(*opened) : -1;
}
SEALIFT_EXPORT(run_wipe) void sealift_run_wipe() { core().content().wipe(); }
