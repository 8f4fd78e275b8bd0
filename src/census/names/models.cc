#include "census/names/models.h"

#include <array>
#include <cstring>
#include <span>

#include "base/byte_reader.h"
#include "base/check.h"
#include "census/names/name_features.h"

// internal/names_model.S
extern "C" const unsigned char sealift_names_model_begin[];
extern "C" const unsigned char sealift_names_model_end[];

namespace sealift::census {
namespace {

constexpr std::string_view kMagic = "SLNM0002";
constexpr std::uint32_t kTableLog2Max = 24;

}  // namespace

Models Models::built_in() {
  const std::span<const unsigned char> file(sealift_names_model_begin, sealift_names_model_end);
  auto models = parse(std::as_bytes(file));
  SEALIFT_CHECK(models.has_value());
  return *models;
}

base::Result<Models> Models::parse(base::ByteView file) {
  base::ByteReader reader(file);
  const auto magic = reader.take(kMagic.size());
  const auto lexicon_log2 = reader.u32_le();
  const auto weights_log2 = reader.u32_le();
  if (!magic || base::text_of(*magic) != kMagic || !lexicon_log2 || !weights_log2 ||
      *lexicon_log2 > kTableLog2Max || *weights_log2 > kTableLog2Max) {
    return base::fail(base::ErrorCode::malformed, "name model: unknown header");
  }
  const auto lexicon = reader.take(std::size_t{4} << *lexicon_log2);
  const auto weights = reader.take(std::size_t{1} << *weights_log2);
  if (!lexicon || !weights || !reader.at_end()) {
    return base::fail(base::ErrorCode::malformed, "name model: wrong size");
  }
  Models models;
  models.lexicon_ = *lexicon;
  models.weights_ = *weights;
  models.lexicon_mask_ = (1U << *lexicon_log2) - 1;
  models.weights_mask_ = (1U << *weights_log2) - 1;
  return models;
}

WordUse Models::use_of(std::string_view folded) const {
  return folded.empty() ? WordUse{} : use_of_hash(internal::word_hash(folded));
}

WordUse Models::use_of_hash(std::uint32_t hash) const {
  if (lexicon_.empty()) return {};
  const std::uint32_t fingerprint = hash >> 16;
  constexpr std::uint32_t kProbesMax = 64;
  std::uint32_t at = hash * 0x9E3779B1U >> 7;
  for (std::uint32_t probe = 0; probe < kProbesMax; ++probe, ++at) {
    std::uint32_t entry = 0;
    std::memcpy(&entry, lexicon_.data() + std::size_t{4} * (at & lexicon_mask_), sizeof entry);
    if (entry == 0) return {};
    if (entry >> 16 != fingerprint) continue;
    return {static_cast<std::uint8_t>(entry >> 12 & 15), static_cast<std::uint8_t>(entry >> 8 & 15),
            static_cast<std::uint8_t>(entry >> 4 & 15), static_cast<std::uint8_t>(entry & 15)};
  }
  return {};
}

}  // namespace sealift::census
