#include "census/people/resolve.h"

#include <algorithm>
#include <thread>
#include <unordered_map>

#include "base/check.h"
#include "census/people/resolve_blocks.h"
#include "census/people/resolve_cluster.h"

namespace sealift::census {
namespace {

constexpr float kJoinBits = 3;        // of a pair that shares a value
constexpr float kJoinByNameBits = 2;  // of groups that share a name alone, when nobody else has it
constexpr std::size_t kSameNameMax = 48;  // more groups of one name than this: too common to tell
constexpr std::size_t kPairsAJob = 50'000;
constexpr std::uint32_t kNoRecord = 0xFFFFFFFF;

struct Edge {
  NodePair pair;
  Score score;
};

void score_range(const FeatureTable& table, const Scorer& scorer, std::span<const NodePair> pairs,
                 std::vector<Edge>& edges) {
  for (const NodePair& pair : pairs) {
    const Score score = scorer.score(table.nodes()[pair.first], table.nodes()[pair.second]);
    if (!score.veto && score.bits >= kJoinBits && score.has_shared_value())
      edges.push_back({pair, score});
  }
}

// Each thread has its own stretch of the pairs and its own list: the result is in the pairs' order.
std::vector<Edge> score_pairs(const FeatureTable& table, const Scorer& scorer,
                              const std::vector<NodePair>& pairs, unsigned jobs) {
  const std::size_t parts =
      std::clamp<std::size_t>(pairs.size() / kPairsAJob, 1, std::max(1U, jobs));
  std::vector<std::vector<Edge>> found(parts);
  std::vector<std::thread> threads;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t begin = pairs.size() * part / parts;
    const std::size_t end = pairs.size() * (part + 1) / parts;
    const std::span<const NodePair> mine(pairs.data() + begin, end - begin);
    if (part + 1 == parts) {
      score_range(table, scorer, mine, found[part]);
    } else {
      threads.emplace_back([&, mine, part] { score_range(table, scorer, mine, found[part]); });
    }
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Edge> edges = std::move(found.front());
  for (std::size_t part = 1; part < parts; ++part)
    edges.insert(edges.end(), found[part].begin(), found[part].end());
  return edges;
}

class Joiner {
 public:
  Joiner(const FeatureTable& table, const Scorer& scorer, Clusters& clusters,
         std::vector<Merge>& merges)
      : table_(table), scorer_(scorer), clusters_(clusters), merges_(merges) {}

  void join_by_values(std::vector<Edge> edges) {
    std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
      return a.score.bits != b.score.bits ? a.score.bits > b.score.bits : a.pair < b.pair;
    });
    for (const Edge& edge : edges) {
      const std::uint32_t a = clusters_.find(edge.pair.first);
      const std::uint32_t b = clusters_.find(edge.pair.second);
      if (a == b || clusters_.clash(a, b)) continue;
      clusters_.join(a, b);
      note(edge.pair.first, edge.pair.second, edge.score.bits, edge.score.grounds);
    }
  }

  void join_by_name() {
    for (const std::vector<std::uint32_t>& namesakes : namesakes_by_key()) {
      std::vector<std::uint32_t> roots;
      roots.reserve(namesakes.size());
      for (const std::uint32_t node : namesakes) roots.push_back(clusters_.find(node));
      std::ranges::sort(roots);
      roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
      if (roots.size() >= 2 && roots.size() <= kSameNameMax) join_namesakes(roots);
    }
  }

 private:
  // Lists of nodes that share a name key, in the order of their first node.
  std::vector<std::vector<std::uint32_t>> namesakes_by_key() const {
    std::unordered_map<std::uint64_t, std::size_t> list_of_key;
    std::vector<std::vector<std::uint32_t>> lists;
    for (std::uint32_t at = 0; at < table_.nodes().size(); ++at) {
      for (const std::uint32_t name : table_.nodes()[at].names) {
        for (const std::uint64_t key : name_keys(table_.name(name))) {
          const auto [found, is_new] = list_of_key.try_emplace(key, lists.size());
          if (is_new) lists.emplace_back();
          if (lists[found->second].empty() || lists[found->second].back() != at)
            lists[found->second].push_back(at);
        }
      }
    }
    std::erase_if(lists, [](const auto& list) { return list.size() < 2; });
    return lists;
  }

  bool can_be_namesake(std::uint32_t a, std::uint32_t b, Score& score) const {
    const Node& x = clusters_.group(a);
    const Node& y = clusters_.group(b);
    if (x.staff != y.staff) return false;
    score = scorer_.score(x, y);
    return !score.veto && score.bits >= kJoinByNameBits && !clusters_.clash(a, b);
  }

