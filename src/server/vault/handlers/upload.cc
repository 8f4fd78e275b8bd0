// upload.*: tus uploads. Bytes go from the front into the blob by descriptor; here they are
// counted.
//
// The order that no crash can break: store first, catalog after. What the store has acknowledged
// beyond the catalog's offset is durable too, and is simply taken into account.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "base/refusal.h"
#include "server/vault/handlers/parcel_forms.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Part;
using catalog::Records;
using catalog::Upload;
using front::Received;
using nlohmann::json;

// Since its last byte. What an outsider hands in and has no byte of yet is there for less: whoever
// has the link could otherwise take all places of a request for days.
constexpr std::chrono::hours kUploadLifetime{72};
constexpr std::chrono::hours kEmptyHandInLifetime{1};
constexpr std::uint64_t kUploadsMax = 64;           // of one account at once
constexpr std::uint64_t kUploadsOfRequestMax = 16;  // of all who hand in for it, at once

store::BlobId store_id(const catalog::BlobId& id) { return {id.bytes}; }

struct NewUpload {
  Part part = Part::content;
  base::Bytes header;
  Upload upload;
};

// A sender's own upload takes its room at once, so that it can't fail half-way. An outsider's takes
// what has come: an announcement costs nothing, and must not cost the owner anything either.
Result<void> reserve(Records& records, const catalog::Parcel& parcel, const Upload& upload) {
  SEALIFT_TRY(const Room room, room_of(records, parcel.owner));
  if (upload.length_bytes > room.free_bytes) return over_quota(parcel, room, upload.length_bytes);
  const std::uint64_t charged_bytes = parcel.request ? 0 : upload.length_bytes;
  SEALIFT_TRY(
      const catalog::Reserve reserved,
      records.blobs->reserve({upload.blob, parcel.owner, charged_bytes, room.quota_bytes_max}));
  if (reserved == catalog::Reserve::over_quota)
    return over_quota(parcel, room, upload.length_bytes);
  return need_charged(reserved);
}

Result<void> judge_number(const Records& records, const catalog::Parcel& parcel) {
  SEALIFT_TRY(const std::uint64_t open, parcel.request ? records.uploads->open_of(*parcel.request)
                                                       : records.uploads->open_of(parcel.owner));
  if (open < (parcel.request ? kUploadsOfRequestMax : kUploadsMax)) return {};
  return base::refuse("uploads_max",
                      {{"max", parcel.request ? kUploadsOfRequestMax : kUploadsMax}});
}

// False: it was begun before, by this very request.
Result<bool> begin(Records& records, const Ask& ask, NewUpload& wanted,
                   std::chrono::milliseconds finish_within) {
  SEALIFT_TRY(const catalog::Parcel parcel, filled_parcel(records, ask));
  SEALIFT_TRY(const auto uploads, records.uploads->of_parcel(parcel.id));
  const auto before = std::ranges::find(uploads, wanted.upload.key, &Upload::key);
  if (before != uploads.end() && before->part == wanted.part &&
      before->length_bytes == wanted.upload.length_bytes) {
    wanted.upload = *before;
    return false;
  }
  SEALIFT_TRY_VOID(judge_sizes(records, parcel, wanted.part, wanted.upload.length_bytes));
  SEALIFT_TRY_VOID(judge_number(records, parcel));
  if (parcel.request) wanted.upload.expires = ask.now + kEmptyHandInLifetime;
  wanted.upload.parcel = parcel.id;
  SEALIFT_TRY_VOID(reserve(records, parcel, wanted.upload));
  SEALIFT_TRY(
      const catalog::Change change,
      records.parcels->put_part(
          parcel.id,
          {wanted.part, wanted.header, wanted.upload.blob, {}, wanted.upload.length_bytes}));
  SEALIFT_TRY_VOID(need_done(change));
  SEALIFT_TRY(const catalog::Insert added, records.uploads->create(wanted.upload));
  SEALIFT_TRY_VOID(need_added(added));
  if (wanted.part == Part::content && wanted.upload.session) {
    SEALIFT_TRY_VOID(records.uploads->let_finish({.parcel = parcel.id,
                                                  .key = wanted.upload.key,
                                                  .session = *wanted.upload.session,
                                                  .until = ask.now + finish_within}));
  }
  return true;
}

