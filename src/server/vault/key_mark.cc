#include "server/vault/key_mark.h"

#include <algorithm>

namespace sealift::server::vault {
namespace {

using base::ErrorCode;
using base::Result;
using catalog::Mark;
using catalog::Records;

std::array<std::byte, 32> mark_of(const VaultKeys& keys) { return keys.decoy("vault.key", {}); }

Result<bool> reads_an_address(const Records& records, const VaultKeys& keys) {
  SEALIFT_TRY(const auto accounts, records.accounts->list({std::nullopt, 1}));
  if (accounts.empty()) return true;
  const catalog::Account& account = accounts.front();
  const auto address = keys.unwrap(WrapFor::address, account.id.view(), account.sealed_address);
  if (!address && address.error().code != ErrorCode::damaged) {
    return tl::unexpected(address.error());
  }
  return address.has_value();
}

Result<bool> judge(const Records& records, const VaultKeys& keys) {
  SEALIFT_TRY(const auto mark, records.marks->find(Mark::vault_key));
  if (!mark) return reads_an_address(records, keys);
  return std::ranges::equal(*mark, mark_of(keys));
}

}  // namespace

Result<bool> is_key_of(catalog::Catalog& catalog, const VaultKeys& keys) {
  return catalog.read([&](const Records& records) { return judge(records, keys); });
}

Result<void> claim_catalog(catalog::Catalog& catalog, const VaultKeys& keys) {
  const auto is_marked = catalog.read([](const Records& records) -> Result<bool> {
    SEALIFT_TRY(const auto mark, records.marks->find(Mark::vault_key));
    return mark.has_value();
  });
  if (!is_marked) return tl::unexpected(is_marked.error());
  SEALIFT_TRY(const bool is_own, is_key_of(catalog, keys));
  if (!is_own)
    return base::fail(ErrorCode::no_match,
                      "vault.key is not this catalog's: it is in the keys' folder of a backup");
  if (*is_marked) return {};
  return catalog.transact(
      [&](Records& records) { return records.marks->put(Mark::vault_key, mark_of(keys)); });
}

}  // namespace sealift::server::vault
