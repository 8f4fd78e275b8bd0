// People resolution on synthetic records: households, namesakes, five records a person.
#include <benchmark/benchmark.h>

#include <random>

#include "census/people/resolve.h"

namespace sealift::census {
namespace {

std::string word(std::mt19937& random, std::uint32_t kinds) {
  // The square makes some names common and most rare.
  const double share = static_cast<double>(random() % 1'000'000) / 1e6;
  std::uint32_t number = static_cast<std::uint32_t>(share * share * kinds);
  std::string text;
  for (int i = 0; i < 5; ++i, number /= 20)
    text += {"bcdfghjklmnpqrstvwxz"[number % 20], "aeiou"[number % 5]};
  return text;
}

void add(Record& record, ElementType type, std::string value) {
  Element element;
  element.type = type;
  element.value = std::move(value);
  record.elements.push_back(std::move(element));
}

std::vector<Record> records_of(std::size_t count) {
  std::mt19937 random(1);
  std::vector<Record> records;
  for (std::uint64_t household = 0; records.size() < count; ++household) {
    const std::string family = word(random, 20'000);
    const std::string phone = "+1" + std::to_string(2'000'000'000 + household);
    const std::string address =
        std::to_string(household % 3000) + " " + word(random, 5000) + " ST, AJAX ON";
    for (int member = 0; member < 3; ++member) {
      const std::string name = word(random, 4000) + " " + family;
      const std::string born = std::to_string(1930 + random() % 85) + "-0" +
                               std::to_string(1 + random() % 9) + "-1" +
                               std::to_string(random() % 9);
      const std::string number =
          std::to_string(1'000'000'000 + household * 3 + static_cast<std::uint64_t>(member));
      for (int copy = 0; copy < 5; ++copy) {
        Record record;
        record.path = "folder/file" + std::to_string(records.size() / 100);
        record.ordinal = static_cast<std::uint32_t>(records.size() % 100);
        add(record, ElementType::name, name);
        if (copy != 1) add(record, ElementType::birth_date, born);
        if (copy % 2 == 0) add(record, ElementType::ca_on_health_number, number);
        if (copy != 2) add(record, ElementType::phone, phone);
        if (copy > 2) add(record, ElementType::address, address);
        records.push_back(std::move(record));
      }
    }
  }
  records.resize(count);
  return records;
}

void resolve_records(benchmark::State& state) {
  const std::vector<Record> records = records_of(static_cast<std::size_t>(state.range(0)));
  std::uint32_t people = 0;
  for (auto _ : state) {
    Resolver resolver;
    for (const Record& record : records) resolver.add(record);
    people = resolver.resolve({.jobs = 2}).people;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["people"] = people;
}
BENCHMARK(resolve_records)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace sealift::census
