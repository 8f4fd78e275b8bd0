#include "census/kinds/element_type.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

TEST(ElementTypeTest, EveryTypeIsReadBackFromItsName) {
  for (const ElementType type : all_element_types()) {
    EXPECT_EQ(element_type_of(to_string(type)), type) << to_string(type);
  }
}

TEST(ElementTypeTest, TheExportNamesStandAsDocumented) {
  EXPECT_EQ(to_string(ElementType::ca_on_health_number), "ca.on.health_number");
  EXPECT_EQ(to_string(ElementType::us_ssn), "us.ssn");
  EXPECT_EQ(to_string(ElementType::credential), "credential");
}

TEST(ElementTypeTest, OtherNamesAreRefused) {
  for (const char* text : {"", "sin", "ca.SIN", "ca.sin ", "phones"}) {
    EXPECT_EQ(element_type_of(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sealift::census
