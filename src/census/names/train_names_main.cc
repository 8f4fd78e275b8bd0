// train-names: makes data/names/names.model. Run by `make train-names`; docs/census/names.md.
//
//   train-names CORPORA LISTS WORDS TEMPLATES OUT
//
// CORPORA: the folder with WNUT17, BTC, SEC-filings, re3d and wikigold. LISTS: what
// tools/census/name_lists.py prints. WORDS: ordinary words, one a line. Prints precision and recall
// on the sentences that were held out. An averaged perceptron over hashed features (Collins 2002).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "census/kinds/text_fold.h"
#include "census/names/models.h"
#include "census/names/name_corpora.h"
#include "census/names/name_features.h"
#include "census/names/name_training_text.h"

namespace sealift::census {
namespace {

using internal::CorpusDocument;
using internal::CorpusUse;
using internal::MarkedText;
using internal::NameFeatures;
using internal::NameLists;
using internal::NameToken;
using internal::TrainingRandom;

constexpr std::uint32_t kLexiconLog2 = 18;
constexpr std::uint32_t kWeightsLog2 = 20;
constexpr int kEpochs = 6;
constexpr int kTemplateFills = 160;
// Of a hundred words that the lists know, so many are learnt as if they did not, so that names
// which no list has are found too.
constexpr unsigned kForgottenNames = 25;
constexpr unsigned kForgottenOthers = 10;

struct Counts {
  double given = 0, surname = 0, word = 0, place = 0;
};

std::uint8_t level(double count, double step) {
  if (count <= 0) return 0;
  return static_cast<std::uint8_t>(std::clamp(std::lround(std::log2(count + 1) * step), 1L, 15L));
}

bool is_plain(const std::string& folded) {
  return folded.size() >= 2 && folded.size() <= 20 &&
         std::ranges::all_of(folded, [](char c) { return is_ascii_lower(c) || c == '-'; });
}

class Trainer {
 public:
  void read_lists(const std::string& path);
  void read_words(const std::string& path);
  void read_corpora(const std::filesystem::path& folder);
  void read_templates(const std::string& path);
  void train();
  std::string file() const;

 private:
  struct Example {
    std::vector<NameToken> tokens;
    std::vector<bool> names;
  };

  std::string header() const;
  std::string lexicon() const;
  Example example_of(const MarkedText& text) const;
  void learn(const Example& example);
  void update(const NameFeatures& features, float by);
  double score(const NameFeatures& features) const;
  void add_document(const CorpusDocument& document, TrainingRandom& random);
  void read_place(const std::string& name, double inhabitants);
  Example forgetful(const Example& example, TrainingRandom& random) const;

  std::map<std::string, Counts> counts_;
  NameLists lists_;
  std::vector<MarkedText> texts_;
  std::string file_;
  Models models_;
  std::vector<float> weights_ = std::vector<float>(std::size_t{1} << kWeightsLog2);
  std::vector<float> sums_ = std::vector<float>(std::size_t{1} << kWeightsLog2);
  double step_ = 1;
};

std::string lexicon_key(const std::string& name) {
  std::string folded;
  for (const char c : fold(name)) {
    if (c != '.' && c != '\'') folded.push_back(c);
  }
  return folded;
}

// Each word of a town's name; of several words each is a weaker sign.
void Trainer::read_place(const std::string& name, double inhabitants) {
  lists_.places.push_back(name);
  const std::vector<std::string> words = folded_words(name);
  for (const std::string& word : words) {
    if (!is_plain(word) || word.size() < 3) continue;
    Counts& counts = counts_[word];
    counts.place = std::max(counts.place, inhabitants / (words.size() > 1 ? 20000 : 1000));
  }
}

void Trainer::read_lists(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.rfind('\t');
    if (first != 1 || second <= first) continue;
    const std::string name = line.substr(2, second - 2);
    const double count = std::stod(line.substr(second + 1));
    if (line[0] == 'C') {
      read_place(name, count);
      continue;
    }
    const std::string folded = lexicon_key(name);
    if (!is_plain(folded)) continue;
    Counts& counts = counts_[folded];
    if (line[0] == 'G') {
      counts.given = std::max(counts.given, count);
      if (count >= 300) lists_.given.push_back(name);
      if (count >= 4001) lists_.common_given.push_back(name);
    } else {
      counts.surname = std::max(counts.surname, count);
      lists_.surnames.push_back(name);
    }
  }
}

void Trainer::read_words(const std::string& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!is_plain(line) || line.size() > 16) continue;
    counts_[line].word = std::max(counts_[line].word, 8.0);
    lists_.words.push_back(line);
  }
}

