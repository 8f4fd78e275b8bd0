#include "census/people/resolve_score.h"

#include <algorithm>
#include <cmath>

namespace sealift::census {
namespace {

// Bits, from the share of agreements that chance would give in one dump.
constexpr float kIdentifierBits = 24;
constexpr float kAccountBits = 12;
constexpr float kEmailBits = 13;
constexpr float kBirthBits = 12;
constexpr float kPhoneBits = 8;
constexpr float kAddressBits = 7;
constexpr float kPropertyBits = 8;
constexpr float kNamePartBitsMax = 11;
constexpr float kMiddleBits = 4;

struct LinkAgreement {
  bool clash = false;
  bool identifier = false;
  float bits = 0;
  std::uint16_t grounds = 0;
};

void add(LinkAgreement& sum, Ground ground, float bits) {
  if ((sum.grounds & bit(ground)) != 0) bits *= 0.25F;  // a second phone says less than the first
  sum.bits += bits;
  sum.grounds |= bit(ground);
}

void add_shared(const Link& link, LinkAgreement& sum) {
  switch (link.kind) {
    case LinkKind::exclusive:
    case LinkKind::personal:
      sum.identifier = true;
      return add(sum, Ground::identifier, kIdentifierBits);
    case LinkKind::account:
      return add(sum, Ground::account, kAccountBits);
    case LinkKind::email:
      return add(sum, Ground::email, kEmailBits);
    case LinkKind::phone:
      return add(sum, Ground::phone, kPhoneBits);
    case LinkKind::address:
      return add(sum, Ground::address, kAddressBits);
    case LinkKind::property:
      return add(sum, Ground::property, kPropertyBits);
    case LinkKind::none:
      return;
  }
}

// Both lists are sorted by type and value. Identifiers of which a person has one clash when none is
// shared; what OCR read may be misread, so it is no clash.
LinkAgreement compare_links(const std::vector<Link>& a, const std::vector<Link>& b) {
  LinkAgreement sum;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].type != b[j].type) {
      (a[i].type < b[j].type ? i : j) += 1;
      continue;
    }
    const ElementType type = a[i].type;
    bool shared = false;
    bool recognised = false;
    while (i < a.size() && j < b.size() && a[i].type == type && b[j].type == type) {
      recognised = recognised || a[i].recognised || b[j].recognised;
      if (a[i].value == b[j].value) {
        add_shared(a[i], sum);
        shared = true;
        ++i;
        ++j;
      } else {
        (a[i].value < b[j].value ? i : j) += 1;
      }
    }
    const bool exclusive =
        (i > 0 && a[i - 1].type == type && a[i - 1].kind == LinkKind::exclusive) ||
        (j > 0 && b[j - 1].type == type && b[j - 1].kind == LinkKind::exclusive);
    if (exclusive && !shared && !recognised) sum.clash = true;
    while (i < a.size() && a[i].type == type) ++i;
    while (j < b.size() && b[j].type == type) ++j;
  }
  return sum;
}

// `unknown`: both are the same 1 January.
enum class BirthAgreement : std::uint8_t { missing, unknown, equal, different };

BirthAgreement compare_births(const Node& a, const Node& b) {
  if (a.births.empty() || b.births.empty()) return BirthAgreement::missing;
  bool unknown = false;
  for (const Birth& x : a.births) {
    for (const Birth& y : b.births) {
      if (x.day == y.day && !x.first_of_january) return BirthAgreement::equal;
      unknown = unknown || x.day == y.day;
      const bool swapped =
          (x.swapped != 0 && x.swapped == y.day) || (y.swapped != 0 && y.swapped == x.day);
      if (swapped) return BirthAgreement::equal;
    }
  }
  return unknown ? BirthAgreement::unknown : BirthAgreement::different;
}

float rarity_bits(const std::unordered_map<std::string, std::uint32_t>& counts,
                  const std::string& word, float all) {
  const auto found = counts.find(word);
  const float count = found == counts.end() ? 1 : static_cast<float>(found->second);
  return std::clamp(std::log2(all / count), 2.0F, kNamePartBitsMax);
}

}  // namespace

Scorer::Scorer(const FeatureTable& table) : table_(table) {
  // Nodes, not records: a person in a hundred copies of a list counts once.
  for (const Node& node : table.nodes()) {
    if (node.names.empty()) continue;
    const MatchName& name = table.name(node.names.front());
    if (!name.given.empty()) ++given_counts_[name.given.front()];
    for (const std::string& part : name.family) ++family_counts_[part];
    named_nodes_ += 1;
  }
  // A person is met in some five different records; chance must pick the same one of the others.
  prior_bits_ = -std::log2(std::max(128.0F, named_nodes_ / 5));
}

