// train-meaning: the weights of meaning_model.h from columns whose meaning is known.
//
//   train-meaning OUT COLUMNS.tsv [GENRE]  writes the model, without what GENRE has
//   train-meaning --rotate COLUMNS.tsv     leaves out one genre after the other: how many of its
//                                          columns the others' weights read right
//
// A line of COLUMNS.tsv is genre, field, role, group header, label and the values, parted by tabs;
// values by 0x1F, line breaks in them 0x1E (tools/census/forge/forge.py). Multinomial logistic
// regression, AdaGrad; the same input gives the same file.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "census/structure/header_phrases.h"
#include "census/structure/meaning_model.h"

namespace sealift::census {
namespace {

constexpr std::uint32_t kLabelLog2 = 14;
constexpr int kEpochs = 10;
constexpr float kRate = 0.25F;
constexpr float kShrink = 1e-6F;

struct Column {
  std::string genre, group, label;
  std::size_t field = 0, subject = 0;
  std::vector<std::string> values = {};
};

struct Example {
  std::vector<std::uint32_t> features;
  std::size_t label = 0;
};

// A generator with one order on every machine.
struct Order {
  std::uint64_t state = 0x9E3779B97F4A7C15ULL;
  std::size_t below(std::size_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % bound;
  }
};

struct Weights {
  Weights(std::size_t rows, std::size_t columns)
      : classes(columns), values(rows * columns), squares(rows * columns, 1e-6F) {}

  std::vector<float> scores(const std::vector<std::uint32_t>& features) const {
    std::vector<float> sums(classes);
    for (const std::uint32_t f : features)
      for (std::size_t c = 0; c < classes; ++c) sums[c] += values[f * classes + c];
    const float most = *std::ranges::max_element(sums);
    float all = 0;
    for (float& sum : sums) all += sum = std::exp(sum - most);
    for (float& sum : sums) sum /= all;
    return sums;
  }

  void learn(const std::vector<Example>& examples) {
    Order order;
    std::vector<std::size_t> at(examples.size());
    std::iota(at.begin(), at.end(), 0);
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
      for (std::size_t i = at.size(); i > 1; --i) std::swap(at[i - 1], at[order.below(i)]);
      for (const std::size_t i : at) step(examples[i]);
    }
  }

  void step(const Example& example) {
    std::vector<float> slope = scores(example.features);
    slope[example.label] -= 1;
    for (const std::uint32_t f : example.features) {
      for (std::size_t c = 0; c < classes; ++c) {
        const std::size_t w = f * classes + c;
        const float g = slope[c] + kShrink * values[w];
        squares[w] += g * g;
        values[w] -= kRate * g / std::sqrt(squares[w] + 1.0F);
      }
    }
  }

  std::size_t classes;
  std::vector<float> values, squares;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c == '\x1E' ? '\n' : c);
    }
  }
  return parts;
}

std::size_t field_number(const std::string& name) {
  for (std::size_t i = 0; i < kFields; ++i)
    if (to_string(static_cast<Field>(i)) == name) return i;
  return kFields;
}

Subject subject_of_role(const std::string& role) {
  if (role == "child") return Subject::child;
  if (role == "guardian") return Subject::guardian;
  if (role == "spouse") return Subject::spouse;
  if (role == "emergency_contact") return Subject::emergency_contact;
  if (role == "staff") return Subject::staff;
  return role == "owner" ? Subject::owner : Subject::self;
}

std::vector<Column> read_columns(const std::string& path) {
  std::vector<Column> columns;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string> cells = split(line, '\t');
    if (cells.size() != 6) continue;
    Column column{.genre = cells[0], .group = cells[3], .label = cells[4]};
    column.field = field_number(cells[1]);
    column.subject = static_cast<std::size_t>(subject_of_role(cells[2]));
    if (column.field == kFields) continue;
    for (std::string& value : split(cells[5], '\x1F'))
      if (!value.empty()) column.values.push_back(std::move(value));
    columns.push_back(std::move(column));
  }
  return columns;
}

struct Learnt {
  Weights fields{std::size_t{1} << kLabelLog2, kFields};
  Weights subjects{std::size_t{1} << kLabelLog2, kSubjects};
  Weights values{internal::kValueFeatures, kFields};
};

std::vector<std::uint32_t> features_of_label(std::string_view label, std::string_view group) {
  std::vector<std::uint32_t> features = internal::label_features(label, group);
  for (std::uint32_t& f : features) f &= (1U << kLabelLog2) - 1;
  return features;
}

std::vector<std::string_view> some_values(const Column& column, std::size_t most, Order& order) {
  std::vector<std::string_view> values(column.values.begin(), column.values.end());
  while (values.size() > most) values.erase(values.begin() + order.below(values.size()));
  return values;
}

constexpr DateHint kDates = {.as_of = {2021, 1, 20}};

