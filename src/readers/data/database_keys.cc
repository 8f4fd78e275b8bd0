#include "readers/data/database_keys.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/limits.h"

namespace sealift::readers {
namespace {

using Words = std::vector<std::string>;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z') || (c & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string singular(std::string word) {
  if (word.size() > 4 && word.ends_with("ies")) return word.substr(0, word.size() - 3) + "y";
  if (word.size() > 4 && (word.ends_with("sses") || word.ends_with("ches")))
    return word.substr(0, word.size() - 2);
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.pop_back();
  if (word == "people") return "person";
  return word;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_key_word(std::string_view word) {
  return one_of(word, {"id", "no", "num", "number", "key", "fk", "pk", "ref", "code", "uuid",
                       "guid", "oid", "rowid"});
}

// "dbo.tblPatients" -> patient
Words table_words(std::string_view name) {
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  Words words = words_of_column(name);
  if (words.size() > 1 && one_of(words.front(), {"tbl", "t", "tb", "table", "dim", "fact"}))
    words.erase(words.begin());
  if (!words.empty()) words.back() = singular(words.back());
  return words;
}

// "attending_physician_id" -> attending physician; empty when it does not look like a reference.
Words stem_of(std::string_view column) {
  Words words = words_of_column(column);
  const bool after = words.size() > 1 && is_key_word(words.back());
  const bool before = words.size() > 1 && one_of(words.front(), {"id", "fk"});
  if (!after && !before) return {};
  while (!words.empty() && is_key_word(words.back())) words.pop_back();
  while (!words.empty() && one_of(words.front(), {"id", "fk"})) words.erase(words.begin());
  if (!words.empty()) words.back() = singular(words.back());
  return words;
}

std::string joined(const Words& words) {
  std::string out;
  for (const std::string& word : words) (out += out.empty() ? "" : " ") += word;
  return out;
}

bool has_any(const Words& words, std::initializer_list<std::string_view> wanted) {
  return std::ranges::any_of(words, [&](const std::string& word) { return one_of(word, wanted); });
}

bool is_name_column(const Words& words) {
  if (has_any(words, {"lastname", "firstname", "surname", "lname", "fname", "fullname", "forename",
                      "prenom", "nom", "givenname", "familyname"}))
    return true;
  return has_any(words, {"last", "first", "middle", "given", "family", "full"}) &&
         has_any(words, {"name", "nm", "names"});
}

// Says who somebody is.
bool is_identity_column(const Words& words) {
  return is_name_column(words) || (words.size() <= 2 && !words.empty() && words.back() == "name") ||
         has_any(words,
                 {"dob", "birth", "birthdate", "birthday", "naissance", "born", "sin", "nas", "ssn",
                  "hcn", "ohip", "phn", "ramq", "nam", "health", "healthcard", "email"});
}

bool is_address_column(const Words& words) {
  return has_any(words, {"street", "address", "addr", "city", "town", "postal", "zip", "postcode",
                         "province", "adresse", "rue", "ville", "line1", "unit", "apt"});
}

enum class Holds { nothing, people, addresses, label };

Holds what_holds(const DatabaseTable& table) {
  std::size_t names = 0, plain_names = 0, identity = 0, addresses = 0;
  for (const std::string& column : table.columns) {
    const Words words = words_of_column(column);
    names += is_name_column(words) ? 1 : 0;
    plain_names += !words.empty() && words.back() == "name" ? 1 : 0;
    identity += is_identity_column(words) ? 1 : 0;
    addresses += is_address_column(words) ? 1 : 0;
  }
  if (names > 0 || (plain_names > 0 && identity > plain_names)) return Holds::people;
  if (addresses >= 2) return Holds::addresses;
  if (table.columns.size() == 2) return Holds::label;
  return Holds::nothing;
}

// Who wrote a row is not whom it is about.
bool is_bookkeeping(const Words& stem) {
  return has_any(stem, {"created", "updated", "modified", "entered", "deleted", "by", "author",
                        "user", "operator", "changed"});
}

struct Link {
  std::size_t column, table, key;
  Words stem;
};

class Finder {
 public:
  explicit Finder(const std::vector<DatabaseTable>& tables) : tables_(tables) {
    for (const DatabaseTable& table : tables) {
      names_.push_back(table_words(table.name));
      holds_.push_back(what_holds(table));
    }
    for (std::size_t i = 0; i < tables.size(); ++i) keys_.push_back(key_of(i));
    for (std::size_t i = 0; i < tables.size(); ++i) links_.push_back(links_of(i));
  }

  std::vector<Join> joins_of(std::size_t table) const {
    std::size_t columns = 0;
    return joins_of(table, {}, 0, columns);
  }

 private:
  std::optional<std::size_t> column_of(std::size_t table, std::string_view name) const;
  std::optional<std::size_t> key_of(std::size_t table) const;
  std::vector<Link> links_of(std::size_t table) const;
  std::optional<Link> link_by_name(std::size_t table, std::size_t column) const;
  std::optional<Link> link_declared(const DatabaseReference& reference, std::size_t table) const;
  std::vector<Join> joins_of(std::size_t table, const std::string& outer, int depth,
                             std::size_t& columns) const;

