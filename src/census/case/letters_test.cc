#include "census/case/letters.h"

#include <gtest/gtest.h>

namespace sealift::census {
namespace {

Person person(std::string id, std::string name, std::string born, std::string address) {
  Person made;
  made.id = std::move(id);
  if (!name.empty()) made.names = {std::move(name)};
  if (!born.empty()) made.birth_date = std::move(born);
  if (!address.empty()) made.elements.push_back({ElementType::address, std::move(address), {}});
  return made;
}

TEST(LettersTest, AddressesComeApart) {
  const AddressParts whole = address_parts("UNIT 2, 9 PINE RD, AJAX, ON L1S 1A1");
  EXPECT_EQ(whole, (AddressParts{"UNIT 2, 9 PINE RD", "AJAX", "ON", "L1S 1A1"}));
  EXPECT_EQ(address_parts("9 PINE RD"), (AddressParts{"9 PINE RD", "", "", ""}));
  EXPECT_EQ(address_parts("9 PINE RD, AJAX ON"), (AddressParts{"9 PINE RD", "AJAX", "ON", ""}));
  EXPECT_EQ(address_parts(""), AddressParts{});
}

TEST(LettersTest, PhonesAreNoFormulas) {
  EXPECT_EQ(written_phone("+19055550100"), "905-555-0100");
  EXPECT_EQ(written_phone("+442071838750"), "00442071838750");
  EXPECT_EQ(written_phone(""), "");
}

TEST(LettersTest, AChildsLetterGoesToThoseWhoHaveTheChild) {
  Person child = person("c", "Ann Lee", "2010-05-05", "1 ELM ST, AJAX, ON L1S 1A1");
  child.minor = true;
  child.guardians = {"g", "d"};
  Person dead = person("d", "Abe Lee", "", "");
  dead.deceased = true;
  Letters young("2024-01-01");
  young.know(person("g", "Pat Lee", "", "2 OAK ST, AJAX, ON L1S 1A1"));
  young.know(dead);
  const Letter letter = young.letter_of(child);
  EXPECT_EQ(letter.kind, LetterKind::guardian);
  EXPECT_EQ(letter.to, "Pat Lee");
  EXPECT_EQ(letter.address.street, "2 OAK ST");
  // On the day of the letters the child is grown.
  EXPECT_EQ(Letters("2028-05-05").letter_of(child).kind, LetterKind::self);
  EXPECT_EQ(Letters("2028-05-04").letter_of(child).kind, LetterKind::hold);
}

TEST(LettersTest, EveryRowWithoutAnAddresseeSaysWhy) {
  Person child = person("c", "Ann Lee", "", "1 ELM ST");
  child.minor = true;
  const Letters letters("2024-01-01");
  EXPECT_EQ(letters.letter_of(child).reason, "a child of whom no parent or guardian is known");
  EXPECT_EQ(letters.letter_of(person("p", "", "1980-01-01", "1 ELM ST")).reason,
            "no name is known");
  const Letter nowhere = letters.letter_of(person("p", "Bo Roy", "1980-01-01", ""));
  EXPECT_EQ(nowhere.kind, LetterKind::self);
  EXPECT_EQ(nowhere.reason, "no address is known");
}

TEST(LettersTest, TheDeadHaveAnEstate) {
  Person late = person("p", "Sam Poe", "1940-02-02", "4 ELM ST");
  late.deceased = true;
  const Letter letter = Letters("2024-01-01").letter_of(late);
  EXPECT_EQ(letter.kind, LetterKind::estate);
  EXPECT_EQ(letter.to, "The estate of Sam Poe");
}

}  // namespace
}  // namespace sealift::census
