#include "census/people/resolve_doubts.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include "census/names/mailbox.h"
#include "census/names/match_nickname.h"

namespace sealift::census {
namespace {

constexpr std::uint8_t kSenior = 1;  // of MatchName::generation

// "ann roe": given name and surname in the order of the alphabet; and whether "Jr", "III" or the
// like goes with it.
using SumName = std::pair<std::string, bool>;

// What all nodes of a person say together.
struct Sum {
  std::set<SumName> names;
  std::set<std::string> families;  // surnames
  std::set<std::uint32_t> values;
  bool named = false;
  bool numbered = false;  // has a number that one person alone has
  bool born = false;
  bool staff = true;
  bool parent = false;
};

void add_names(const FeatureTable& table, const Node& node, Sum& sum) {
  for (const std::uint32_t at : node.names) {
    const MatchName& name = table.name(at);
    sum.named = true;
    sum.families.insert(name.family.begin(), name.family.end());
    for (const std::string& given : name.given) {
      if (given.size() < 2) continue;
      const std::string root(nickname_root(given));
      for (const std::string& family : name.family)
        sum.names.insert(
            {root < family ? root + " " + family : family + " " + root, name.generation > kSenior});
    }
  }
}

void add_node(const FeatureTable& table, const Node& node, Sum& sum) {
  add_names(table, node, sum);
  for (const Link& link : node.links) {
    sum.values.insert(link.value);
    sum.numbered =
        sum.numbered || link.kind == LinkKind::exclusive || link.kind == LinkKind::personal;
  }
  sum.born = sum.born || std::ranges::any_of(node.births, [](const Birth& birth) {
               return !birth.first_of_january;
             });
  sum.staff = sum.staff && node.staff;
  sum.parent = sum.parent || node.parent;
}

// How well a person is known among those of the same name: of equals the first.
using Rank = std::tuple<bool, std::size_t, std::uint32_t>;

Rank rank_of(const std::vector<Sum>& people, std::uint32_t person) {
  const Sum& sum = people[person];
  return {sum.numbered || sum.born, sum.values.size(), ~person};
}

// Whether the person may be a better known one of this name, with "Jr" or without. "Jr" is written
// to tell a child from the parent, who is then known by the child alone and is somebody all the
// same.
bool has_better(const std::map<SumName, Rank>& best, const Sum& sum, const Rank& rank) {
  return std::ranges::any_of(sum.names, [&](const SumName& name) {
    const auto other = best.find({name.first, !name.second});
    const bool is_told_apart = sum.parent && !name.second;
    return rank < best.at(name) || (!is_told_apart && other != best.end() && rank < other->second);
  });
}

void doubt_namesakes(const std::vector<Sum>& people, std::vector<Doubts>& doubts) {
  std::map<SumName, Rank> best;
  for (std::uint32_t person = 0; person < people.size(); ++person)
    for (const SumName& name : people[person].names) {
      const Rank rank = rank_of(people, person);
      const auto [at, is_new] = best.try_emplace(name, rank);
      if (!is_new && at->second < rank) at->second = rank;
    }
  for (std::uint32_t person = 0; person < people.size(); ++person) {
    const Sum& sum = people[person];
    if (sum.numbered || sum.born) continue;
    if (has_better(best, sum, rank_of(people, person))) doubts[person] |= bit(Doubt::namesake);
  }
}

void doubt_values(const FeatureTable& table, const std::vector<Sum>& people,
                  const std::vector<std::set<std::uint32_t>>& holders,
                  const std::vector<Link>& links, CaseDoubts& out) {
  constexpr std::size_t kFamiliesMax = 3;
  for (std::size_t value = 0; value < holders.size(); ++value) {
    if (holders[value].size() < 2) continue;
    const LinkKind kind = links[value].kind;
    Doubts doubts = 0;
    if (kind == LinkKind::exclusive || kind == LinkKind::personal) {
      doubts = bit(Doubt::another_holder);
    } else if (kind == LinkKind::phone || kind == LinkKind::email) {
      std::set<std::string> families;
      bool staff = false;
      bool others = false;
      for (const std::uint32_t person : holders[value]) {
        const Sum& sum = people[person];
        families.insert(sum.families.begin(), sum.families.end());
        (sum.staff ? staff : others) = true;
      }
      if ((staff && others) || families.size() > kFamiliesMax) doubts = bit(Doubt::many_holders);
    }
    if (doubts != 0)
      out.of_values.emplace_back(table.value(static_cast<std::uint32_t>(value)), doubts);
  }
}

// Mailboxes whose letters are the name of somebody of the case: of whom else they are said to be is
// doubtful (people.cc lets those be whose own names they are).
void doubt_mailboxes(const FeatureTable& table, const std::vector<std::set<std::uint32_t>>& holders,
                     const std::vector<Link>& links, CaseDoubts& out) {
  std::unordered_set<std::string> spelled;
  for (const Node& node : table.nodes())
    for (const std::uint32_t at : node.names)
      for (std::string& letters : mailboxes_of(table.name(at))) spelled.insert(std::move(letters));
  for (std::size_t value = 0; value < holders.size(); ++value) {
    if (holders[value].empty() || links[value].kind != LinkKind::email) continue;
    const std::string& key = table.value(static_cast<std::uint32_t>(value));
    if (spelled.contains(letters_of_mailbox(std::string_view(key).substr(1))))
      out.of_values.emplace_back(key, bit(Doubt::others_mailbox));
  }
}

// One entry a value, with all its doubts.
void join_doubts(std::vector<std::pair<std::string, Doubts>>& of_values) {
  std::ranges::sort(of_values);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < of_values.size(); ++at) {
    if (kept > 0 && of_values[kept - 1].first == of_values[at].first) {
      of_values[kept - 1].second |= of_values[at].second;
    } else {
      if (kept != at) of_values[kept] = std::move(of_values[at]);
      ++kept;
    }
  }
  of_values.resize(kept);
}

}  // namespace

std::string key_of_value(ElementType type, std::string_view value) {
  std::string key(1, static_cast<char>('A' + static_cast<int>(type)));
  return key.append(value);
}

CaseDoubts find_doubts(const FeatureTable& table,
                       const std::vector<std::uint32_t>& person_of_record, std::uint32_t people) {
  CaseDoubts out;
  std::vector<Sum> sums(people);
  std::vector<std::set<std::uint32_t>> holders(table.value_count());
  std::vector<Link> links(table.value_count());
  for (const Node& node : table.nodes()) {
    const std::uint32_t person = person_of_record[node.first_record];
    add_node(table, node, sums[person]);
    for (const Link& link : node.links) {
      holders[link.value].insert(person);
      links[link.value] = link;
    }
  }
  out.of_people.assign(people, 0);
  for (std::uint32_t person = 0; person < people; ++person) {
    const Sum& sum = sums[person];
    if (!sum.named) {
      out.of_people[person] |= bit(Doubt::nameless);
    } else if (sum.names.empty() && !sum.numbered) {
      out.of_people[person] |= bit(Doubt::one_word);
    }
  }
  doubt_namesakes(sums, out.of_people);
  doubt_values(table, sums, holders, links, out);
  doubt_mailboxes(table, holders, links, out);
  join_doubts(out.of_values);
  return out;
}

}  // namespace sealift::census
