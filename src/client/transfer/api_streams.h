// A parcel's payloads over the API: what send_content() and receive_content() are given.
#pragma once

#include <optional>

#include "client/api/streams.h"
#include "client/transfer/range_stream.h"
#include "client/transfer/send_content.h"

namespace sealift::client {

// One request, or several one after the other where a proxy on the way takes none as large: the
// largest that passes is found by going down from 16 MiB to 64 KiB. Borrows the Api's HttpClient.
class ApiUploadTarget final : public UploadTarget {
 public:
  ApiUploadTarget(api::Api with_key, const api::UploadId& upload)
      : api_(std::move(with_key)), upload_(upload) {}

  base::Result<std::uint64_t> offset() override;
  base::Result<void> begin(std::uint64_t offset, std::uint64_t size_bytes) override;
  base::Result<void> write(base::ByteView bytes) override;
  base::Result<std::uint64_t> finish() override;
  bool has_adapted(const base::Error& error) override;

 private:
  base::Result<void> begin_request();
  base::Result<void> end_request();

  const api::Api api_;
  const api::UploadId upload_;
  std::optional<Upload> request_;
  std::uint64_t request_bytes_max_ = ~std::uint64_t{0};
  std::uint64_t at_ = 0;           // of the upload: where the next byte goes
  std::uint64_t end_ = 0;          // of what begin() announced
  std::uint64_t request_end_ = 0;  // of the request under way
};

// What is with the server already: there is nothing to be sent.
class FinishedTarget final : public UploadTarget {
 public:
  explicit FinishedTarget(std::uint64_t size_bytes) : size_bytes_(size_bytes) {}
  base::Result<std::uint64_t> offset() override { return size_bytes_; }
  base::Result<void> begin(std::uint64_t offset, std::uint64_t size_bytes) override;
  base::Result<void> write(base::ByteView bytes) override;
  base::Result<std::uint64_t> finish() override { return size_bytes_; }

 private:
  std::uint64_t size_bytes_;
};

// Borrows the Api's HttpClient.
class ApiPayloadOrigin final : public PayloadOrigin {
 public:
  ApiPayloadOrigin(api::Api with_ticket, const api::OpeningId& opening, api::Part part,
                   std::uint64_t payload_bytes)
      : api_(std::move(with_ticket)), opening_(opening), part_(part), size_(payload_bytes) {}

  base::Result<void> open(std::uint64_t offset, std::uint64_t size_bytes) override;
  base::Result<std::size_t> read(base::MutableByteView into) override;

 private:
  const api::Api api_;
  const api::OpeningId opening_;
  const api::Part part_;
  const std::uint64_t size_;
  std::optional<Download> body_;
};

}  // namespace sealift::client
