// Uploads where the disk is full, and what is left of a parcel that expired.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "server/vault/parcel_fixture.h"
#include "server/vault/reaper.h"

namespace sealift::server::vault {
namespace {

constexpr std::uint64_t kPayload = 65552 * 10 + 16;

// A store whose disk has as much room as the test says.
class StoreWithRoom final : public store::BlobStore {
 public:
  explicit StoreWithRoom(store::BlobStore& store) : store_(store) {}
  std::uint64_t free_bytes = 0;

  base::Result<void> create(const store::BlobId& id, std::uint64_t size_bytes) override {
    return store_.create(id, size_bytes);
  }
  base::Result<std::optional<store::BlobStatus>> status(const store::BlobId& id) override {
    return store_.status(id);
  }
  base::Result<void> write(const store::BlobId& id, std::uint64_t offset,
                           base::ByteView bytes) override {
    return store_.write(id, offset, bytes);
  }
  base::Result<std::uint64_t> acknowledge(const store::BlobId& id,
                                          std::uint64_t length_bytes) override {
    return store_.acknowledge(id, length_bytes);
  }
  base::Result<void> finish(const store::BlobId& id) override { return store_.finish(id); }
  base::Result<std::size_t> read(const store::BlobId& id, std::uint64_t offset,
                                 base::MutableByteView out) override {
    return store_.read(id, offset, out);
  }
  base::Result<void> remove(const store::BlobId& id) override { return store_.remove(id); }
  base::Result<std::vector<store::BlobId>> list(const store::BlobPage& page) override {
    return store_.list(page);
  }
  base::Result<std::optional<base::DiskSpace>> space() override {
    base::DiskSpace space{};
    space.free_bytes = free_bytes;
    return std::optional(space);
  }
  store::BlobDescriptors* descriptors() override { return store_.descriptors(); }

 private:
  store::BlobStore& store_;
};

class UploadTest : public ParcelTest {
 protected:
  bool is_in_the_catalogs_files(base::ByteView needle) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      if (content.find(base::text_of(needle)) != std::string::npos) return true;
    }
    return false;
  }
  // An upload of a login that is idle for an hour at most.
  Begun uploading(const Person& sender) {
    const std::string parcel =
        ask("parcel.create", new_parcel(json::array({recipient(sender)})), sender.token).body["id"];
    const Told begun = begin_upload(sender, parcel, kPayload);
    return {begun.status, begun.body["id"], begun.body["key"], ""};
  }
  int status_with(const Person& person) {
    return ask("account.read", nullptr, person.token).status;
  }
};

TEST_F(UploadTest, NothingIsBegunThatTheDiskHasNoRoomFor) {
  const Person lea = enrolled("lea@region.example");
  const std::string parcel =
      ask("parcel.create", new_parcel(json::array({recipient(lea)})), lea.token).body["id"];
  StoreWithRoom store(blobs_);
  Services services{*catalog_, commits_, store,     keys_,         random_,
                    notary_,   log_,     guessing_, upload_locks_, settings_};
  AskFrame frame;
  const Operation& operation = *find_operation("upload.create");
  frame.operation = static_cast<std::uint16_t>(&operation - operations().data());
  frame.names = {parcel, "content", "", ""};
  frame.upload_length = kPayload;
  frame.body = bytes_of(json{{"header", base64(header(1))}, {"payload_bytes", kPayload}}.dump());
  const auto live = look([&](const catalog::Records& records) {
    return records.sessions->find_live(*hash_of_token(lea.token), now_);
  });
  const auto begin = [&]() -> base::Result<Answer> {
    return find_handler(frame.operation)(
        services, Ask{operation, frame, Caller{Credential::session, live}, now_});
  };
  store.free_bytes = limits::kFreeSpaceMin + kPayload - 1;
  const auto refused = begin();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::no_space);
  EXPECT_EQ(ask("account.read", nullptr, lea.token).body["used_bytes"], 0);
  store.free_bytes += 1;
  EXPECT_TRUE(begin());
}

TEST_F(UploadTest, OfAParcelThatExpiredNoHeaderIsInAnyFile) {
  const Person lea = enrolled("lea@region.example");
  const std::string parcel =
      ask("parcel.create", new_parcel(json::array({recipient(lea)}), 3'600'000), lea.token)
          .body["id"];
  base::Bytes sealed = header(3);
  const base::Bytes its_header = sealed;
  sealed.resize(sealed.size() + 33);
  ASSERT_EQ(ask_with("parcel.put_part", std::move(sealed), lea.token, {parcel, "manifest"}).status,
            204);
  const base::ByteView needle = base::ByteView(its_header).subspan(30, 40);
  ASSERT_TRUE(is_in_the_catalogs_files(needle));
  must(end_and_scrub(services_, now_ + std::chrono::hours(2)));
  EXPECT_FALSE(is_in_the_catalogs_files(needle));
}

TEST_F(UploadTest, BytesThatComeKeepTheLoginThatBeganThem) {
  const Person lea = enrolled("lea@region.example");
  const Begun upload = uploading(lea);
  for (std::uint64_t offset = 0; offset < 400; offset += 100) {
    now_ += std::chrono::minutes(50);
    ASSERT_EQ(append(upload, offset, 100).first, 204);
  }
  now_ += std::chrono::minutes(50);
  EXPECT_EQ(status_with(lea), 200);
  now_ += std::chrono::minutes(61);
  EXPECT_EQ(status_with(lea), 401) << "nothing came";
}

TEST_F(UploadTest, ALongBodyOnItsWayKeepsTheLoginToo) {
  const Person lea = enrolled("lea@region.example");
  const Begun upload = uploading(lea);
  const auto id = *catalog::UploadId::of(*base::hex_decode(upload.id));
  for (int i = 0; i < 4; ++i) {
    now_ += std::chrono::minutes(50);
    must(keep_logins(services_, {id}, now_));
  }
  now_ += std::chrono::minutes(50);
  EXPECT_EQ(status_with(lea), 200);
}

TEST_F(UploadTest, BytesDontBringALoginBackThatHasEnded) {
  const Person lea = enrolled("lea@region.example");
  const Begun upload = uploading(lea);
  now_ += std::chrono::minutes(61);
  ASSERT_EQ(append(upload, 0, 100).first, 204) << "the upload's key is good without it";
  EXPECT_EQ(status_with(lea), 401);
}

}  // namespace
}  // namespace sealift::server::vault