  // Joins those of whom each fits all that any of them fits: nobody else could be meant.
  void join_namesakes(const std::vector<std::uint32_t>& roots) {
    const std::size_t count = roots.size();
    std::vector<std::vector<Score>> scores(count, std::vector<Score>(count));
    std::vector<std::vector<bool>> fits(count, std::vector<bool>(count, false));
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = i + 1; j < count; ++j)
        fits[i][j] = fits[j][i] = can_be_namesake(roots[i], roots[j], scores[i][j]);
    for (std::size_t i = 0; i < count; ++i) fits[i][i] = true;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = i + 1; j < count; ++j)
        if (fits[i][j] && fits[i] == fits[j]) join_pair(roots[i], roots[j], scores[i][j]);
  }

  void join_pair(std::uint32_t a, std::uint32_t b, const Score& score) {
    const std::uint32_t root_a = clusters_.find(a);
    const std::uint32_t root_b = clusters_.find(b);
    if (root_a == root_b || clusters_.clash(root_a, root_b)) return;
    clusters_.join(root_a, root_b);
    note(a, b, score.bits, score.grounds | bit(Ground::only_of_that_name));
  }

  void note(std::uint32_t a, std::uint32_t b, float bits, int grounds) {
    merges_.push_back({table_.nodes()[a].first_record, table_.nodes()[b].first_record, bits,
                       static_cast<std::uint16_t>(grounds)});
  }

  const FeatureTable& table_;
  const Scorer& scorer_;
  Clusters& clusters_;
  std::vector<Merge>& merges_;
};

void number_people(const FeatureTable& table, const Clusters& clusters, Resolution& out) {
  std::unordered_map<std::uint32_t, std::uint32_t> number_of_root;
  for (const std::uint32_t node : table.node_of_record()) {
    const auto [at, is_new] = number_of_root.try_emplace(clusters.find(node), out.people);
    if (is_new) ++out.people;
    out.person_of_record.push_back(at->second);
  }
}

}  // namespace

void Resolver::decide_together(const RecordKey& a, const RecordKey& b) {
  SEALIFT_CHECK(records_ == 0);
  decided_together_.emplace_back(a, b);
}

void Resolver::decide_apart(const RecordKey& a, const RecordKey& b) {
  SEALIFT_CHECK(records_ == 0);
  decided_apart_.emplace_back(a, b);
}

void Resolver::add(const Record& record) {
  if (record.path != file_ || record.ordinal == 0) {
    file_ = record.path;
    file_begin_ = records_ - record.ordinal;
    awaited_.clear();
  }
  const RecordKey key{record.path, record.ordinal};
  const auto names_it = [&](const auto& pair) { return pair.first == key || pair.second == key; };
  const bool decided = std::ranges::any_of(decided_together_, names_it) ||
                       std::ranges::any_of(decided_apart_, names_it);
  table_.add(record, decided ? Sharing::own_node : Sharing::shared_node);
  if (decided) decided_records_.emplace_back(key, records_);
  for (const Relation& relation : record.relations) {
    const std::uint32_t other = file_begin_ + relation.other;
    apart_.emplace_back(records_, other);
    awaited_.emplace(std::max(records_, other), std::min(records_, other));
  }
  // Two people of one form who say the same are two all the same.
  const auto nodes = table_.node_of_record();
  const auto [begin, end] = awaited_.equal_range(records_);
  const bool says_the_same = std::any_of(begin, end, [&](const auto& pair) {
    return pair.second != records_ && nodes[pair.second] == nodes[records_];
  });
  if (says_the_same) table_.part_last();
  awaited_.erase(begin, end);
  ++records_;
}

std::uint32_t Resolver::record_at(const RecordKey& key) const {
  for (const auto& [decided, at] : decided_records_)
    if (decided == key) return at;
  return kNoRecord;  // the file is not in the case any more
}

Resolution Resolver::resolve(const ResolveOptions& options) const {
  Resolution out;
  const Scorer scorer(table_);
  const auto nodes = table_.node_of_record();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> apart;
  for (const auto& [a, b] : apart_)
    if (a < nodes.size() && b < nodes.size()) apart.emplace_back(nodes[a], nodes[b]);
  for (const auto& [a, b] : decided_apart_)
    if (record_at(a) != kNoRecord && record_at(b) != kNoRecord)
      apart.emplace_back(nodes[record_at(a)], nodes[record_at(b)]);
  Clusters clusters(table_, scorer, apart);
  for (const auto& [a, b] : decided_together_) {
    if (record_at(a) == kNoRecord || record_at(b) == kNoRecord) continue;
    const std::uint32_t root_a = clusters.find(nodes[record_at(a)]);
    const std::uint32_t root_b = clusters.find(nodes[record_at(b)]);
    if (root_a == root_b) continue;
    clusters.join(root_a, root_b);
    out.merges.push_back({record_at(a), record_at(b), 0, bit(Ground::decided)});
  }
  Joiner joiner(table_, scorer, clusters, out.merges);
  joiner.join_by_values(score_pairs(table_, scorer, candidate_pairs(table_), options.jobs));
  joiner.join_by_name();
  number_people(table_, clusters, out);
  out.doubts = find_doubts(table_, out.person_of_record, out.people);
  return out;
}

}  // namespace sealift::census
