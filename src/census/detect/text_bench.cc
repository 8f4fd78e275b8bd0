// Text stages in MB/s of one core: identifiers alone; everything, names and addresses too; and
// clean text that holds no personal data. `make bench` runs it.
#include <benchmark/benchmark.h>

#include <string>

#include "census/detect/text_detector.h"

namespace sealift::census {
namespace {

// About a megabyte of letters, notes and rows, all invented.
std::string office_text() {
  std::string text;
  for (int i = 0; text.size() < (1U << 20); ++i) {
    const std::string n = std::to_string(1000 + i % 9000);
    text += "Dear Mrs. Tremblay,\n\nRe: Anna Tremblay, born March 7, 1984 - file " + n +
            "\n\nThis service is provided in accordance with the applicable legislation and "
            "council policy. Supporting "
            "documents should be brought to the first meeting. Her number is 905-555-" +
            n + " and the best e-mail is anna." + n + "@mail.example.\nLives at " + n +
            " Elm Street, Ajax, ON L1S 9W7. Reports stress and takes nothing. SIN 130 692 "
            "544.\nThe committee meets again "
            "in the first week of the next quarter. The file will remain open until the follow-up "
            "is complete.\n";
  }
  return text;
}

// Program text and tables full of nine- and ten-digit numbers.
std::string clean_text() {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < (1U << 20)) {
    text += "static const uint32_t table[] = {";
    for (int i = 0; i < 16; ++i) {
      state = state * 1664525 + 1013904223;
      text += std::to_string(state) + ", ";
    }
    text +=
        "};\nfor (int k = 0; k < count; ++k) sum += table[k % 16] >> shift;  // mixes the halves "
        "of each word\n";
  }
  return text;
}

void run(benchmark::State& state, const std::string& text, Scope scope) {
  const Models models = Models::built_in();
  const TextDetector detector(models);
  for (auto _ : state) benchmark::DoNotOptimize(detector.detect(text, {.scope = scope}));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void identifiers_in_letters(benchmark::State& state) {
  run(state, office_text(), Scope::identifiers);
}
void everything_in_letters(benchmark::State& state) {
  run(state, office_text(), Scope::everything);
}
void identifiers_in_tables_of_numbers(benchmark::State& state) {
  run(state, clean_text(), Scope::identifiers);
}
void everything_in_tables_of_numbers(benchmark::State& state) {
  run(state, clean_text(), Scope::everything);
}

BENCHMARK(identifiers_in_letters);
BENCHMARK(everything_in_letters);
BENCHMARK(identifiers_in_tables_of_numbers);
BENCHMARK(everything_in_tables_of_numbers);

}  // namespace
}  // namespace sealift::census
