#include "server/vault/reopen_key.h"

#include <algorithm>

#include "age/format/bech32.h"
#include "base/hex.h"
#include "crypto/sha256.h"
#include "server/vault/locking.h"

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Mark;
using catalog::Records;

constexpr std::string_view kPrefix = "SEALIFT-REOPEN-";
constexpr Mark kMarks[] = {Mark::reopen_key, Mark::reopen_key_2};
constexpr std::string_view kPrefixTyped = "SEALIFTREOPEN";
constexpr std::string_view kDropped = " -\t\r\n";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

// As it is printed: on paper it stands in groups, perhaps over two lines, and who types it writes
// small letters, and dashes between the groups as paper keys have them.
crypto::SecretBuffer as_printed(std::string_view typed) {
  crypto::SecretBuffer key(typed.size());
  std::size_t size = 0;
  for (const char c : typed) {
    if (kDropped.find(c) != std::string_view::npos) continue;
    key.mutable_view()[size++] = static_cast<std::byte>(upper(c));
  }
  key.truncate(size);
  if (!base::text_of(key.view()).starts_with(kPrefixTyped)) return key;
  crypto::SecretBuffer printed(kPrefix.size() + size - kPrefixTyped.size());
  std::ranges::copy(base::bytes_of(kPrefix), printed.mutable_view().begin());
  std::ranges::copy(key.view().subspan(kPrefixTyped.size()),
                    printed.mutable_view().subspan(kPrefix.size()).begin());
  return printed;
}

}  // namespace

Result<std::vector<log::VerifierKey>> reopen_keys(const Records& records) {
  std::vector<log::VerifierKey> keys;
  for (const Mark mark : kMarks) {
    SEALIFT_TRY(const auto text, records.marks->find(mark));
    if (!text) continue;
    SEALIFT_TRY(log::VerifierKey key, log::VerifierKey::parse(base::text_of(*text)));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<ReopenKeyTexts> make_reopen_keys(
    catalog::Catalog& catalog, const std::string& log_name, Notary& notary, crypto::Random& random,
    base::UnixTime now, const std::function<Result<void>(const ReopenKeyTexts&)>& show) {
  ReopenKeyTexts texts;
  std::array<std::string, 2> publics;
  for (unsigned i = 0; i < texts.size(); ++i) {
    const auto secret = crypto::Ed25519Secret::generate(random);
    texts[i] = age::bech32_encode(kPrefix, secret.seed().view());
    publics[i] =
        log::VerifierKey(log::reopen_key_name(log_name, i + 1), secret.public_key()).text();
  }
  const auto made = catalog.transact([&](Records& records) -> Result<void> {
    SEALIFT_TRY(const auto lockdown, records.lockdowns->current());
    if (lockdown) {
      return base::fail(ErrorCode::locked_down,
                        "reopen keys can't be made in a lock-down: they would end it");
    }
    SEALIFT_TRY(const auto before, reopen_keys(records));
    if (!before.empty()) {
      return base::fail(ErrorCode::conflict, "the reopen keys were made and printed before");
    }
    for (std::size_t i = 0; i < publics.size(); ++i) {
      SEALIFT_TRY_VOID(records.marks->put(kMarks[i], base::bytes_of(publics[i])));
    }
    SEALIFT_TRY_VOID(notary.note(
        records,
        {.kind = Logged::reopen_key_made,
         .happened = now,
         .facts = {{"first", base::hex_encode(crypto::sha256(base::bytes_of(publics[0])))},
                   {"second", base::hex_encode(crypto::sha256(base::bytes_of(publics[1])))}}}));
    return show(texts);
  });
  if (!made) return tl::unexpected(made.error());
  return texts;
}

Result<ReopenKey> take_reopen_key(catalog::Catalog& catalog, std::string_view typed) {
  crypto::SecretBytes<32> seed;
  const crypto::SecretBuffer printed = as_printed(typed);
  if (!age::bech32_decode(base::text_of(printed.view()), kPrefix, seed.mutable_view())) {
    return base::fail(ErrorCode::malformed,
                      "this is no reopen key: it begins with SEALIFT-REOPEN-1, and a letter of it "
                      "is wrong or missing");
  }
  auto secret = crypto::Ed25519Secret::from_seed(seed.view());
  SEALIFT_TRY(const auto keys,
              catalog.read([](const Records& records) { return reopen_keys(records); }));
  for (const log::VerifierKey& key : keys) {
    const log::VerifierKey typed_key(key.name(), secret.public_key());
    if (typed_key.text() == key.text()) return ReopenKey{std::move(secret), key.name()};
  }
  if (keys.empty()) return base::fail(ErrorCode::no_match, "this server has no reopen keys yet");
  return base::fail(ErrorCode::no_match, "this is not a reopen key of this server");
}

Result<catalog::Change> reopen_by_key(const PostOffice& office, Notary& notary, Records& records,
                                      const ReopenKey& key, base::UnixTime now) {
  SEALIFT_TRY(const auto current, records.lockdowns->current());
  if (!current) return catalog::Change::stale;
  SEALIFT_TRY(const auto change, records.lockdowns->reopen(current->id, 0, now));
  if (change != catalog::Change::done) return change;
  SEALIFT_TRY_VOID(notary.note(
      records,
      {.kind = Logged::reopened,
       .happened = now,
       .facts = {{"lockdown", base::hex_encode(current->id.view())}, {"reopen_key", key.name}}}));
  SEALIFT_TRY_VOID(post_announcement(office, records,
                                     {.text = catalog::MailTemplate::reopened, .when = now}, now));
  return change;
}

Result<log::RestoreStatement> state_restore(catalog::Catalog& catalog, Notary& notary,
                                            const ReopenKey& key, base::UnixTime now) {
  return catalog.transact([&](Records& records) -> Result<log::RestoreStatement> {
    SEALIFT_TRY(const auto from, records.marks->find(Mark::restored_from));
    if (!from) return base::fail(ErrorCode::not_found, "this server was not restored");
    const std::string text(base::text_of(*from));
    SEALIFT_TRY(const log::RestoreStatement statement, log::parse_restore_statement(text));
    const std::string note = log::sign_note(text, key.name, key.secret);
    SEALIFT_TRY_VOID(records.marks->put(Mark::restore_statement, base::bytes_of(note)));
    SEALIFT_TRY_VOID(notary.note(
        records,
        {.kind = Logged::restored,
         .happened = now,
         .facts = {{"kept", statement.kept.size},
                   {"lost", statement.lost},
                   {"statement", base::hex_encode(crypto::sha256(base::bytes_of(note)))}}}));
    return statement;
  });
}

}  // namespace sealift::server::vault
