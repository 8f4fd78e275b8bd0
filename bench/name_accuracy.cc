// name_accuracy: how well names of persons are found in running text. Run by `make accuracy`.
//
//   name_accuracy corpora DIR              precision and recall by genre on the held-out parts of
//                                          annotated corpora (census/names/name_corpora.h)
//   name_accuracy corpora DIR --wrong      what is missed and invented in the parts for looking at
//   name_accuracy texts SEALIFT-EXTRACT PATH  every name found in the texts below PATH:
//                                          N <tab> path <tab> name, and T <tab> path <tab> bytes
//                                          for each text, H <tab> path <tab> value for each mail
//                                          header; compared by tools/census/name_truth.py
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "census/detect/text_detector.h"
#include "census/kinds/text_fold.h"
#include "census/names/name_corpora.h"
#include "extract/pile.h"
#include "extract/pool.h"

namespace sealift {
namespace {

using census::internal::CorpusDocument;
using census::internal::CorpusUse;
using census::internal::MarkedText;
using Span = std::pair<std::size_t, std::size_t>;

struct Score {
  std::size_t documents = 0, bytes = 0;
  std::size_t words_true = 0, words_found = 0, words_right = 0;
  std::size_t names_true = 0, names_found = 0, names_right = 0, names_met = 0, found_met = 0;
};

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool overlap(const Span& a, const Span& b) { return a.first < b.second && b.first < a.second; }

// Words of a span, as places: letters in a row, apostrophes and hyphens between them.
void add_words(const std::string& text, const Span& span, std::set<std::size_t>* out) {
  bool in_word = false;
  for (std::size_t at = span.first; at < span.second; ++at) {
    const bool letter =
        census::is_ascii_letter(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80;
    if (letter && !in_word) out->insert(at);
    in_word = letter;
  }
}

MarkedText joined(const CorpusDocument& document) {
  MarkedText all;
  for (const MarkedText& sentence : document.sentences) {
    if (!all.text.empty()) all.text += ' ';
    for (const Span& name : sentence.names)
      all.names.emplace_back(name.first + all.text.size(), name.second + all.text.size());
    all.text += sentence.text;
  }
  return all;
}

void show_wrong(const char* what, const std::string& text, const Span& span) {
  const std::size_t from = span.first > 50 ? span.first - 50 : 0;
  std::printf("%s\t%s\t%s\n", what, text.substr(span.first, span.second - span.first).c_str(),
              text.substr(from, span.second + 40 - from).c_str());
}

void add(const census::TextDetector& detector, const MarkedText& text, bool wrong, Score* score) {
  std::vector<Span> found;
  for (const census::Finding& finding : detector.detect(text.text)) {
    if (finding.type == census::ElementType::name) found.emplace_back(finding.begin, finding.end);
  }
  std::set<std::size_t> words_true;
  std::set<std::size_t> words_found;
  for (const Span& name : text.names) {
    add_words(text.text, name, &words_true);
    bool met = false;
    for (const Span& each : found) {
      met = met || overlap(name, each);
      score->names_right += each == name ? 1 : 0;
    }
    score->names_met += met ? 1 : 0;
    if (wrong && !met) show_wrong("missed", text.text, name);
  }
  for (const Span& each : found) {
    add_words(text.text, each, &words_found);
    bool met = false;
    for (const Span& name : text.names) met = met || overlap(name, each);
    score->found_met += met ? 1 : 0;
    if (wrong && !met) show_wrong("invented", text.text, each);
  }
  score->documents += 1;
  score->bytes += text.text.size();
  score->words_true += words_true.size();
  score->words_found += words_found.size();
  for (const std::size_t word : words_found)
    score->words_right += words_true.contains(word) ? 1 : 0;
  score->names_true += text.names.size();
  score->names_found += found.size();
}

int measure_corpora(const std::string& folder, bool wrong) {
  const census::Models models = census::Models::built_in();
  const census::TextDetector detector(models);
  std::map<std::string_view, Score> scores;
  for (const CorpusDocument& document : census::internal::read_name_corpora(folder)) {
    if (document.use != (wrong ? CorpusUse::look : CorpusUse::held_out)) continue;
    add(detector, joined(document), wrong, &scores[document.genre]);
  }
  std::printf(
      "names in running text, parts held out of training: words recall/precision, names met "
      "by any overlap recall/precision, exactly recall/precision\n");
  for (const auto& genre : census::internal::corpus_genres()) {
    const Score& score = scores[genre.name];
    if (score.documents == 0) {
      std::printf("  %-17s NOT measured: not there\n", std::string(genre.name).c_str());
      continue;
    }
    std::printf(
        "  %-17s words %.3f/%.3f  met %.3f/%.3f  exact %.3f/%.3f  (%zu names in %zu texts, "
        "%zu KB: %s)\n",
        std::string(genre.name).c_str(), ratio(score.words_right, score.words_true),
        ratio(score.words_right, score.words_found), ratio(score.names_met, score.names_true),
        ratio(score.found_met, score.names_found), ratio(score.names_right, score.names_true),
        ratio(score.names_right, score.names_found), score.names_true, score.documents,
        score.bytes / 1000, std::string(genre.held_out).c_str());
  }
  return 0;
}

// ---- a pile of files

class NamePrinter : public document::Sink {
 public:
  explicit NamePrinter(const census::TextDetector& detector) : detector_(detector) {}

  void begin_file(document::FileBegin file) override { paths_.push_back(std::move(file.path)); }
  void text(document::Text text) override {
    if (text.role == document::TextRole::metadata || paths_.empty()) return;
    const std::string& path = paths_.back();
    std::printf("T\t%s\t%zu\n", path.c_str(), text.text.size());
    for (const census::Finding& finding : detector_.detect(text.text)) {
      if (finding.type == census::ElementType::name)
        std::printf("N\t%s\t%s\n", path.c_str(), finding.value.c_str());
    }
  }
  void table_rows(document::TableRows) override {}
  void mail_header(document::MailHeader header) override {
    if (!paths_.empty()) std::printf("H\t%s\t%s\n", paths_.back().c_str(), header.value.c_str());
  }
  void end_file(document::FileEnd) override { paths_.pop_back(); }

 private:
  const census::TextDetector& detector_;
  std::vector<std::string> paths_;
};

class Printing : public extract::Consumer {
 public:
  explicit Printing(const census::TextDetector& detector) : detector_(detector) {}
  std::unique_ptr<document::Sink> begin(std::size_t, extract::Pass) override {
    return std::make_unique<NamePrinter>(detector_);
  }
  void end(std::size_t, extract::Pass, std::unique_ptr<document::Sink>) override {}

 private:
  const census::TextDetector& detector_;
};

int print_texts(const std::string& program, const std::string& path) {
  const auto files = extract::list_pile({path});
  if (!files) return 1;
  const census::Models models = census::Models::built_in();
  const census::TextDetector detector(models);
  Printing printing(detector);
  const extract::PoolOptions options{.program = program, .jobs = 1, .ocr = extract::Ocr::off};
  return extract::extract_files(*files, options, printing) ? 0 : 1;
}

}  // namespace
}  // namespace sealift

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2 && arguments[0] == "corpora") {
    return sealift::measure_corpora(arguments[1],
                                    arguments.size() == 3 && arguments[2] == "--wrong");
  }
  if (arguments.size() == 3 && arguments[0] == "texts")
    return sealift::print_texts(arguments[1], arguments[2]);
  std::fprintf(stderr, "usage: name_accuracy corpora DIR | texts SEALIFT-EXTRACT PATH\n");
  return 2;
}