  const std::vector<DatabaseTable>& tables_;
  std::vector<Words> names_;
  std::vector<Holds> holds_;
  std::vector<std::optional<std::size_t>> keys_;
  std::vector<std::vector<Link>> links_;
};

bool equal_names(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<std::size_t> Finder::column_of(std::size_t table, std::string_view name) const {
  const auto& columns = tables_[table].columns;
  const auto at = std::ranges::find_if(columns, [&](auto& c) { return equal_names(c, name); });
  if (name.empty() || at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

// Declared; else "id", "patient_id" of patients; else a first column that looks like a key.
std::optional<std::size_t> Finder::key_of(std::size_t table) const {
  if (const auto declared = column_of(table, tables_[table].key)) return declared;
  if (const auto id = column_of(table, "id")) return id;
  const auto& columns = tables_[table].columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Words stem = stem_of(columns[i]);
    if (!stem.empty() && stem == names_[table]) return i;
  }
  if (!columns.empty()) {
    const Words words = words_of_column(columns.front());
    if (!words.empty() && is_key_word(words.back())) return 0;
  }
  return std::nullopt;
}

std::optional<Link> Finder::link_declared(const DatabaseReference& reference,
                                          std::size_t table) const {
  const auto column = column_of(table, reference.column);
  if (!column) return std::nullopt;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    const Words wanted = table_words(reference.table);
    if (names_[i] != wanted) continue;
    auto key = column_of(i, reference.target_column);
    if (!key) key = keys_[i];
    if (!key) return std::nullopt;
    Words stem = stem_of(reference.column);
    if (stem.empty()) stem = words_of_column(reference.column);
    return Link{*column, i, *key, std::move(stem)};
  }
  return std::nullopt;
}

std::optional<Link> Finder::link_by_name(std::size_t table, std::size_t column) const {
  const std::string& name = tables_[table].columns[column];
  const Words stem = stem_of(name);
  if (stem.empty()) return std::nullopt;
  std::optional<Link> best;
  std::size_t best_words = 0;
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (i == table || !keys_[i] || names_[i].empty()) continue;
    const Words& target = names_[i];
    const bool ends =
        stem.size() >= target.size() && std::equal(target.rbegin(), target.rend(), stem.rbegin());
    // "PatientID" in patients and in visits
    const std::string& key = tables_[i].columns[*keys_[i]];
    const bool same_key =
        equal_names(key, name) && holds_[i] != Holds::nothing && keys_[table] != column;
    if (!ends && !same_key) continue;
    const std::size_t words = ends ? target.size() + 1 : 1;
    if (words <= best_words) continue;
    best_words = words;
    best = Link{column, i, *keys_[i], stem};
  }
  return best;
}

std::vector<Link> Finder::links_of(std::size_t table) const {
  std::vector<Link> links;
  for (const DatabaseReference& reference : tables_[table].references)
    if (auto link = link_declared(reference, table); link && link->table != table)
      links.push_back(*std::move(link));
  for (std::size_t column = 0; column < tables_[table].columns.size(); ++column) {
    if (std::ranges::find(links, column, &Link::column) != links.end()) continue;
    if (auto link = link_by_name(table, column)) links.push_back(*std::move(link));
  }
  std::erase_if(links, [](const Link& link) { return is_bookkeeping(link.stem); });
  return links;
}

std::vector<Join> Finder::joins_of(std::size_t table, const std::string& outer, int depth,
                                   std::size_t& columns) const {
  constexpr int kDepthMax = 2;
  std::vector<Join> joins;
  const auto people = std::ranges::count_if(
      links_[table], [&](const Link& link) { return holds_[link.table] == Holds::people; });
  const bool nameless = holds_[table] != Holds::people;
  for (const Link& link : links_[table]) {
    Join join{link.column, link.table, link.key, {}, {}};
    // Rows that are about one person and name nobody themselves are that person's.
    const bool own = people == 1 && nameless && outer.empty() && link.stem == names_[link.table];
    std::string prefix = holds_[link.table] == Holds::people && !own ? joined(link.stem) : outer;
    const auto& there = tables_[link.table].columns;
    for (std::size_t i = 0; i < there.size() && columns < limits::kJoinedColumnsMax; ++i) {
      const Words words = words_of_column(there[i]);
      const Holds holds = holds_[link.table];
      const bool wanted = (holds == Holds::people && is_identity_column(words)) ||
                          (holds == Holds::addresses && i != link.key) ||
                          (holds == Holds::label && i != link.key);
      if (!wanted) continue;
      std::string name = there[i];
      if (holds == Holds::label) name = joined(link.stem);
      if (!prefix.empty() && holds != Holds::label) name = prefix + " " + name;
      join.columns.push_back({i, std::move(name)});
      ++columns;
    }
    if (depth + 1 < kDepthMax) join.inner = joins_of(link.table, prefix, depth + 1, columns);
    if (!join.columns.empty() || !join.inner.empty()) joins.push_back(std::move(join));
  }
  return joins;
}

}  // namespace

std::vector<std::string> words_of_column(std::string_view name) {
  Words words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool begins = is_upper(c) && i > 0 &&
                        (!is_upper(name[i - 1]) ||
                         (i + 1 < name.size() && !is_upper(name[i + 1]) && is_letter(name[i + 1])));
    if (!is_letter(c) && !is_digit(c)) {
      end();
      continue;
    }
    if (begins) end();
    word += lower(c);
  }
  end();
  return words;
}

std::vector<std::vector<Join>> find_joins(const std::vector<DatabaseTable>& tables) {
  std::vector<std::vector<Join>> joins;
  if (tables.size() > limits::kDatabaseTablesMax)
    return std::vector<std::vector<Join>>(tables.size());
  const Finder finder(tables);
  for (std::size_t i = 0; i < tables.size(); ++i) joins.push_back(finder.joins_of(i));
  return joins;
}

}  // namespace sealift::readers
