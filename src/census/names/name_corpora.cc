#include "census/names/name_corpora.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "census/kinds/text_fold.h"

namespace sealift::census::internal {
namespace {

constexpr std::string_view kTweets = "tweets";
constexpr std::string_view kOddTweets = "tweets and posts";
constexpr std::string_view kReports = "reports";
constexpr std::string_view kContracts = "contracts";
constexpr std::string_view kEncyclopedia = "encyclopedia";
constexpr std::string_view kWorldNews = "world news";

struct CorpusWord {
  std::string word, tag;
};
using CorpusSentence = std::vector<CorpusWord>;
using Sentences = std::vector<CorpusSentence>;

// Documents of one file: a token and tags a line, empty lines between sentences, -DOCSTART- between
// documents.
std::vector<Sentences> read_columns(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<Sentences> documents(1);
  CorpusSentence sentence;
  const auto finish = [&] {
    if (!sentence.empty()) documents.back().push_back(std::move(sentence));
    sentence.clear();
  };
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    CorpusWord word;
    fields >> word.word;
    for (std::string field; fields >> field;) word.tag = field;
    if (word.word.empty() || word.tag.empty() || word.word == "-DOCSTART-") {
      finish();
      if (word.word == "-DOCSTART-" && !documents.back().empty()) documents.emplace_back();
      continue;
    }
    sentence.push_back(std::move(word));
  }
  finish();
  return documents;
}

bool is_person_tag(std::string_view tag) {
  return tag.ends_with("-PER") || tag.ends_with("-person") || tag.ends_with("-Person");
}

bool is_place_tag(std::string_view tag) {
  return tag.ends_with("-LOC") || tag.ends_with("-location") || tag.ends_with("-Location");
}

bool closes_up(std::string_view token) {
  constexpr std::string_view kClosing[] = {
      ".",   ",", ":",  ";",  "!",  "?",   ")",   "'s",  "\xE2\x80\x99s",
      "n't", "%", "''", "'m", "'t", "'ve", "'re", "'ll", "\xE2\x80\x9D"};
  return std::ranges::find(kClosing, token) != std::end(kClosing);
}

// How the words stood before they were taken apart: "Al - Jaafari" was "Al-Jaafari".
bool stands_close(const CorpusSentence& words, std::size_t at, const std::string& before) {
  const std::string& word = words[at].word;
  if (before.empty() || closes_up(word) || before.back() == '(' || before.back() == '@')
    return true;
  if (before.ends_with("\xE2\x80\x9C") || words[at - 1].word == "``") return true;
  const bool named =
      is_person_tag(words[at].tag) && words[at].tag[0] != 'B' && is_person_tag(words[at - 1].tag);
  if (word == "-") return named;
  if (words[at - 1].word == "-") return named && at > 1 && is_person_tag(words[at - 2].tag);
  return false;
}

MarkedText text_of(const CorpusSentence& words) {
  std::vector<MarkedWord> marks;
  marks.reserve(words.size());
  for (const CorpusWord& word : words) {
    const bool person = is_person_tag(word.tag);
    const bool inside = person && !marks.empty() && marks.back().person && word.tag[0] != 'B';
    marks.push_back({word.word, person, person && !inside});
  }
  clean_marks(marks);
  MarkedText text;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!stands_close(words, at, text.text)) text.text.push_back(' ');
    const std::size_t begin = text.text.size();
    text.text += words[at].word;
    if (is_place_tag(words[at].tag)) {
      const bool more = at > 0 && is_place_tag(words[at - 1].tag) && words[at].tag[0] != 'B';
      if (!more) text.places.emplace_back(begin, begin);
      text.places.back().second = text.text.size();
    }
    if (!marks[at].person) continue;
    if (marks[at].begins) text.names.emplace_back(begin, text.text.size());
    text.names.back().second = text.text.size();
  }
  return text;
}

// Titles, offices and pronouns: folded, a space on either side of each.
bool is_no_name(std::string_view word) {
  constexpr std::string_view kWords =
      " i he she his her him my me our we the a an one its this borrower lender property "
      "agent foreign secretary minister prime deputy president vice state ambassador "
      "envoy special advisor adviser senior general lieutenant colonel captain major "
      "sergeant commander admiral office middle east fco uk us u.s. un un's defense "
      "defence affairs interior minster mr mr. mrs mrs. ms ms. miss dr dr. gen. gen lt. "
      "lt col. col maj. brig brig. sgt. capt. capt sen. rep. gov. governor senator "
      "professor prof prof. sir lord lady king queen prince princess pope saint army navy "
      "air force iraqi syrian german british american french russian chancellor high for "
      "of and to in from will follow representative commissioner service member soldier "
      "spokesperson spokesman chairman director assistant under @ mayor sheikh ";
  return kWords.find(" " + std::string(word) + " ") != std::string_view::npos;
}

bool may_stand_in_name(std::string_view word) {
  if (word.empty() || is_no_name(fold(word))) return false;
  return word[0] != '@' && word[0] != '#' && word.find("://") == word.npos &&
         std::ranges::any_of(word, [](char c) {
           return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0xC3;
         });
}