// Columns of `without` are left out, "" leaves out none.
Learnt learn(const std::vector<Column>& columns, const Models& names, const std::string& without) {
  Learnt learnt;
  std::vector<Example> fields;
  std::vector<Example> subjects;
  std::vector<Example> values;
  std::set<std::string> known;
  Order order;
  for (const Column& column : columns) {
    if (column.genre == without) continue;
    const std::size_t label_field = column.field == static_cast<std::size_t>(Field::composite)
                                        ? static_cast<std::size_t>(Field::full_name)
                                        : column.field;
    const std::string key = column.label + "\t" + column.group + "\t" +
                            std::to_string(label_field) + "/" + std::to_string(column.subject);
    if (!column.label.empty() && known.insert(key).second) {
      const auto features = features_of_label(column.label, column.group);
      fields.push_back({features, label_field});
      subjects.push_back({features, column.subject});
    }
    for (const std::size_t most : {std::size_t{1}, std::size_t{4}, internal::kMeaningValuesMax}) {
      const auto some = some_values(column, most, order);
      if (!some.empty())
        values.push_back({internal::value_features(some, names, kDates), column.field});
    }
  }
  for (const internal::HeaderPhrase& phrase : internal::all_header_phrases())
    fields.push_back({features_of_label(phrase.words, ""), static_cast<std::size_t>(phrase.field)});
  for (const internal::SubjectWord& word : internal::all_subject_words())
    subjects.push_back({features_of_label(word.word, ""), static_cast<std::size_t>(word.subject)});
  learnt.fields.learn(fields);
  learnt.subjects.learn(subjects);
  learnt.values.learn(values);
  return learnt;
}

// What says nothing personal is one kind here.
bool is_same(std::size_t a, std::size_t b) {
  const auto pooled = [](std::size_t f) {
    const auto field = static_cast<Field>(f);
    return field >= Field::assessed_value && field != Field::composite;
  };
  return a == b || (pooled(a) && pooled(b));
}

struct Tally {
  std::size_t all = 0, values = 0, label = 0, both = 0, subjects = 0, few = 0, sure = 0,
              sure_right = 0;
  double log_loss = 0;
};

std::size_t best(const std::vector<float>& scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

Tally measure(const Learnt& learnt, const std::vector<Column>& columns, const Models& names,
              const std::string& genre) {
  Tally tally;
  Order order;
  for (const Column& column : columns) {
    if (column.genre != genre || column.values.empty() || column.label.empty()) continue;
    const auto of_label = learnt.fields.scores(features_of_label(column.label, column.group));
    const auto of_values = learnt.values.scores(internal::value_features(
        some_values(column, internal::kMeaningValuesMax, order), names, kDates));
    const auto of_few = learnt.values.scores(
        internal::value_features(some_values(column, 2, order), names, kDates));
    std::vector<float> both(kFields);
    float sum = 0;
    for (std::size_t i = 0; i < kFields; ++i)
      sum += both[i] = std::exp(std::log(of_values[i] + 0.01F / kFields) +
                                0.5F * std::log(of_label[i] + 0.01F / kFields));
    ++tally.all;
    tally.values += is_same(best(of_values), column.field) ? 1 : 0;
    tally.few += is_same(best(of_few), column.field) ? 1 : 0;
    tally.label += is_same(best(of_label), column.field) ? 1 : 0;
    tally.both += is_same(best(both), column.field) ? 1 : 0;
    tally.subjects += best(learnt.subjects.scores(features_of_label(column.label, column.group))) ==
                              column.subject
                          ? 1
                          : 0;
    if (both[best(both)] / sum >= 0.8F) {
      ++tally.sure;
      tally.sure_right += is_same(best(both), column.field) ? 1 : 0;
    }
  }
  return tally;
}

void rotate(const std::vector<Column>& columns, const Models& names) {
  std::set<std::string> genres;
  for (const Column& column : columns) genres.insert(column.genre);
  std::printf(
      "left out     columns  values  two values  label  both  whose  sure  right if sure\n");
  for (const std::string& genre : genres) {
    const Learnt learnt = learn(columns, names, genre);
    const Tally t = measure(learnt, columns, names, genre);
    if (t.all == 0) continue;
    const auto share = [&](std::size_t n) {
      return static_cast<double>(n) / static_cast<double>(t.all);
    };
    std::printf(
        "%-12s %7zu  %6.3f  %10.3f  %5.3f  %4.3f  %5.3f  %4.3f  %.3f\n", genre.c_str(), t.all,
        share(t.values), share(t.few), share(t.label), share(t.both), share(t.subjects),
        share(t.sure),
        static_cast<double>(t.sure_right) / static_cast<double>(std::max<std::size_t>(1, t.sure)));
  }
}

void put_weights(const Weights& weights, std::ofstream& out) {
  for (const float weight : weights.values)
    out.put(static_cast<char>(std::lround(std::clamp(weight * 16, -127.0F, 127.0F))));
}

int write_model(const Learnt& learnt, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << "SLMM0001";
  for (int shift = 0; shift < 32; shift += 8)
    out.put(static_cast<char>(kLabelLog2 >> shift & 0xFF));
  put_weights(learnt.fields, out);
  put_weights(learnt.subjects, out);
  put_weights(learnt.values, out);
  out.flush();
  return out ? 0 : 1;
}

}  // namespace
}  // namespace sealift::census

int main(int count, char** arguments) {
  using namespace sealift::census;
  if (count < 3 || count > 4) {
    std::cerr << "usage: train-meaning OUT COLUMNS.tsv [GENRE] | --rotate COLUMNS.tsv\n";
    return 2;
  }
  const std::vector<Column> columns = read_columns(arguments[2]);
  if (columns.empty()) {
    std::cerr << "train-meaning: no columns in " << arguments[2] << "\n";
    return 1;
  }
  const Models names = Models::built_in();
  if (std::string_view(arguments[1]) == "--rotate") {
    rotate(columns, names);
    return 0;
  }
  return write_model(learn(columns, names, count == 4 ? arguments[3] : ""), arguments[1]);
}
