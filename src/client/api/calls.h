// Every operation of the API with JSON or small octets in it, as a row: what is asked where, with
// which body, and what is answered. Rows are named after the operations of the document, and a
// test compares them with it.
//
//   api.call(kParcelCreate, new_parcel);              api.call(kParcelRead, {}, parcel_id);
//
// Bodies of any size (upload.append, opening.read_payload) are in client/api/streams.h.
#pragma once

#include <string_view>

#include "client/api/admin_bodies.h"
#include "client/api/json_codec.h"
#include "client/api/opening_bodies.h"
#include "client/api/parcel_bodies.h"
#include "client/api/recovery_bodies.h"
#include "client/api/request_bodies.h"
#include "client/api/slot_bodies.h"
#include "client/http_client.h"

namespace sealift::client::api {

// The page of a list that begins there; nullopt: the first.
using Before = std::optional<Cursor>;
// A tile's path as the log spells it, without "tile/".
struct TilePath {
  std::string text;
};

// What goes along to prove the right to ask.
enum class Proof : std::uint8_t { none, held };

// Whether the account's owner signs it: then client/account/acting.h asks for it, not Api::call().
enum class Signed : std::uint8_t { nobody, owner };

// Path: what stands in the pattern's braces, in order, and a Before at its end.
template <typename Asked, typename Answer, typename... Path>
struct Call {
  std::string_view operation;
  http::Method method;
  std::string_view pattern;
  Proof proof = Proof::held;
  Repeat repeat = Repeat::never;
  Signed by = Signed::nobody;
};

using enum http::Method;
inline constexpr auto kOpen = Proof::none;
inline constexpr auto kHeld = Proof::held;
inline constexpr auto kSafe = Repeat::safe;
inline constexpr auto kKeyed = Repeat::keyed;
inline constexpr auto kGone = Repeat::until_gone;
inline constexpr auto kOwner = Signed::owner;

// clang-format off
inline constexpr Call<Nothing, ServerDescription> kServerDescribe{"server.describe", get, "/api/v1/server", kOpen, kSafe};

inline constexpr Call<EnrolmentToken, EnrolmentOffer> kEnrolmentLook{"enrolment.look", post, "/api/v1/enrolments/look", kOpen, kSafe};
inline constexpr Call<Enrol, Begun> kEnrolmentTake{"enrolment.take", post, "/api/v1/enrolments/take", kOpen, kSafe, kOwner};
inline constexpr Call<Prepare, Prepared> kSessionPrepare{"session.prepare", post, "/api/v1/sessions/prepare", kOpen, kSafe};
inline constexpr Call<Begin, Begun> kSessionBegin{"session.begin", post, "/api/v1/sessions", kOpen, kSafe};
inline constexpr Call<Nothing, Sessions> kSessionList{"session.list", get, "/api/v1/sessions", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing> kSessionEnd{"session.end", del, "/api/v1/sessions/current", kHeld, kGone};
inline constexpr Call<Nothing, Nothing, SessionId> kSessionEndOther{"session.end_other", del, "/api/v1/sessions/{session}", kHeld, kGone};
inline constexpr Call<NewToken, IssuedToken> kTokenIssue{"token.issue", post, "/api/v1/tokens", kHeld, kKeyed, kOwner};

inline constexpr Call<Nothing, Account> kAccountRead{"account.read", get, "/api/v1/account", kHeld, kSafe};
inline constexpr Call<SetLanguage, Nothing> kAccountSetLanguage{"account.set_language", put, "/api/v1/account/language", kHeld, kSafe};
inline constexpr Call<ChangePassword, Nothing> kAccountChangePassword{"account.change_password", put, "/api/v1/account/password", kHeld, kSafe, kOwner};
inline constexpr Call<Key, DirectoryEntry> kAccountPublishKey{"account.publish_key", post, "/api/v1/account/keys", kHeld, kSafe, kOwner};
inline constexpr Call<Rotate, DirectoryEntry> kAccountRotate{"account.rotate", post, "/api/v1/account/rotation", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Acts, Before> kActList{"act.list", get, "/api/v1/account/acts", kHeld, kSafe};
inline constexpr Call<Nothing, Slots> kSlotList{"slot.list", get, "/api/v1/account/slots", kHeld, kSafe};
inline constexpr Call<Nothing, OwnRecovery> kRecoveryReadOwn{"recovery.read_own", get, "/api/v1/account/recovery", kHeld, kSafe};
inline constexpr Call<NewSlot, Created> kSlotAdd{"slot.add", post, "/api/v1/account/slots", kHeld, kSafe, kOwner};
inline constexpr Call<ReplaceSlot, Nothing, SlotId> kSlotReplace{"slot.replace", put, "/api/v1/account/slots/{slot}", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Nothing, SlotId> kSlotRemove{"slot.remove", del, "/api/v1/account/slots/{slot}", kHeld, kGone, kOwner};

inline constexpr Call<Prepare, DirectoryEntry> kDirectoryFind{"directory.find", post, "/api/v1/directory/find", kHeld, kSafe};
inline constexpr Call<Nothing, Directory, AccountId> kDirectoryHistory{"directory.history", get, "/api/v1/directory/{account}", kHeld, kSafe};

inline constexpr Call<NewParcel, Parcel> kParcelCreate{"parcel.create", post, "/api/v1/parcels", kHeld, kSafe};
inline constexpr Call<Nothing, Parcels, Before> kParcelListSent{"parcel.list_sent", get, "/api/v1/parcels/sent", kHeld, kSafe};
inline constexpr Call<Nothing, Parcels, Before> kParcelListReceived{"parcel.list_received", get, "/api/v1/parcels/received", kHeld, kSafe};
inline constexpr Call<Nothing, Parcel, ParcelId> kParcelRead{"parcel.read", get, "/api/v1/parcels/{parcel}", kHeld, kSafe};
inline constexpr Call<Octets, Nothing, ParcelId, Part> kParcelPutPart{"parcel.put_part", put, "/api/v1/parcels/{parcel}/parts/{part}", kHeld, kSafe};
inline constexpr Call<Nothing, Octets, ParcelId, Part> kParcelReadHeader{"parcel.read_header", get, "/api/v1/parcels/{parcel}/parts/{part}/header", kHeld, kSafe};
inline constexpr Call<Nothing, Completed, ParcelId> kParcelComplete{"parcel.complete", post, "/api/v1/parcels/{parcel}/complete", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, ParcelId> kParcelRecall{"parcel.recall", post, "/api/v1/parcels/{parcel}/recall", kHeld, kSafe};
inline constexpr Call<ChangeRecipients, Parcel, ParcelId> kParcelChangeRecipients{"parcel.change_recipients", put, "/api/v1/parcels/{parcel}/recipients", kHeld, kSafe};
inline constexpr Call<ChangeExpiry, Parcel, ParcelId> kParcelChangeExpiry{"parcel.change_expiry", put, "/api/v1/parcels/{parcel}/expiry", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, ParcelId, AccountId> kParcelRevokeRecipient{"parcel.revoke_recipient", del, "/api/v1/parcels/{parcel}/recipients/{account}", kHeld, kSafe};
inline constexpr Call<Nothing, Openings, ParcelId, Before> kParcelListOpenings{"parcel.list_openings", get, "/api/v1/parcels/{parcel}/openings", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, UploadId> kUploadTerminate{"upload.terminate", del, "/api/v1/uploads/{upload}", kHeld, kGone};

inline constexpr Call<Nothing, Ticket, ParcelId> kParcelOpen{"parcel.open", post, "/api/v1/parcels/{parcel}/openings", kHeld, kKeyed};
inline constexpr Call<Nothing, Opening, OpeningId> kOpeningRead{"opening.read", get, "/api/v1/openings/{opening}", kHeld, kSafe};
inline constexpr Call<Nothing, Octets, OpeningId, Part> kOpeningReadHeader{"opening.read_header", get, "/api/v1/openings/{opening}/parts/{part}/header", kHeld, kSafe};
inline constexpr Call<SignedReceipt, LoggedReceipt, OpeningId> kOpeningAddReceipt{"opening.add_receipt", post, "/api/v1/openings/{opening}/receipt", kHeld, kSafe};

inline constexpr Call<NewLink, Link, ParcelId> kLinkCreate{"link.create", post, "/api/v1/parcels/{parcel}/links", kHeld, kSafe};
inline constexpr Call<Nothing, Links, ParcelId> kLinkList{"link.list", get, "/api/v1/parcels/{parcel}/links", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, ParcelId, LinkId> kLinkRevoke{"link.revoke", del, "/api/v1/parcels/{parcel}/links/{link}", kHeld, kSafe};
inline constexpr Call<Nothing, LinkPage, ParcelId> kLinkLook{"link.look", get, "/api/v1/links/{parcel}", kOpen, kSafe};
inline constexpr Call<Redeem, Ticket, ParcelId> kLinkRedeem{"link.redeem", post, "/api/v1/links/{parcel}/openings", kOpen, kKeyed};

inline constexpr Call<NewRequest, FileRequest> kRequestCreate{"request.create", post, "/api/v1/requests", kHeld, kSafe};
inline constexpr Call<Nothing, Requests, Before> kRequestList{"request.list", get, "/api/v1/requests", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, RequestId> kRequestClose{"request.close", post, "/api/v1/requests/{request}/close", kHeld, kSafe};
inline constexpr Call<Nothing, RequestPage, RequestId> kRequestLook{"request.look", get, "/api/v1/requests/{request}", kOpen, kSafe};
inline constexpr Call<HandIn, HandedIn, RequestId> kRequestHandIn{"request.hand_in", post, "/api/v1/requests/{request}/parcels", kOpen, kKeyed};

inline constexpr Call<Nothing, Octets> kLogCheckpoint{"log.checkpoint", get, "/log/checkpoint", kOpen, kSafe};
inline constexpr Call<Nothing, Octets, TilePath> kLogTile{"log.tile", get, "/log/tile/{tile}", kOpen, kSafe};
inline constexpr Call<Nothing, Octets> kDirectoryCheckpoint{"directory.checkpoint", get, "/log/directory/checkpoint", kOpen, kSafe};
inline constexpr Call<Nothing, Octets, TilePath> kDirectoryTile{"directory.tile", get, "/log/directory/tile/{tile}", kOpen, kSafe};
inline constexpr Call<Nothing, EventProof, EventId> kLogProve{"log.prove", get, "/api/v1/log/proofs/{event}", kHeld, kSafe};
inline constexpr Call<Nothing, CustodyEvents, Before> kCustodyList{"custody.list", get, "/api/v1/custody", kHeld, kSafe};

inline constexpr Call<Nothing, Policy> kPolicyRead{"policy.read", get, "/api/v1/policy", kHeld, kSafe};
inline constexpr Call<Policy, Policy> kPolicyReplace{"policy.replace", put, "/api/v1/policy", kHeld, kSafe, kOwner};
inline constexpr Call<Invite, Invited> kAdminInvite{"admin.invite", post, "/api/v1/admin/enrolments", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Enrolments> kAdminListEnrolments{"admin.list_enrolments", get, "/api/v1/admin/enrolments", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, EnrolmentId> kAdminWithdrawEnrolment{"admin.withdraw_enrolment", del, "/api/v1/admin/enrolments/{enrolment}", kHeld, kGone};
inline constexpr Call<Nothing, Accounts, Before> kAdminListAccounts{"admin.list_accounts", get, "/api/v1/admin/accounts", kHeld, kSafe};
inline constexpr Call<SetState, Nothing, AccountId> kAdminSetState{"admin.set_state", put, "/api/v1/admin/accounts/{account}/state", kHeld, kSafe};
inline constexpr Call<Roles, Nothing, AccountId> kAdminSetRoles{"admin.set_roles", put, "/api/v1/admin/accounts/{account}/roles", kHeld, kSafe, kOwner};
inline constexpr Call<SetQuota, Nothing, AccountId> kAdminSetQuota{"admin.set_quota", put, "/api/v1/admin/accounts/{account}/quota", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, AccountId> kAdminEndSessions{"admin.end_sessions", del, "/api/v1/admin/accounts/{account}/sessions", kHeld, kSafe};
inline constexpr Call<Nothing, Usage> kAdminReadUsage{"admin.read_usage", get, "/api/v1/admin/usage", kHeld, kSafe};

inline constexpr Call<Nothing, Proposals> kProposalList{"proposal.list", get, "/api/v1/proposals", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, ProposalId> kProposalConfirm{"proposal.confirm", post, "/api/v1/proposals/{proposal}/confirmations", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Nothing, ProposalId> kProposalWithdraw{"proposal.withdraw", del, "/api/v1/proposals/{proposal}", kHeld, kSafe, kOwner};

inline constexpr Call<AskRecovery, Recovery> kRecoveryAsk{"recovery.ask", post, "/api/v1/recoveries", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Recoveries> kRecoveryList{"recovery.list", get, "/api/v1/recoveries", kHeld, kSafe};
inline constexpr Call<Nothing, Nothing, RecoveryId> kRecoveryApprove{"recovery.approve", post, "/api/v1/recoveries/{recovery}/approvals", kHeld, kSafe, kOwner};
inline constexpr Call<GiveShare, Nothing, RecoveryId> kRecoveryGiveShare{"recovery.give_share", post, "/api/v1/recoveries/{recovery}/shares", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Released, RecoveryId> kRecoveryRelease{"recovery.release", post, "/api/v1/recoveries/{recovery}/release", kHeld, kSafe, kOwner};
inline constexpr Call<Nothing, Nothing, RecoveryId> kRecoveryCancel{"recovery.cancel", del, "/api/v1/recoveries/{recovery}", kHeld, kSafe, kOwner};

inline constexpr Call<SignOfficers, Nothing> kOfficersSign{"officers.sign", put, "/api/v1/officer-set", kHeld, kSafe, kOwner};

inline constexpr Call<Nothing, Lockdown> kLockdownRead{"lockdown.read", get, "/api/v1/lockdown", kHeld, kSafe};
inline constexpr Call<Nothing, Lockdown> kLockdownLock{"lockdown.lock", post, "/api/v1/lockdown", kHeld, kSafe};
inline constexpr Call<LockdownRef, Nothing> kLockdownApproveReopening{"lockdown.approve_reopening", post, "/api/v1/lockdown/approvals", kHeld, kSafe};
inline constexpr Call<LockdownRef, Nothing> kLockdownReopen{"lockdown.reopen", post, "/api/v1/lockdown/reopen", kHeld, kGone};
// clang-format on

}  // namespace sealift::client::api