// Sentences by themselves, and in runs as they stand in running text.
void Trainer::add_document(const CorpusDocument& document, TrainingRandom& random) {
  MarkedText run;
  std::size_t left = 1 + random.below(4);
  for (const MarkedText& sentence : document.sentences) {
    internal::append_text(run, sentence, random.chance(85) ? " " : "\n");
    if (--left > 0) continue;
    texts_.push_back(std::move(run));
    run = {};
    left = 1 + random.below(4);
  }
  if (!run.text.empty()) texts_.push_back(std::move(run));
}

void Trainer::read_corpora(const std::filesystem::path& folder) {
  TrainingRandom random(31);
  for (const CorpusDocument& document : internal::read_name_corpora(folder)) {
    if (document.use == CorpusUse::train) add_document(document, random);
  }
  // words that people write in lower case are ordinary words
  for (const MarkedText& text : texts_) {
    for (std::size_t i = 0; i < text.text.size();) {
      std::size_t end = i;
      while (end < text.text.size() && is_ascii_lower(text.text[end])) ++end;
      if (end > i + 1) counts_[text.text.substr(i, end - i)].word += 1;
      while (end < text.text.size() && is_ascii_alnum(text.text[end])) ++end;
      i = end + 1;
    }
  }
}

void Trainer::read_templates(const std::string& path) {
  std::ifstream in(path);
  TrainingRandom random(20260101);
  const std::size_t corpora = texts_.size();
  for (int copy = 0; copy < 4; ++copy) {
    for (std::size_t i = 0; i < corpora; ++i) {
      if (!texts_[i].names.empty())
        texts_.push_back(internal::with_other_names(texts_[i], lists_, random));
    }
  }
  for (std::size_t i = 0; i < corpora; ++i) {
    if (random.chance(4)) texts_.push_back(internal::in_capitals(texts_[i]));
  }
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const int fills = line.find('{') == line.npos ? kTemplateFills / 10 : kTemplateFills;
    for (int i = 0; i < fills; ++i) texts_.push_back(internal::fill_template(line, lists_, random));
  }
}

std::string Trainer::header() const {
  std::string out = "SLNM0002";
  for (const std::uint32_t value : {kLexiconLog2, kWeightsLog2}) {
    for (int shift = 0; shift < 32; shift += 8)
      out.push_back(static_cast<char>(value >> shift & 255));
  }
  return out;
}

std::string Trainer::lexicon() const {
  std::vector<std::uint32_t> slots(std::size_t{1} << kLexiconLog2);
  // the most telling words first, so that a full table loses the rarest
  std::vector<std::pair<double, const std::string*>> order;
  for (const auto& [word, counts] : counts_) {
    order.emplace_back(-(counts.given + counts.surname + counts.word * 40 + counts.place * 40),
                       &word);
  }
  std::ranges::sort(order, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : *a.second < *b.second;
  });
  std::size_t used = 0;
  for (const auto& [weight, word] : order) {
    const Counts& counts = counts_.at(*word);
    if (used * 20 > slots.size() * 17 || word->empty()) break;
    const std::uint32_t hash = internal::word_hash(*word);
    const std::uint32_t entry =
        hash >> 16 << 16 | static_cast<std::uint32_t>(level(counts.given, 0.65)) << 12 |
        static_cast<std::uint32_t>(level(counts.surname, 0.65)) << 8 |
        static_cast<std::uint32_t>(level(counts.word, 1.2)) << 4 | level(counts.place, 0.9);
    std::uint32_t at = hash * 0x9E3779B1U >> 7;
    for (int probe = 0; probe < 64; ++probe, ++at) {
      std::uint32_t& slot = slots[at & (slots.size() - 1)];
      if (slot != 0 && slot >> 16 != entry >> 16) continue;
      if (slot == 0) {
        slot = entry;
        ++used;
      }
      break;
    }
  }
  std::string out;
  for (const std::uint32_t slot : slots) {
    for (int shift = 0; shift < 32; shift += 8)
      out.push_back(static_cast<char>(slot >> shift & 255));
  }
  std::fprintf(stderr, "lexicon: %zu words\n", used);
  return out;
}

