#include "census/names/name_corpora.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace sealift::census::internal {
namespace {

// Marked words are written in brackets; the answer has those of one name in one pair.
std::string cleaned(const std::string& text) {
  std::vector<std::string> words;
  std::vector<MarkedWord> marks;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  bool inside = false;
  for (std::string& word : words) {
    const bool begins = word.starts_with('[');
    const bool ends = word.ends_with(']');
    if (begins) word.erase(0, 1);
    if (ends) word.pop_back();
    inside = inside || begins;
    marks.push_back({word, inside, begins});
    inside = inside && !ends;
  }
  clean_marks(marks);
  std::string out;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (!out.empty()) out += ' ';
    if (marks[i].begins) out += '[';
    out += marks[i].word;
    const bool last = i + 1 == marks.size() || !marks[i + 1].person || marks[i + 1].begins;
    if (marks[i].person && last) out += ']';
  }
  return out;
}

TEST(NameCorporaTest, MarksAreBroughtDownToTheName) {
  const std::pair<const char*, const char*> cases[] = {
      {"met [Tobias Ellwood] today", "met [Tobias Ellwood] today"},
      {"[Foreign Secretary Philip Hammond] said", "Foreign Secretary [Philip Hammond] said"},
      {"[Minister for the Middle East Tobias Ellwood]",
       "Minister for the Middle East [Tobias Ellwood]"},
      {"the [Borrower] and [the Lender]", "the Borrower and the Lender"},
      {"[he] told [his] story", "he told his story"},
      {"[a soldier] came", "a soldier came"},
      {"@ [user_name] hello [obama]", "@ user_name hello [obama]"},
      {"[Haider al - Abadi] left", "[Haider al - Abadi] left"},
      {"[Ann Lee] [Bo Lee]", "[Ann Lee] [Bo Lee]"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(cleaned(text), expected);
}

TEST(NameCorporaTest, EveryTenthTweetIsHeldOutAndTextIsPutTogetherAgain) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("name_corpora_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "BTC/data");
  {
    std::ofstream out(folder / "BTC/data/a.conll");
    for (int i = 0; i < 20; ++i)
      out << "Ann\tB-PER\n"
             "'s\tO\n"
             "cat\tO\n"
             ",\tO\n"
             "Oshawa\tB-LOC\n\n";
  }
  const std::vector<CorpusDocument> documents = read_name_corpora(folder);
  std::filesystem::remove_all(folder);
  ASSERT_EQ(documents.size(), 20U);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(documents[i].use, i % 10 == 9 ? CorpusUse::held_out : CorpusUse::train) << i;
    ASSERT_EQ(documents[i].sentences.size(), 1U);
    const MarkedText& text = documents[i].sentences[0];
    EXPECT_EQ(text.text, "Ann's cat, Oshawa");
    EXPECT_EQ(text.names, (std::vector<TextSpan>{{0, 3}}));
    EXPECT_EQ(text.places, (std::vector<TextSpan>{{11, 17}}));
  }
}

}  // namespace
}  // namespace sealift::census::internal
