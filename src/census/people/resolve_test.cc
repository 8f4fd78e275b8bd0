#include "census/people/resolve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "census/people/people.h"

namespace sealift::census {
namespace {

using Type = ElementType;

Record record(const std::string& path, std::uint32_t ordinal,
              std::vector<std::pair<Type, std::string>> values, Role role = Role::subject) {
  Record made;
  made.path = path;
  made.ordinal = ordinal;
  made.role = role;
  for (auto& [type, value] : values) {
    Element element;
    element.type = type;
    element.value = std::move(value);
    made.elements.push_back(std::move(element));
  }
  return made;
}

Resolution resolve(const std::vector<Record>& records, unsigned jobs = 1) {
  Resolver resolver;
  for (const Record& r : records) resolver.add(r);
  return resolver.resolve({.jobs = jobs});
}

bool together(const std::vector<Record>& records) {
  const Resolution resolution = resolve(records);
  return resolution.person_of_record[0] == resolution.person_of_record[1];
}

TEST(ResolveTest, OneIdentifierIsOnePerson) {
  EXPECT_TRUE(together(
      {record("a", 0, {{Type::name, "Nora Grant"}, {Type::ca_on_health_number, "7961986036"}}),
       record("b", 0,
              {{Type::name, "GRANT, Nora Camille"}, {Type::ca_on_health_number, "7961986036"}})}));
  EXPECT_TRUE(
      together({record("a", 0, {{Type::ca_sin, "455022814"}}),
                record("b", 0, {{Type::name, "Angelica Kopec"}, {Type::ca_sin, "455022814"}})}));
}

TEST(ResolveTest, TheFirstOfJanuaryJoinsNobody) {
  EXPECT_FALSE(together({record("a", 0,
                                {{Type::name, "Nora Grant"},
                                 {Type::birth_date, "1980-01-01"},
                                 {Type::phone, "+19055550101"}}),
                         record("b", 0,
                                {{Type::name, "Nora Grant"},
                                 {Type::birth_date, "1980-01-01"},
                                 {Type::phone, "+19055550102"}})}));
}

TEST(ResolveTest, ADifferentIdentifierOrBirthDateIsAnotherPerson) {
  const std::vector<std::pair<Type, std::string>> shared = {
      {Type::name, "Hannah Whalen"},
      {Type::phone, "+19055556310"},
      {Type::address, "2275 TAUNTON RD E, OSHAWA ON"}};
  auto a = shared;
  auto b = shared;
  a.emplace_back(Type::birth_date, "1989-06-20");
  b.emplace_back(Type::birth_date, "1998-12-17");
  EXPECT_FALSE(together({record("a", 0, a), record("b", 0, b)}));
  a.back() = {Type::ca_sin, "130692544"};
  b.back() = {Type::ca_sin, "435418165"};
  EXPECT_FALSE(together({record("a", 0, a), record("b", 0, b)}));
}

TEST(ResolveTest, TwinsStayApart) {
  EXPECT_FALSE(together({record("a", 0,
                                {{Type::name, "Ji-a Rim"},
                                 {Type::birth_date, "2015-12-02"},
                                 {Type::phone, "+19055550100"}}),
                         record("b", 0,
                                {{Type::name, "Ji-an Rim"},
                                 {Type::birth_date, "2015-12-02"},
                                 {Type::phone, "+19055550100"}})}));
}

TEST(ResolveTest, FatherAndSonUnderOnePhoneStayApart) {
  EXPECT_FALSE(
      together({record("a", 0, {{Type::name, "Tony Barnett"}, {Type::phone, "+19055559264"}},
                       Role::guardian),
                record("b", 0, {{Type::name, "Tony Barnett Jr"}, {Type::phone, "+19055559264"}},
                       Role::student)}));
  EXPECT_FALSE(
      together({record("a", 0, {{Type::name, "Tony Barnett"}, {Type::phone, "+19055559264"}},
                       Role::guardian),
                record("b", 0, {{Type::name, "Tony Barnett"}, {Type::phone, "+19055559264"}},
                       Role::student)}));
}

TEST(ResolveTest, ParentAndChildUnderOneMailStayApart) {
  EXPECT_FALSE(together(
      {record("a", 0, {{Type::name, "Amrit Siddiqui"}, {Type::email, "s@home.example"}}),
       record("b", 0, {{Type::name, "Wyatt Siddiqui"}, {Type::email, "s@home.example"}})}));
}

TEST(ResolveTest, SameNameStrangersStayApartAndAThirdIsNotGuessed) {
  const Resolution resolution =
      resolve({record("a", 0, {{Type::name, "Amanda Girard"}, {Type::birth_date, "2010-04-26"}}),
               record("b", 0, {{Type::name, "Amanda Girard"}, {Type::birth_date, "2011-10-09"}}),
               record("c", 0, {{Type::name, "Amanda Girard"}, {Type::phone, "+19055550083"}})});
  EXPECT_EQ(resolution.people, 3U);
}

TEST(ResolveTest, AChainOfLikenessesJoinsNobody) {
  // The middle record fits both others, who do not fit each other.
  const Resolution resolution = resolve({record("a", 0,
                                                {{Type::name, "Robert Roy"},
                                                 {Type::birth_date, "1980-01-01"},
                                                 {Type::phone, "+19055550001"}}),
                                         record("b", 0,
                                                {{Type::name, "Robert Roy"},
                                                 {Type::phone, "+19055550001"},
                                                 {Type::address, "12 ELM ST, AJAX ON"}}),
                                         record("c", 0,
                                                {{Type::name, "Robert Roy"},
                                                 {Type::birth_date, "1951-01-01"},
                                                 {Type::address, "12 ELM ST, AJAX ON"}})});
  EXPECT_NE(resolution.person_of_record[0], resolution.person_of_record[2]);
}

TEST(ResolveTest, ARareNameThatNobodyElseHasIsOnePerson) {
  std::vector<Record> records = {
      record("a", 0, {{Type::name, "Hasnaa El-Sayed"}, {Type::phone, "+19055551866"}}),
      record("b", 0,
             {{Type::name, "Hasnaa El-Sayed"}, {Type::address, "484 KINGSTON RD E, AJAX ON"}})};
  for (int i = 0; i < 600; ++i)  // others, so that names have frequencies
    records.push_back(record("z" + std::to_string(1000 + i), 0,
                             {{Type::name, std::string("Given") + static_cast<char>('a' + i % 26) +
                                               " Family" + static_cast<char>('a' + i / 26)},
                              {Type::phone, "+1416555" + std::to_string(1000 + i)}}));
  EXPECT_TRUE(together(records));
}

TEST(ResolveTest, RelatedRecordsOfOneFileNeverJoin) {
  Record child = record("a", 0, {{Type::name, "Sam Roy"}, {Type::email, "sam@home.example"}});
  child.relations.push_back({Relation::Kind::guardian, 1});
  EXPECT_FALSE(together(
      {child, record("a", 1, {{Type::name, "Sam Roy"}, {Type::email, "sam@home.example"}})}));
}

TEST(ResolveTest, AJudgementOutweighsEverythingAndCanBeTakenBack) {
  const std::vector<Record> records = {
      record("a", 0, {{Type::name, "Ann Lee"}, {Type::ca_sin, "130692544"}}),
      record("b", 0, {{Type::name, "Ann Lee"}, {Type::ca_sin, "130692544"}})};
  EXPECT_TRUE(together(records));
  Resolver apart;
  apart.decide_apart({"a", 0}, {"b", 0});
  for (const Record& r : records) apart.add(r);
  EXPECT_EQ(apart.resolve().people, 2U);
  const std::vector<Record> strangers = {
      record("a", 0, {{Type::name, "Ann Lee"}, {Type::ca_sin, "130692544"}}),
      record("b", 0, {{Type::name, "Bo Roy"}, {Type::ca_sin, "435418165"}})};
  Resolver joined;
  joined.decide_together({"a", 0}, {"b", 0});
  for (const Record& r : strangers) joined.add(r);
  EXPECT_EQ(joined.resolve().people, 1U);
}

// People with households, namesakes and several records each, from a fixed seed.
std::vector<Record> synthetic(std::uint32_t seed, std::size_t people) {
  std::mt19937 random(seed);
  const auto pick = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(random() % below);
  };
  std::vector<Record> records;
  for (std::size_t i = 0; i < people; ++i) {
    const std::string name = "Given" + std::string(1, static_cast<char>('a' + pick(20))) +
                             " Family" + std::string(1, static_cast<char>('a' + pick(12)));
    const std::string born = std::to_string(1930 + pick(90)) + "-0" + std::to_string(1 + pick(9)) +
                             "-1" + std::to_string(pick(9));
    const std::string phone =
        "+1905555" + std::to_string(1000 + pick(static_cast<std::uint32_t>(people) / 2 + 1));
    const std::string number = std::to_string(1000000000ULL + i);
    const std::uint32_t copies = 1 + pick(4);
    for (std::uint32_t copy = 0; copy < copies; ++copy) {
      std::vector<std::pair<Type, std::string>> values = {{Type::name, name}};
      if (pick(3) > 0) values.emplace_back(Type::birth_date, born);
      if (pick(3) > 0) values.emplace_back(Type::phone, phone);
      if (pick(2) > 0) values.emplace_back(Type::ca_on_health_number, number);
      records.push_back(
          record("f" + std::to_string(100000 + records.size()), 0, std::move(values)));
    }
  }
  return records;
}

TEST(ResolveTest, TheResultDoesNotDependOnTheNumberOfJobs) {
  const std::vector<Record> records = synthetic(7, 4000);
  const Resolution one = resolve(records, 1);
  const Resolution four = resolve(records, 4);
  EXPECT_EQ(one.person_of_record, four.person_of_record);
  EXPECT_EQ(one.merges, four.merges);
}

TEST(ResolveTest, NoPersonHasTwoHealthNumbersOrBirthDates) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const std::vector<Record> records = synthetic(seed, 800);
    const Resolution resolution = resolve(records);
    std::map<std::pair<std::uint32_t, Type>, std::set<std::string>> values;
    for (std::size_t i = 0; i < records.size(); ++i)
      for (const Element& element : records[i].elements)
        if (element.type == Type::ca_on_health_number || element.type == Type::birth_date)
          values[{resolution.person_of_record[i], element.type}].insert(element.value);
    for (const auto& [key, held] : values) EXPECT_EQ(held.size(), 1U) << "seed " << seed;
  }
}

