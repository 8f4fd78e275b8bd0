#include "census/people/resolve_features.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include "census/kinds/kind.h"
#include "census/kinds/text_fold.h"

namespace sealift::census {
namespace {

std::optional<LinkKind> link_kind(ElementType type) {
  const LinkKind link = kind_of(type).link;
  return link == LinkKind::none ? std::nullopt : std::optional(link);
}

int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_ascii_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::int32_t days_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return 0;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return days == 0 ? 1 : static_cast<std::int32_t>(days);
}

Birth birth_of(const Element& element) {
  Birth birth{.day = day_number(element.value),
              .first_of_january = element.value.ends_with("-01-01")};
  if (birth.day == 0 || !element.day_month_unsure) return birth;
  birth.swapped = days_of(number_at(element.value, 0, 4), number_at(element.value, 8, 2),
                          number_at(element.value, 5, 2));
  return birth;
}

template <typename T>
void insert_once(std::vector<T>& list, const T& item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

void mix(std::uint64_t& hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  hash ^= hash >> 29;
}

std::uint64_t hash_of(const Node& node) {
  std::uint64_t hash = 0;
  for (const std::uint32_t name : node.names) mix(hash, name + 1ULL);
  for (const Link& link : node.links)
    mix(hash, (1ULL << 40) + link.value * 2ULL + (link.recognised ? 1 : 0));
  for (const Birth& birth : node.births) {
    mix(hash, (2ULL << 40) + static_cast<std::uint32_t>(birth.day));
    mix(hash, static_cast<std::uint32_t>(birth.swapped));
  }
  mix(hash, static_cast<std::uint64_t>(node.child) | static_cast<std::uint64_t>(node.parent) << 1 |
                static_cast<std::uint64_t>(node.staff) << 2 |
                static_cast<std::uint64_t>(node.recognised) << 3 |
                static_cast<std::uint64_t>(node.uncertain) << 4);
  return hash;
}

bool same_features(const Node& a, const Node& b) {
  return a.names == b.names && a.links == b.links && a.births == b.births && a.child == b.child &&
         a.parent == b.parent && a.staff == b.staff && a.recognised == b.recognised &&
         a.uncertain == b.uncertain;
}

bool link_order(const Link& a, const Link& b) {
  return a.type != b.type ? a.type < b.type : a.value < b.value;
}

void set_flags(const Record& record, Node& node) {
  node.child = record.role == Role::student || record.role == Role::child || record.minor == true;
  node.parent = record.role == Role::guardian || record.role == Role::spouse;
  node.staff = record.role == Role::staff || record.work_data;
  node.uncertain = record.uncertain;
}

}  // namespace

std::uint32_t FeatureTable::intern_value(ElementType type, std::string value) {
  value.insert(value.begin(), static_cast<char>('A' + static_cast<int>(type)));  // key_of_value
  const auto [at, is_new] =
      value_ids_.try_emplace(std::move(value), static_cast<std::uint32_t>(values_by_id_.size()));
  if (is_new) values_by_id_.push_back(&at->first);
  return at->second;
}

std::uint32_t FeatureTable::intern_name(const std::string& written) {
  const auto [at, is_new] =
      name_ids_.try_emplace(written, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.push_back(match_name(written));
  return at->second;
}

std::uint32_t FeatureTable::add(const Record& record, Sharing sharing) {
  Node node;
  for (const Element& element : record.elements) {
    node.recognised = node.recognised || element.recognised;
    if (element.type == ElementType::name) {
      insert_once(node.names, intern_name(element.value));
    } else if (element.type == ElementType::birth_date) {
      if (const Birth birth = birth_of(element); birth.day != 0) insert_once(node.births, birth);
    } else if (const auto kind = link_kind(element.type)) {
      std::string value = *kind == LinkKind::address ? street_key(element.value) : element.value;
      if (value.empty()) continue;
      insert_once(node.links,
                  Link{*kind, element.type, intern_value(element.type, std::move(value)),
                       element.recognised});
    }
  }
  std::ranges::sort(node.links, link_order);
  set_flags(record, node);
  const auto record_at = static_cast<std::uint32_t>(node_of_record_.size());
  const std::uint64_t hash = hash_of(node);
  const auto [begin, end] = nodes_by_hash_.equal_range(hash);
  for (auto at = begin; at != end && sharing == Sharing::shared_node; ++at) {
    if (!same_features(nodes_[at->second], node)) continue;
    node_of_record_.push_back(at->second);
    return at->second;
  }
  node.first_record = record_at;
  const auto id = static_cast<std::uint32_t>(nodes_.size());
  if (sharing == Sharing::shared_node) nodes_by_hash_.emplace(hash, id);
  nodes_.push_back(std::move(node));
  node_of_record_.push_back(id);
  return id;
}

void FeatureTable::part_last() {
  Node own = nodes_[node_of_record_.back()];
  own.first_record = static_cast<std::uint32_t>(node_of_record_.size() - 1);
  node_of_record_.back() = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back(std::move(own));
}

std::string street_key(std::string_view address) {
  const std::vector<std::string> words = folded_words(address);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (!std::ranges::all_of(words[i], is_ascii_digit)) continue;
    std::size_t street = i + 1;
    if (words[street] == "rue" && street + 1 < words.size()) ++street;
    const std::string& word = words[street];
    if (word.size() >= 3 && std::ranges::all_of(word, is_ascii_lower)) return words[i] + " " + word;
  }
  return "";
}

std::int32_t day_number(std::string_view iso_date) {
  if (iso_date.size() < 10) return 0;
  const int year = number_at(iso_date, 0, 4);
  const int month = number_at(iso_date, 5, 2);
  const int day = number_at(iso_date, 8, 2);
  return year < 0 || month < 0 || day < 0 ? 0 : days_of(year, month, day);
}

}  // namespace sealift::census