Result<NewUpload> take_upload(const Ask& ask) {
  NewUpload wanted;
  SEALIFT_TRY(wanted.part, part_of(ask, 1));
  SEALIFT_TRY(JsonRequest body, JsonRequest::parse(ask.frame.body));
  wanted.header = body.bytes("header", limits::kAgeHeaderSizeMax);
  wanted.upload.length_bytes = body.integer("payload_bytes", {0, limits::kBlobSizeMax});
  if (wanted.upload.length_bytes != ask.frame.upload_length) body.refuse("payload_bytes");
  SEALIFT_TRY_VOID(body.done());
  SEALIFT_TRY_VOID(judge_header(wanted.header));
  if (!is_payload_size(wanted.upload.length_bytes)) {
    return base::refuse("wrong_field", {{"field", "payload_bytes"}});
  }
  wanted.upload.part = wanted.part;
  wanted.upload.created = ask.now;
  if (ask.caller.session) wanted.upload.session = ask.caller.session->session.id;
  wanted.upload.expires = ask.now + kUploadLifetime;
  return wanted;
}

Result<void> judge_room(store::BlobStore& blobs, std::uint64_t wanted_bytes) {
  SEALIFT_TRY(const auto space, blobs.space());
  if (space && space->free_bytes < limits::kFreeSpaceMin + wanted_bytes) {
    return base::refuse("disk_full");
  }
  return {};
}

Result<Answer> create(Services& services, const Ask& ask) {
  SEALIFT_TRY(NewUpload wanted, take_upload(ask));
  SEALIFT_TRY_VOID(judge_room(services.blobs, wanted.upload.length_bytes));
  const Token key = token_for(services, ask);
  wanted.upload.id = {services.random.array<16>()};
  wanted.upload.blob = {services.random.array<16>()};
  wanted.upload.key = key.hash;
  const auto begun = commit(services, [&](Records& records) {
    return begin(records, ask, wanted, services.settings.finish_within_ms);
  });
  if (!begun) {
    end_refused_hand_in(services, ask, begun.error().code);
    return tl::unexpected(begun.error());
  }
  // Of one that was begun before, append makes the blob where it is missing.
  Result<void> created;
  if (*begun) {
    created = services.blobs.create(store_id(wanted.upload.blob), wanted.upload.length_bytes);
  }
  if (!created) {
    (void)services.commits.transact([&](Records& records) -> Result<void> {
      SEALIFT_TRY_VOID(records.uploads->terminate(wanted.upload.id));
      return {};
    });
    return tl::unexpected(created.error());
  }
  Reply reply = json_reply(http::Status::created, {{"id", json_of(wanted.upload.id)},
                                                   {"key", key.text},
                                                   {"expires", json_of(wanted.upload.expires)}});
  reply.head.tus = http::TusFields::version;
  reply.head.location = http::Location::make("/api/v1/uploads/" + json_of(wanted.upload.id));
  reply.head.upload_expires = wanted.upload.expires;
  return reply;
}

// How far it has come: what the store keeps through a power cut, however much of it the catalog had
// time to note.
Result<std::uint64_t> durable_bytes(Services& services, const Upload& upload) {
  SEALIFT_TRY(const auto status, services.blobs.status(store_id(upload.blob)));
  return std::max(upload.offset_bytes, status ? status->durable_bytes : 0);
}

Reply progress(const Upload& upload, std::uint64_t offset, http::Status status) {
  Reply reply = empty_reply(status);
  reply.head.tus = http::TusFields::version;
  reply.head.upload_offset = offset;
  reply.head.upload_length = upload.length_bytes;
  reply.head.upload_expires = upload.expires;
  return reply;
}

Result<Answer> read(Services& services, const Ask& ask) {
  SEALIFT_TRY(const std::uint64_t offset, durable_bytes(services, *ask.upload));
  return progress(*ask.upload, offset, http::Status::ok);
}

Reply locked() {
  Reply reply = refusal(base::refuse("upload_in_use").value());
  reply.head.status = http::Status::locked;
  reply.head.retry_after_seconds = 1;
  return reply;
}

