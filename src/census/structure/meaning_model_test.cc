#include "census/structure/meaning_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace sealift::census {
namespace {

template <typename Logs>
std::size_t best(const Logs& logs) {
  return static_cast<std::size_t>(std::ranges::max_element(logs) - logs.begin());
}

TEST(MeaningModelTest, LabelsThatNoTableHasAreUnderstood) {
  const MeaningModel& model = MeaningModel::built_in();
  const auto field = [&](std::string_view label) {
    return static_cast<Field>(best(model.fields_of_label(label, "")));
  };
  EXPECT_EQ(field("HLTH_CARD_NUM"), Field::health_number);
  EXPECT_EQ(field("Date of birth of pupil"), Field::birth_date);
  EXPECT_EQ(field("ClientHomePhone"), Field::phone);
  EXPECT_EQ(field("Résidence du client"), Field::address);
  EXPECT_EQ(static_cast<Subject>(best(model.subjects_of_label("MOTHER_PH", ""))),
            Subject::guardian);
  EXPECT_EQ(static_cast<Subject>(best(model.subjects_of_label("SUPV_NAME", ""))), Subject::staff);
}

TEST(MeaningModelTest, ValuesTellWhatAColumnHolds) {
  const Models names = Models::built_in();
  const auto field = [&](const std::vector<std::string_view>& values) {
    return static_cast<Field>(
        best(MeaningModel::built_in().fields_of_values(values, names, {.as_of = {2021, 1, 20}})));
  };
  EXPECT_EQ(field({"905-555-0101", "(416) 555-0102", "289.555.0103"}), Field::phone);
  EXPECT_EQ(field({"12 Queen St, Whitby ON L1N 5A1", "7 Oak Ave, Ajax ON L1S 2B2"}),
            Field::address);
  EXPECT_EQ(field({"Roe, Ann", "Poe, Sam", "Lee, Robert"}), Field::full_name);
}

TEST(MeaningModelTest, ProbabilitiesAddUpToOne) {
  float sum = 0;
  for (const float log : MeaningModel::built_in().fields_of_label("DOB", "Student"))
    sum += std::exp(log);
  EXPECT_NEAR(sum, 1, 1e-3);
}

TEST(MeaningModelTest, DamagedFilesAreRefused) {
  const std::string magic = "SLMM0001";
  for (const std::string& file : {std::string(), magic, magic + std::string(4, '\xFF'),
                                  magic + std::string(4, '\0'), "SLMM0002" + std::string(4, '\0')})
    EXPECT_FALSE(MeaningModel::parse(base::bytes_of(file)).has_value()) << file.size();
}

}  // namespace
}  // namespace sealift::census
