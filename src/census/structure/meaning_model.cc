#include "census/structure/meaning_model.h"

#include <cmath>
#include <span>

#include "base/byte_reader.h"
#include "base/check.h"

// meaning_model.S
extern "C" const unsigned char sealift_meaning_model_begin[];
extern "C" const unsigned char sealift_meaning_model_end[];

namespace sealift::census {
namespace {

constexpr std::string_view kMagic = "SLMM0001";
constexpr std::uint32_t kLabelLog2Max = 20;
constexpr float kUnit = 1.0F / 16;  // of a weight

template <std::size_t kClasses>
std::array<float, kClasses> log_probabilities(base::ByteView weights,
                                              const std::vector<std::uint32_t>& features,
                                              std::uint32_t mask) {
  std::array<float, kClasses> sums{};
  for (const std::uint32_t feature : features) {
    const std::byte* row = weights.data() + std::size_t{feature & mask} * kClasses;
    for (std::size_t i = 0; i < kClasses; ++i)
      sums[i] += kUnit * static_cast<float>(static_cast<signed char>(std::to_integer<int>(row[i])));
  }
  float most = sums[0];
  for (const float sum : sums) most = std::max(most, sum);
  float all = 0;
  for (const float sum : sums) all += std::exp(sum - most);
  for (float& sum : sums) sum -= most + std::log(all);
  return sums;
}

}  // namespace

const MeaningModel& MeaningModel::built_in() {
  static const MeaningModel model = [] {
    const std::span<const unsigned char> file(sealift_meaning_model_begin,
                                              sealift_meaning_model_end);
    auto parsed = parse(std::as_bytes(file));
    SEALIFT_CHECK(parsed.has_value());
    return *parsed;
  }();
  return model;
}

base::Result<MeaningModel> MeaningModel::parse(base::ByteView file) {
  base::ByteReader reader(file);
  const auto magic = reader.take(kMagic.size());
  const auto log2 = reader.u32_le();
  if (!magic || base::text_of(*magic) != kMagic || !log2 || *log2 > kLabelLog2Max)
    return base::fail(base::ErrorCode::malformed, "meaning model: unknown header");
  const auto fields = reader.take((std::size_t{1} << *log2) * kFields);
  const auto subjects = reader.take((std::size_t{1} << *log2) * kSubjects);
  const auto values = reader.take(internal::kValueFeatures * kFields);
  if (!fields || !subjects || !values || !reader.at_end())
    return base::fail(base::ErrorCode::malformed, "meaning model: wrong size");
  MeaningModel model;
  model.fields_ = *fields;
  model.subjects_ = *subjects;
  model.values_ = *values;
  model.label_mask_ = (1U << *log2) - 1;
  return model;
}

FieldLogs MeaningModel::fields_of_label(std::string_view label, std::string_view group) const {
  return log_probabilities<kFields>(fields_, internal::label_features(label, group), label_mask_);
}

SubjectLogs MeaningModel::subjects_of_label(std::string_view label, std::string_view group) const {
  return log_probabilities<kSubjects>(subjects_, internal::label_features(label, group),
                                      label_mask_);
}

FieldLogs MeaningModel::fields_of_values(const std::vector<std::string_view>& values,
                                         const Models& names, const DateHint& dates) const {
  return log_probabilities<kFields>(values_, internal::value_features(values, names, dates),
                                    0xFFFFFFFF);
}

}  // namespace sealift::census
