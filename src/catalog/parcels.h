// Parcels: what one sender hands to some recipients, and how far it has come.
//
//   uploading --complete--> whole --recall--> recalled
//       |                     '---expire----> expired
//       '--recall or expire--> (the same ends)         an ended parcel is removed after retention
//
// A parcel has three sealed objects. Of each the age header is here; the payload is a blob or, when
// small, here too. An end destroys the headers, the small payloads and the halves of the links in
// one transaction, and dooms the blobs: whatever copy of a payload is left opens for nobody.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/ids.h"

namespace sealift::catalog {

enum class ParcelState : std::uint8_t { uploading = 1, whole = 2, recalled = 3, expired = 4 };

enum class SealedBy : std::uint8_t {
  client = 1,  // end to end
  edge = 2,    // by the server's SFTP session, as the bytes came in
};

enum class ReceiptWish : std::uint8_t { none = 1, on_open = 2 };

struct Parcel {
  ParcelId id{};
  AccountId owner{};                   // its sender; of a handed-in parcel, who asked for it
  std::optional<RequestId> request{};  // handed in by an outsider
  // What the outsider proves itself with while handing in; nullopt for a sender with an account.
  std::optional<TokenHash> hand_in_key{};
  SealedBy sealed_by = SealedBy::client;
  ReceiptWish receipt = ReceiptWish::none;
  ParcelState state = ParcelState::uploading;  // set by the catalog
  Revision revision{};                         // of the sealed objects; set by the catalog
  base::UnixTime created{};
  std::optional<base::UnixTime> whole_at{};
  std::optional<base::UnixTime> ended_at{};
  base::UnixTime expires{};
  Cursor cursor{};
};

enum class Part : std::uint8_t { content = 1, manifest = 2, inventory = 3 };

// One sealed object: the age header, and the payload in one of two places.
struct SealedPart {
  Part part = Part::content;
  base::Bytes header{};
  std::optional<BlobId> blob{};
  base::Bytes payload{};  // when there is no blob
  std::uint64_t payload_bytes = 0;
};

struct NewHeader {
  Part part = Part::content;
  base::Bytes header{};
};

// A recipient with an account. The header has a stanza for it; without a grant it isn't given out.
struct Grant {
  ParcelId parcel{};
  AccountId account{};
  Generation generation{};  // of the key that it was sealed to
  std::optional<std::uint32_t> opens_max{};
  std::uint32_t opens_used = 0;  // set by openings.h
  base::UnixTime created{};
  std::optional<base::UnixTime> revoked{};
};

struct ParcelTotals {
  std::uint64_t uploading = 0;
  std::uint64_t whole = 0;
  std::uint64_t ended = 0;  // and still on record
};

class Parcels {
 public:
  virtual ~Parcels() = default;

  virtual base::Result<Insert> create(const Parcel& parcel) = 0;
  virtual base::Result<std::optional<Parcel>> find(const ParcelId& id) const = 0;
  virtual base::Result<ParcelTotals> totals() const = 0;
  // Of hand-ins that answer the request: those that are not whole yet.
  virtual base::Result<std::uint64_t> open_of(const RequestId& request) const = 0;
  virtual base::Result<std::vector<Parcel>> sent_by(const AccountId& owner,
                                                    const Page& page) const = 0;
  // Whole parcels granted to the account, and neither ended nor revoked at `now`.
  virtual base::Result<std::vector<Parcel>> received_by(const AccountId& account,
                                                        base::UnixTime now,
                                                        const Page& page) const = 0;

  // While uploading; a part given twice replaces the first, whose blob is doomed. A payload without
  // a blob is charged to the owner until the parcel ends; whether there is room, the caller judges.
  // stale: not uploading.
  virtual base::Result<Change> put_part(const ParcelId& id, const SealedPart& part) = 0;
  // nullopt: not given, or the parcel has ended.
  virtual base::Result<std::optional<SealedPart>> part(const ParcelId& id, Part part) const = 0;
  // Of all its parts; stays known after the end.
  virtual base::Result<std::uint64_t> payload_bytes(const ParcelId& id) const = 0;
  // While uploading: it expires then, or when it did before if that is later. stale: not uploading.
  virtual base::Result<Change> postpone(const ParcelId& id, base::UnixTime expires) = 0;
  // Sooner or later than before; links that lasted as long as the parcel go with it. A later expiry
  // is warned of again. stale: it has ended, or is past its expiry.
  virtual base::Result<Change> change_expiry(const ParcelId& id, base::UnixTime expires,
                                             base::UnixTime now) = 0;
  // stale: not uploading, past its expiry, content or manifest is missing, or an upload is under
  // way.
  virtual base::Result<Change> complete(const ParcelId& id, base::UnixTime now) = 0;

  // New headers for other recipients. stale: not whole, or `expected` isn't the revision any more.
  virtual base::Result<Change> replace_headers(const ParcelId& id, Revision expected,
                                               const std::vector<NewHeader>& headers) = 0;

  virtual base::Result<Insert> grant(const Grant& grant) = 0;
  virtual base::Result<std::vector<Grant>> grants(const ParcelId& id) const = 0;
  virtual base::Result<Change> revoke(const ParcelId& id, const AccountId& account,
                                      base::UnixTime now) = 0;

  // stale: it has ended already.
  virtual base::Result<Change> recall(const ParcelId& id, base::UnixTime now) = 0;
  // Ends what is due, at most `rows_max`; gives what was ended, for log and mail.
  virtual base::Result<std::vector<ParcelId>> expire_due(base::UnixTime now,
                                                         std::uint32_t rows_max) = 0;
  // Whole parcels that expire before `soon` and were not given by this call before.
  virtual base::Result<std::vector<ParcelId>> take_expiring(base::UnixTime soon,
                                                            std::uint32_t rows_max) = 0;
  // Forgets parcels that ended before `ended_before`, with their links, openings and receipts;
  // gives which. One stays while the log lacks an event of it: its text could not be erased yet.
  virtual base::Result<std::vector<ParcelId>> remove_ended(base::UnixTime ended_before,
                                                           std::uint32_t rows_max) = 0;
};

}  // namespace sealift::catalog