TEST(ResolveTest, PeopleAreNumberedByTheirFirstRecord) {
  const Resolution resolution = resolve(synthetic(3, 300));
  std::uint32_t next = 0;
  for (const std::uint32_t person : resolution.person_of_record) {
    EXPECT_LE(person, next);
    next = std::max(next, person + 1);
  }
  EXPECT_EQ(next, resolution.people);
}

TEST(PeopleTest, AgesCountOnTheDayOfTheDump) {
  const Record child = record("a", 0, {{Type::name, "Ann Lee"}, {Type::birth_date, "2003-02-21"}});
  EXPECT_EQ(person_of_records({child}, "2021-01-20").minor, true);
  EXPECT_EQ(person_of_records({child}, "2021-02-21").minor, false);
  EXPECT_EQ(person_of_records({child}, "").minor, std::nullopt);
}

TEST(PeopleTest, WhatOcrMisreadIsDroppedWhereTheSameIsReadElsewhere) {
  Record scan = record("a", 0, {{Type::name, "Ann Lec"}, {Type::ca_sin, "130692545"}});
  for (Element& element : scan.elements) element.recognised = true;
  const Person person = person_of_records(
      {scan, record("b", 0, {{Type::name, "Ann Lee"}, {Type::ca_sin, "130692544"}})}, "");
  EXPECT_EQ(person.names, std::vector<std::string>{"Ann Lee"});
  EXPECT_EQ(std::ranges::count(person.elements, Type::ca_sin, &PersonElement::type), 1);
}

TEST(PeopleTest, TwoWritingsOfAnAddressAreOne) {
  const Person person =
      person_of_records({record("a", 0, {{Type::address, "2502 BROCK ST S, WHITBY"}}),
                         record("b", 0, {{Type::address, "2502 BROCK ST S, WHITBY ON L1R 9W6"}})},
                        "");
  ASSERT_EQ(person.elements.size(), 1U);
  EXPECT_EQ(person.elements[0].value, "2502 BROCK ST S, WHITBY ON L1R 9W6");
  EXPECT_EQ(person.elements[0].evidence.size(), 2U);
}

}  // namespace
}  // namespace sealift::census