float Scorer::given_bits(const MatchName& name) const {
  return name.given.empty() ? 0 : rarity_bits(given_counts_, name.given.front(), named_nodes_);
}

float Scorer::family_bits(const MatchName& name) const {
  float most = 0;
  for (const std::string& part : name.family)
    most = std::max(most, rarity_bits(family_counts_, part, named_nodes_));
  return most;
}

Scorer::NameScore Scorer::score_name_pair(const MatchName& a, const MatchName& b) const {
  const NameAgreement compared = compare_names(a, b);
  NameScore out{.generation_one_sided = compared.generation_one_sided,
                .middle_equal = compared.middle_equal};
  out.slip = compared.given == GivenAgreement::typo;
  out.family_differs = compared.family == FamilyAgreement::different;
  out.clashes = compared.given == GivenAgreement::different || compared.middle_clash ||
                compared.generation_clash || (out.slip && out.family_differs);
  if (out.clashes) return out;
  const float given = std::min(given_bits(a), given_bits(b));
  const float family = std::min(family_bits(a), family_bits(b));
  switch (compared.given) {
    case GivenAgreement::equal:
      out.bits += given;
      break;
    case GivenAgreement::nickname:
      out.bits += given - 2;
      break;
    case GivenAgreement::middle:
      out.bits += given - 3;
      break;
    case GivenAgreement::initial:
      out.bits += 3;
      break;
    case GivenAgreement::typo:
      out.bits += given - 6;
      break;
    default:
      break;
  }
  switch (compared.family) {
    case FamilyAgreement::equal:
      out.bits += family;
      break;
    case FamilyAgreement::part:
      out.bits += family - 2;
      break;
    case FamilyAgreement::typo:
      out.bits += family - 4;
      break;
    case FamilyAgreement::different:
      out.bits -= 8;
      break;
    default:
      break;
  }
  if (compared.middle_equal) out.bits += kMiddleBits;
  if (compared.swapped) out.bits -= 2;
  out.agrees = compared.given == GivenAgreement::equal && compared.family == FamilyAgreement::equal;
  out.likely = !out.agrees;
  return out;
}

Scorer::NameScore Scorer::score_names(const Node& a, const Node& b) const {
  NameScore best;
  best.clashes = true;
  best.bits = -100;
  for (const std::uint32_t x : a.names) {
    for (const std::uint32_t y : b.names) {
      const NameScore score = score_name_pair(table_.name(x), table_.name(y));
      if (score.clashes ? false : best.clashes || score.bits > best.bits) best = score;
    }
  }
  return best;
}

Score Scorer::score(const Node& a, const Node& b) const {
  const LinkAgreement links = compare_links(a.links, b.links);
  const BirthAgreement birth = compare_births(a, b);
  Score out{.bits = prior_bits_ + links.bits, .grounds = links.grounds};
  if (birth == BirthAgreement::equal) {
    out.bits += kBirthBits;
    out.grounds |= bit(Ground::birth_date);
  } else if (birth == BirthAgreement::different) {
    out.veto = true;
  }
  out.veto = out.veto || links.clash;
  const bool sure = links.identifier || birth == BirthAgreement::equal;
  if (((a.child && b.parent) || (a.parent && b.child)) && !sure) out.veto = true;
  if (((a.child && b.staff) || (a.staff && b.child)) && !sure) out.veto = true;
  if (out.veto) return out;

  if (a.names.empty() || b.names.empty()) {
    // Nobody's name to compare: only what belongs to one person alone can tell.
    out.veto = !links.identifier && !out.has(Ground::email);
    return out;
  }
  const NameScore names = score_names(a, b);
  const bool household =
      out.has(Ground::phone) || out.has(Ground::address) || out.has(Ground::email);
  const bool misread = a.recognised != b.recognised || (a.recognised && b.recognised);
  if (names.clashes) out.veto = true;
  if (names.slip && !links.identifier && !(misread && birth == BirthAgreement::equal))
    out.veto = true;
  if (names.family_differs && !links.identifier && !(birth == BirthAgreement::equal && household))
    out.veto = true;
  if (names.generation_one_sided && !sure) out.veto = true;
  // Namesakes of whom it is not known when they were born: nothing tells them apart or together.
  if (birth == BirthAgreement::unknown && !out.has_shared_value()) out.veto = true;
  if (out.veto) return out;
  out.bits += names.bits;
  out.grounds |= names.agrees ? bit(Ground::name) : bit(Ground::name_likely);
  if (names.middle_equal) out.grounds |= bit(Ground::middle_name);
  return out;
}

}  // namespace sealift::census
