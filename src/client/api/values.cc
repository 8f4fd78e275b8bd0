#include "client/api/values.h"

namespace sealift::client::api {
namespace {

constexpr std::string_view kLanguage[] = {"en", "fr"};
constexpr std::string_view kPart[] = {"content", "manifest", "inventory"};
constexpr std::string_view kSlotKind[] = {"password", "paper_key", "passkey", "trusted_browser",
                                          "recovery"};
constexpr std::string_view kAuthenticationKind[] = {"authentication_key", "passkey"};
constexpr std::string_view kSessionKind[] = {"login", "api_token"};
constexpr std::string_view kScope[] = {"account",  "parcels_read",   "parcels_write",
                                       "requests", "administration", "metrics"};
constexpr std::string_view kAccountState[] = {"active", "suspended", "closed"};
constexpr std::string_view kReceiptRule[] = {"none", "on_open"};
constexpr std::string_view kParcelState[] = {"uploading", "whole", "recalled", "expired"};
constexpr std::string_view kSealedBy[] = {"client", "edge"};
constexpr std::string_view kPassphrase[] = {"none", "needed"};
constexpr std::string_view kLinkRule[] = {"allowed", "forbidden"};
constexpr std::string_view kPassphraseRule[] = {"optional", "required"};
constexpr std::string_view kLockdownHalves[] = {"unusable", "destroyed"};

}  // namespace

bool is_token(std::string_view text) {
  return text.size() == 43 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

Names enumerator_names(Language) { return kLanguage; }
Names enumerator_names(Part) { return kPart; }
Names enumerator_names(SlotKind) { return kSlotKind; }
Names enumerator_names(AuthenticationKind) { return kAuthenticationKind; }
Names enumerator_names(SessionKind) { return kSessionKind; }
Names enumerator_names(Scope) { return kScope; }
Names enumerator_names(AccountState) { return kAccountState; }
Names enumerator_names(ReceiptRule) { return kReceiptRule; }
Names enumerator_names(ParcelState) { return kParcelState; }
Names enumerator_names(SealedBy) { return kSealedBy; }
Names enumerator_names(Passphrase) { return kPassphrase; }
Names enumerator_names(LinkRule) { return kLinkRule; }
Names enumerator_names(PassphraseRule) { return kPassphraseRule; }
Names enumerator_names(LockdownHalves) { return kLockdownHalves; }

}  // namespace sealift::client::api