// The bytes up to `offset` are durable: store, then catalog; at the end the blob becomes whole.
Result<void> count(Services& services, Upload& upload, std::uint64_t offset, base::UnixTime now) {
  if (offset == upload.length_bytes) {
    SEALIFT_TRY_VOID(services.blobs.finish(store_id(upload.blob)));
  } else {
    SEALIFT_TRY_VOID(services.blobs.acknowledge(store_id(upload.blob), offset));
  }
  upload.expires = now + kUploadLifetime;
  return commit(services, [&](Records& records) -> Result<void> {
    SEALIFT_TRY_VOID(records.uploads->keep_login(upload.id, now));
    if (offset > upload.charged_bytes) {
      SEALIFT_TRY_VOID(charge_hand_in(records, upload, offset));
      SEALIFT_TRY_VOID(records.uploads->postpone(upload.id, upload.expires));
    }
    SEALIFT_TRY(const catalog::Change change,
                records.uploads->advance(upload.id, {upload.offset_bytes, offset, upload.expires}));
    return need_done(change);
  });
}

// Counts bytes [from, to), which are durable, and what they close the gap to.
Result<void> count_range(Services& services, Upload upload, UploadLine& line, std::uint64_t from,
                         std::uint64_t to, base::UnixTime now) {
  line.ahead.add(from, to);
  const std::uint64_t reached = line.ahead.end_from(line.reached_bytes);
  if (reached > line.noted_bytes) {
    upload.offset_bytes = line.noted_bytes;
    SEALIFT_TRY_VOID(count(services, upload, reached, now));
    line.noted_bytes = reached;
  }
  line.reached_bytes = reached;
  return {};
}

// What the front says of the body, against what the file says.
Result<Reply> finish_append(Services& services, const Upload& upload, UploadLine& line,
                            std::uint64_t from, base::UnixTime now, const Received& received) {
  if (received.end == Received::End::checksum_mismatch) {
    return empty_reply(http::Status::checksum_mismatch);
  }
  if (received.end == Received::End::failed) return base::fail(ErrorCode::io, "upload");
  struct stat status {};
  if (::fstat(line.file.get(), &status) != 0) {
    return tl::unexpected(base::error_of_errno(errno, "blob"));
  }
  const std::uint64_t to = from + received.size_bytes;
  if (to < from || to > upload.length_bytes || to > static_cast<std::uint64_t>(status.st_size)) {
    return base::fail(ErrorCode::internal, "front says more than there is");
  }
  const std::scoped_lock lock(line.mutex);
  SEALIFT_TRY_VOID(count_range(services, upload, line, from, to, now));
  if (received.end == Received::End::no_space) return base::refuse("disk_full");
  if (received.end == Received::End::too_large) {
    return base::refuse("upload_too_long", {{"announced_bytes", upload.length_bytes}});
  }
  return progress(upload, line.reached_bytes, http::Status::no_content);
}

// A blob that a power cut undid before its first acknowledged byte is begun again.
Result<store::WritableBlob> open_blob(Services& services, const Upload& upload) {
  const store::BlobId id = store_id(upload.blob);
  SEALIFT_TRY(const auto status, services.blobs.status(id));
  if (!status) SEALIFT_TRY_VOID(services.blobs.create(id, upload.length_bytes));
  store::BlobDescriptors* descriptors = services.blobs.descriptors();
  if (descriptors == nullptr) return base::fail(ErrorCode::unsupported, "store");
  return descriptors->open_to_write(id);
}

Result<Upload> reread(Services& services, const Ask& ask) {
  SEALIFT_TRY(auto found, services.catalog.read([&](const Records& records) {
    return records.uploads->find_live(ask.upload->id, ask.now);
  }));
  if (!found) return base::refuse("no_upload");
  return *std::move(found);
}

// Of an outsider's upload no more than the owner has room for, whatever was announced.
Result<std::uint64_t> room_to_receive(Services& services, const Upload& upload,
                                      std::uint64_t offset) {
  const std::uint64_t rest = upload.length_bytes - offset;
  if (upload.charged_bytes >= upload.length_bytes) return rest;
  return services.catalog.read([&](const Records& records) -> Result<std::uint64_t> {
    SEALIFT_TRY(const auto parcel, records.parcels->find(upload.parcel));
    if (!parcel) return base::refuse("no_parcel");
    SEALIFT_TRY(const Room room, room_of(records, parcel->owner));
    if (room.free_bytes == 0) return over_quota(*parcel, room, rest);
    return std::min(rest, room.free_bytes);
  });
}

