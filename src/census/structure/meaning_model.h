// What columns and labels mean, as learnt: P(field | values), P(field | label), P(whose | label).
//
//   file    := "SLMM0001" u32:label_log2 fields subjects values      (little endian)
//   fields  := 2^label_log2 * kFields * i8         rows of one hashed label feature, in sixteenths
//   subjects:= 2^label_log2 * kSubjects * i8
//   values  := kValueFeatures * kFields * i8
//
// Each is a multinomial logistic regression over sparse features that are 0 or 1: character n-grams
// and words of the label and of the header above it, and the shares of values that have a shape,
// cut into steps, by how many values there are. data/meaning/meaning.model is linked into the
// program; docs/census/structure.md says from what and how it is made. Immutable, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "census/kinds/dates.h"
#include "census/names/models.h"
#include "census/structure/field.h"

namespace sealift::census {

using FieldLogs = std::array<float, kFields>;      // log probabilities
using SubjectLogs = std::array<float, kSubjects>;  // log probabilities

namespace internal {

inline constexpr std::size_t kValueShares = 40;
inline constexpr std::size_t kValueSteps = 8;
inline constexpr std::size_t kValueSizes = 3;  // one value, a few, many
inline constexpr std::size_t kValueFeatures = kValueSizes * (kValueShares * kValueSteps + 1);
inline constexpr std::size_t kMeaningValuesMax = 120;  // of a column that are looked at

// Hashed; the caller takes as many low bits as its table has.
std::vector<std::uint32_t> label_features(std::string_view label, std::string_view group);
// Below kValueFeatures; none without values.
std::vector<std::uint32_t> value_features(const std::vector<std::string_view>& values,
                                          const Models& names, const DateHint& dates);

}  // namespace internal

class MeaningModel {
 public:
  // The one linked into the program. It borrows static data.
  static const MeaningModel& built_in();

  // Borrows `file`, which outlives the model. Errors: malformed.
  static base::Result<MeaningModel> parse(base::ByteView file);

  // `group`: the header above several columns, "" for none.
  FieldLogs fields_of_label(std::string_view label, std::string_view group) const;
  SubjectLogs subjects_of_label(std::string_view label, std::string_view group) const;
  // Values are not empty.
  FieldLogs fields_of_values(const std::vector<std::string_view>& values, const Models& names,
                             const DateHint& dates) const;

 private:
  base::ByteView fields_, subjects_, values_;
  std::uint32_t label_mask_ = 0;
};

}  // namespace sealift::census