// The first stretch of words that may be a name, cut where words follow that no name has.
void clean_mark(std::vector<MarkedWord>& words, std::size_t begin, std::size_t end, bool user) {
  const auto capital = [&](std::size_t at) {
    return is_upper_latin(code_point_at(words[at].word, 0).value);
  };
  bool any = false;  // people on the net write their names small; "this hero" is none
  for (std::size_t at = begin; at < end; ++at)
    any = any || (capital(at) && may_stand_in_name(words[at].word));
  const bool small = !any && end - begin == 1;
  std::size_t first = begin;
  while (first < end &&
         (user || !may_stand_in_name(words[first].word) || !(capital(first) || small)))
    ++first;
  std::size_t last = first;
  while (last < end && (may_stand_in_name(words[last].word) || words[last].word == "-" ||
                        words[last].word == "." || fold(words[last].word) == "of"))
    ++last;
  while (last > first && (!may_stand_in_name(words[last - 1].word))) --last;
  for (std::size_t at = begin; at < end; ++at) {
    words[at].person = at >= first && at < last;
    words[at].begins = at == first && at < last;
  }
}

// ---- which files

class Reader {
 public:
  explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Every `nth` document, or sentence when each stands alone, is held out; 0: none, 1: all.
  void add(std::string_view genre, const std::filesystem::path& file, std::size_t nth, bool alone,
           CorpusUse rest = CorpusUse::train) {
    for (const Sentences& document : read_columns(folder_ / file)) {
      CorpusDocument out{.genre = genre, .use = rest, .sentences = {}};
      for (const CorpusSentence& sentence : document) {
        out.sentences.push_back(text_of(sentence));
        if (!alone) continue;
        finish(std::move(out), nth);
        out = {.genre = genre, .use = rest, .sentences = {}};
      }
      if (!out.sentences.empty()) finish(std::move(out), nth);
    }
  }

  // Every file of a folder is a document.
  void add_folder(std::string_view genre, const std::filesystem::path& folder,
                  std::string_view extension, std::size_t nth, CorpusUse rest) {
    for (const auto& file : files_of(folder, extension)) add(genre, file, nth, false, rest);
  }

  std::vector<CorpusDocument> take() { return std::move(documents_); }
  void count_anew() { count_ = 0; }

 private:
  std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder,
                                              std::string_view extension) const {
    std::error_code gone;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / folder, gone)) {
      if (entry.path().extension() == extension) files.push_back(folder / entry.path().filename());
    }
    std::ranges::sort(files);
    return files;
  }

  void finish(CorpusDocument document, std::size_t nth) {
    if (nth > 0 && count_++ % nth == nth - 1) document.use = CorpusUse::held_out;
    documents_.push_back(std::move(document));
  }

  std::filesystem::path folder_;
  std::vector<CorpusDocument> documents_;
  std::size_t count_ = 0;
};

}  // namespace

void clean_marks(std::vector<MarkedWord>& words) {
  for (std::size_t at = 0; at < words.size();) {
    if (!words[at].begins) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < words.size() && words[end].person && !words[end].begins) ++end;
    const bool user = (at > 0 && words[at - 1].word == "@") || words[at].word == "@";
    clean_mark(words, at, end, user);
    at = end;
  }
}

const std::vector<CorpusGenre>& corpus_genres() {
  static const std::vector<CorpusGenre> genres = {
      {kWorldNews,
       "en-worldwide-newswire, every 2nd article (no licence stated: measured on only)"},
      {kReports,
       "re3d without BBC and Wikipedia, every 5th document (OGL v3.0, CC BY 3.0 AU, "
       "public domain)"},
      {kEncyclopedia, "wikigold, every 6th document (CC BY 4.0)"},
      {kContracts, "SEC filings FIN3 (CC BY 3.0)"},
      {kTweets, "Broad Twitter Corpus, every 10th tweet (CC BY 4.0)"},
      {kOddTweets, "WNUT17 dev and test (CC BY 4.0)"}};
  return genres;
}

std::vector<CorpusDocument> read_name_corpora(const std::filesystem::path& folder) {
  Reader reader(folder);
  reader.add(kOddTweets, "WNUT17/data/train/wnut17train.conll", 0, true);
  reader.add(kOddTweets, "WNUT17/data/dev/emerging.dev.conll", 1, true);
  reader.add(kOddTweets, "WNUT17/data/test/emerging.test.annotated", 1, true);
  for (const char* part : {"a", "b", "e", "f", "g", "h"}) {
    reader.count_anew();
    reader.add(kTweets, "BTC/data/" + (std::string(part) + ".conll"), 10, true);
  }
  reader.add(kContracts, "SEC-filings/data/train/FIN5.txt", 0, false);
  reader.add(kContracts, "SEC-filings/data/test/FIN3.txt", 1, false);
  reader.count_anew();
  // by source, without Wikipedia's part: share-alike terms shall not reach the weights
  for (const char* part :
       {"Australian_Department_of_Foreign_Affairs", "CENTCOM",
        "Delegation_of_the_European_Union_to_Syria", "UK_Government", "US_State_Department"}) {
    reader.add_folder(kReports, std::filesystem::path("re3d") / part, ".conll", 5,
                      CorpusUse::train);
  }
  reader.count_anew();
  reader.add(kEncyclopedia, "wikigold/data/wikigold.conll.txt", 6, false);
  reader.count_anew();
  reader.add_folder(kWorldNews, "en-worldwide-newswire/processed_annotated", ".tsv", 2,
                    CorpusUse::look);
  return reader.take();
}

}  // namespace sealift::census::internal