// A body of `upload` from `offset` on, by a writer of the line.
Result<Answer> receive(Services& services, const Ask& ask, const Upload& upload,
                       std::uint64_t offset, const UploadLocks::Line& line) {
  // Of whatever end: an answer, an error, a request that is given up.
  const std::shared_ptr<void> place(
      nullptr, [&locks = services.upload_locks, id = upload.id](void*) { locks.leave_line(id); });
  Receive receive;
  receive.file = base::FileDescriptor(::fcntl(line->file.get(), F_DUPFD_CLOEXEC, 0));
  if (!receive.file.is_open()) return tl::unexpected(base::error_of_errno(errno, "blob"));
  receive.offset = offset;
  SEALIFT_TRY(receive.size_max, room_to_receive(services, upload, offset));
  receive.checksum = ask.frame.checksum;
  receive.upload = upload.id;
  // The place goes before the line: it is left while the lock is held.
  receive.then = [upload, offset, line, place](Services& later, base::UnixTime now,
                                               const Received& received) {
    return finish_append(later, upload, *line, offset, now, received);
  };
  return receive;
}

// Where a body ends, or may end where it doesn't say.
std::uint64_t end_of_body(const Ask& ask) {
  const std::uint64_t begin = ask.frame.upload_offset.value_or(0);
  const std::uint64_t rest = ask.upload->length_bytes - std::min(begin, ask.upload->length_bytes);
  return begin + std::min(rest, ask.frame.content_length.value_or(rest));
}

// Beside writers that are under way: its bytes may come before those in front of them.
Result<Answer> append_ahead(Services& services, const Ask& ask, const UploadLocks::Line& line) {
  const std::uint64_t offset = ask.frame.upload_offset.value_or(0);
  if (offset >= ask.upload->length_bytes) {
    services.upload_locks.leave_line(ask.upload->id);
    return base::refuse("upload_offset", {{"offset", ask.upload->length_bytes}});
  }
  return receive(services, ask, *ask.upload, offset, line);
}

Result<Answer> append(Services& services, const Ask& ask) {
  // Without the lock: a body that can't be taken must not keep out the one that can.
  SEALIFT_TRY(const std::uint64_t end, durable_bytes(services, *ask.upload));
  UploadLocks::Place place = services.upload_locks.try_write(
      ask.upload->id, ask.frame.upload_offset.value_or(0), end_of_body(ask), end);
  if (place.line) return append_ahead(services, ask, place.line);
  if (place.is_free) return base::refuse("upload_offset", {{"offset", end}});
  if (!place.alone) return locked();
  SEALIFT_TRY(Upload upload, reread(services, ask));
  SEALIFT_TRY(const std::uint64_t offset, durable_bytes(services, upload));
  if (ask.frame.upload_offset != offset) return base::refuse("upload_offset", {{"offset", offset}});
  if (offset == upload.length_bytes) {
    if (offset > upload.offset_bytes) SEALIFT_TRY_VOID(count(services, upload, offset, ask.now));
    return progress(upload, offset, http::Status::no_content);
  }
  SEALIFT_TRY_VOID(judge_room(services.blobs, 0));
  SEALIFT_TRY(store::WritableBlob blob, open_blob(services, upload));
  const auto line = std::make_shared<UploadLine>();
  line->lock = std::move(place.alone);
  line->file = std::move(blob.fd);
  line->reached_bytes = offset;
  line->noted_bytes = upload.offset_bytes;
  services.upload_locks.open_line(upload.id, end_of_body(ask), line);
  return receive(services, ask, upload, offset, line);
}

Result<Answer> terminate(Services& services, const Ask& ask) {
  const auto lock = services.upload_locks.try_take(ask.upload->id);
  if (!lock) return locked();
  SEALIFT_TRY(const catalog::Change change, commit(services, [&](Records& records) {
                return records.uploads->terminate(ask.upload->id);
              }));
  SEALIFT_TRY_VOID(need_done(change));
  Reply reply = empty_reply();
  reply.head.tus = http::TusFields::version;
  return reply;
}

constexpr HandlerRow kRows[] = {
    {"upload.create", create},
    {"upload.read", read},
    {"upload.append", append},
    {"upload.terminate", terminate},
};

}  // namespace

std::span<const HandlerRow> upload_handlers() { return kRows; }

}  // namespace sealift::server::vault
