#include "census/people/resolve_doubts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "census/people/people.h"
#include "census/people/resolve.h"

namespace sealift::census {
namespace {

using Type = ElementType;

Record record(const std::string& path, std::vector<std::pair<Type, std::string>> values,
              Role role = Role::subject) {
  Record made;
  made.path = path;
  made.role = role;
  made.work_data = role == Role::staff;
  for (auto& [type, value] : values) {
    Element element;
    element.type = type;
    element.value = std::move(value);
    made.elements.push_back(std::move(element));
  }
  return made;
}

Resolution resolve(const std::vector<Record>& records) {
  Resolver resolver;
  for (const Record& each : records) resolver.add(each);
  return resolver.resolve();
}

Doubts doubts_of_value(const Resolution& resolution, Type type, std::string_view value) {
  for (const auto& [key, doubts] : resolution.doubts.of_values)
    if (key == key_of_value(type, value)) return doubts;
  return 0;
}

TEST(ResolveDoubtsTest, ANameAloneMayBeABetterKnownNamesake) {
  const Resolution found =
      resolve({record("a", {{Type::name, "Ann Roe"}, {Type::birth_date, "1984-03-07"}}),
               record("b", {{Type::name, "Ann Roe"}, {Type::phone, "+19055550101"}}),
               record("c", {{Type::name, "Ann Roe"}, {Type::birth_date, "1990-05-05"}}),
               record("d", {{Type::name, "Sam Poe"}, {Type::phone, "+19055550102"}})});
  ASSERT_EQ(found.people, 4U);
  EXPECT_EQ(found.doubts.of_people, (std::vector<Doubts>{0, bit(Doubt::namesake), 0, 0}));
}

TEST(ResolveDoubtsTest, AParentIsNotDoubtedForAChildWhoIsCalledJunior) {
  const std::pair<Type, std::string> birth{Type::birth_date, "2012-05-06"};
  const std::pair<Type, std::string> phone{Type::phone, "+19055550102"};
  for (const Role role : {Role::guardian, Role::subject}) {
    Record parent = record("a", {{Type::name, "Tony Barnett"}, phone}, role);
    parent.ordinal = 1;
    const Resolution found =
        resolve({record("a", {{Type::name, "Tony Barnett Jr"}, birth}), parent});
    ASSERT_EQ(found.people, 2U);
    const Doubts expected = role == Role::guardian ? 0 : bit(Doubt::namesake);
    EXPECT_EQ(found.doubts.of_people, (std::vector<Doubts>{0, expected}));
  }
}

TEST(ResolveDoubtsTest, APersonWithoutANameOrWithAPartOfOneIsDoubtful) {
  const Resolution found =
      resolve({record("a", {{Type::phone, "+19055550101"}}),
               record("b", {{Type::name, "Ann"}, {Type::phone, "+19055550102"}})});
  EXPECT_EQ(found.doubts.of_people,
            (std::vector<Doubts>{bit(Doubt::nameless), bit(Doubt::one_word)}));
}

TEST(ResolveDoubtsTest, ANumberOfTwoAndAPhoneOfManyAreDoubtful) {
  std::vector<Record> records = {record("a", {{Type::name, "Ann Roe"},
                                              {Type::ca_sin, "130692544"},
                                              {Type::birth_date, "1984-03-07"}}),
                                 record("b", {{Type::name, "Sam Poe"},
                                              {Type::ca_sin, "130692544"},
                                              {Type::birth_date, "1990-05-05"}})};
  EXPECT_EQ(doubts_of_value(resolve(records), Type::ca_sin, "130692544"),
            bit(Doubt::another_holder));
  const char* const names[] = {"Ann Roe", "Sam Poe", "Mia Fox", "Lou May"};
  records.clear();
  for (const char* name : names)
    records.push_back(record(name, {{Type::name, name}, {Type::phone, "+19055550101"}}));
  EXPECT_EQ(doubts_of_value(resolve(records), Type::phone, "+19055550101"),
            bit(Doubt::many_holders));
  records.pop_back();
  EXPECT_EQ(doubts_of_value(resolve(records), Type::phone, "+19055550101"), 0);
  records.push_back(
      record("z", {{Type::name, "Kim Nowak"}, {Type::phone, "+19055550101"}}, Role::staff));
  EXPECT_EQ(doubts_of_value(resolve(records), Type::phone, "+19055550101"),
            bit(Doubt::many_holders));
}

TEST(ResolveDoubtsTest, TwoBirthDatesAreAConflictAndMakeNoAge) {
  const Record a = record("a", {{Type::name, "Ann Roe"}, {Type::birth_date, "1984-03-07"}});
  const Record b = record("b", {{Type::name, "Ann Roe"}, {Type::birth_date, "2012-03-07"}});
  const Person person = person_of_records({a, b}, "2021-01-20");
  EXPECT_EQ(person.birth_date, std::nullopt);
  EXPECT_EQ(person.minor, std::nullopt);
  const auto doubtful = std::ranges::count_if(person.elements, [](const PersonElement& element) {
    return has(element.doubts, Doubt::birth_dates_differ) && !element.is_sure();
  });
  EXPECT_EQ(doubtful, 2);
  EXPECT_TRUE(person.is_sure());
}

TEST(ResolveDoubtsTest, AProbabilityIsTheLeastOfItsDoubts) {
  EXPECT_GE(probability_of_person(0), kSure);
  EXPECT_LT(probability_of_person(bit(Doubt::namesake)), kSure);
  EXPECT_EQ(probability_of_person(bit(Doubt::namesake) | bit(Doubt::nameless)),
            probability_of_person(bit(Doubt::nameless)));
  EXPECT_EQ(words_of(bit(Doubt::birth_dates_differ)),
            std::vector<std::string_view>{"two birth dates"});
}

TEST(ResolveDoubtsTest, AMailboxWithAnothersNameIsDoubtful) {
  const auto doubts_of = [](const Record& record) {
    const Person person = person_of_records({record}, "2021-01-20");
    const auto mail = std::ranges::find(person.elements, Type::email, &PersonElement::type);
    return mail == person.elements.end() ? Doubts{0} : mail->doubts;
  };
  EXPECT_EQ(doubts_of(record(
                "a", {{Type::name, "Ruth Griffin"}, {Type::email, "owen.griffin@m.example"}})),
            bit(Doubt::others_mailbox));
  EXPECT_EQ(
      doubts_of(record("a", {{Type::name, "Ruth Griffin"}, {Type::email, "r.griffin@m.example"}})),
      0);
  EXPECT_EQ(
      doubts_of(record("a", {{Type::name, "Ruth Griffin"}, {Type::email, "skyfan@m.example"}})), 0);
  EXPECT_LT(probability_of_value(bit(Doubt::others_mailbox)), kSure);
}

TEST(ResolveDoubtsTest, AMailboxThatSpellsSomebodyOfTheCaseIsTheirs) {
  const std::vector<Record> records = {
      record("a", {{Type::name, "Ruth Griffin"}, {Type::email, "kimpoe@m.example"}}),
      record("b", {{Type::name, "Kim Poe"}, {Type::phone, "+19055550101"}}),
      record("c", {{Type::name, "Lou May"}, {Type::email, "skyfan@m.example"}})};
  const Resolution resolution = resolve(records);
  EXPECT_EQ(doubts_of_value(resolution, Type::email, "kimpoe@m.example"),
            bit(Doubt::others_mailbox));
  EXPECT_EQ(doubts_of_value(resolution, Type::email, "skyfan@m.example"), 0);
  // whose name it is may have it
  const std::unordered_map<std::string, Doubts> known = {
      {key_of_value(Type::email, "kimpoe@m.example"), bit(Doubt::others_mailbox)}};
  const Record kim = record("d", {{Type::name, "Kim Poe"}, {Type::email, "kimpoe@m.example"}});
  for (const PersonElement& element :
       person_of_records({kim}, "2021-01-20", {.of_values = &known}).elements)
    EXPECT_TRUE(element.is_sure());
}

}  // namespace
}  // namespace sealift::census