Trainer::Example Trainer::example_of(const MarkedText& text) const {
  Example example;
  example.tokens = internal::name_tokens(text.text, models_);
  for (const NameToken& token : example.tokens) {
    bool name = false;
    for (const auto& [begin, end] : text.names)
      name = name || (token.begin >= begin && token.begin < end);
    example.names.push_back(name);
  }
  return example;
}

Trainer::Example Trainer::forgetful(const Example& example, TrainingRandom& random) const {
  Example out = example;
  for (std::size_t i = 0; i < out.tokens.size(); ++i) {
    if (!random.chance(out.names[i] ? kForgottenNames : kForgottenOthers)) continue;
    out.tokens[i].levels = {};
    out.tokens[i].use = 0;
  }
  return out;
}

double Trainer::score(const NameFeatures& features) const {
  double sum = 0;
  for (const std::uint32_t feature : features)
    sum += static_cast<double>(weights_[feature & (weights_.size() - 1)]);
  return sum;
}

void Trainer::update(const NameFeatures& features, float by) {
  for (const std::uint32_t feature : features) {
    const std::size_t at = feature & (weights_.size() - 1);
    weights_[at] += by;
    sums_[at] += static_cast<float>(step_) * by;
  }
}

void Trainer::learn(const Example& example) {
  bool previous = false;
  bool before_previous = false;
  NameFeatures features;
  for (std::size_t i = 0; i < example.tokens.size(); ++i) {
    bool guess = false;
    if (example.tokens[i].may_be_name(previous)) {
      internal::name_features(example.tokens, i, previous, before_previous, &features);
      const double margin = score(features) * (example.names[i] ? 1 : -1);
      guess = (margin > 0) == example.names[i];
      // a margin keeps features in use that the greedy guess did not need
      if (margin <= 2) update(features, example.names[i] ? 1.0F : -1.0F);
      step_ += 1;
    }
    before_previous = previous;
    previous = guess;
  }
}

void Trainer::train() {
  file_ = header() + lexicon() + std::string(std::size_t{1} << kWeightsLog2, '\0');
  models_ = *Models::parse(base::bytes_of(file_));
  std::vector<Example> examples;
  for (const MarkedText& text : texts_) examples.push_back(example_of(text));
  TrainingRandom random(7);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    for (std::size_t i = examples.size(); i > 1; --i)
      std::swap(examples[i - 1], examples[random.below(i)]);
    for (const Example& example : examples) learn(forgetful(example, random));
    std::fprintf(stderr, "epoch %d of %d, %zu texts\n", epoch + 1, kEpochs, examples.size());
  }
  std::vector<float> averaged(weights_.size());
  float largest = 0;
  std::vector<float> sizes;
  for (std::size_t i = 0; i < averaged.size(); ++i) {
    averaged[i] = weights_[i] - sums_[i] / static_cast<float>(step_);
    if (averaged[i] != 0) sizes.push_back(std::abs(averaged[i]));
  }
  std::ranges::sort(sizes);
  largest = sizes[sizes.size() * 9990 / 10000];
  for (std::size_t i = 0; i < averaged.size(); ++i) {
    const auto value =
        static_cast<signed char>(std::clamp(std::lround(averaged[i] * 127 / largest), -127L, 127L));
    file_[file_.size() - averaged.size() + i] = static_cast<char>(value);
  }
  std::fprintf(stderr, "%zu weights, unit %.4f\n", sizes.size(),
               static_cast<double>(largest) / 127);
}

std::string Trainer::file() const { return file_; }

}  // namespace
}  // namespace sealift::census

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: train-names CORPORA LISTS WORDS TEMPLATES OUT\n");
    return 2;
  }
  sealift::census::Trainer trainer;
  trainer.read_lists(argv[2]);
  trainer.read_words(argv[3]);
  trainer.read_corpora(argv[1]);
  trainer.read_templates(argv[4]);
  trainer.train();
  std::ofstream out(argv[5], std::ios::binary);
  out << trainer.file();
  return out.good() ? 0 : 1;
}
