// The conformance suite of Catalog: one set of tests, run against each implementation.
//
// Each *_suite_test.cc holds the contract of some aggregates as tests of this fixture. A new
// implementation adds one INSTANTIATE_TEST_SUITE_P, as in sqlite_catalog_test.cc, and nothing else.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/temporary_folder.h"
#include "catalog/catalog.h"

namespace sealift::catalog {

// Opens the catalog that lives in `folder`: an empty one the first time, the same one after that.
struct CatalogKind {
  std::string name;
  std::function<base::Result<std::unique_ptr<Catalog>>(const std::string& folder)> open;

  friend std::ostream& operator<<(std::ostream& out, const CatalogKind& kind) {
    return out << kind.name;
  }
};

// The value of a Result that can't have failed; a failure ends the test with its text.
template <typename Value>
Value must(base::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

class CatalogSuite : public testing::TestWithParam<CatalogKind> {
 protected:
  Catalog& catalog() { return *catalog_; }
  void reopen() {
    catalog_.reset();
    catalog_ = must(GetParam().open(folder_.path()));
  }
  const std::string& folder() const { return folder_.path(); }

  // Fresh ids and digests, the same in every run.
  template <typename Bytes>
  Bytes next() {
    Bytes made;
    ++count_;
    for (std::size_t i = 0; i < sizeof(count_); ++i)
      made.bytes[i] = static_cast<std::byte>(count_ >> (8 * i));
    return made;
  }
  static base::Bytes bytes(std::string_view text) { return base::copy_of(base::bytes_of(text)); }

  template <typename Function>
  auto change(const Function& work) {
    return must(catalog().transact(work));
  }
  template <typename Function>
  auto look(const Function& work) {
    return must(catalog().read(work));
  }

  // Things that most tests need to be there.
  AccountId some_account(Roles roles = {});
  BlobId some_blob(const AccountId& charged, std::uint64_t length_bytes);
  Parcel some_parcel(const AccountId& owner);          // uploading
  ParcelId some_whole_parcel(const AccountId& owner);  // with content in a blob of 1000 bytes
  Link some_link(const ParcelId& parcel, std::optional<std::uint32_t> opens_max);
  NewOpening opening_at(base::UnixTime now);
  void set_state(const AccountId& account, AccountState state);

  const base::UnixTime now_{std::chrono::milliseconds(1'800'000'000'000)};
  static constexpr auto kHour = std::chrono::hours(1);

 private:
  base::TemporaryFolder folder_;
  std::unique_ptr<Catalog> catalog_ = must(GetParam().open(folder_.path()));
  std::uint64_t count_ = 0;
};

}  // namespace sealift::catalog
