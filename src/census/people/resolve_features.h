// Features: the little that resolving needs to know of a record, small enough for millions.
//
// Values are interned: equal numbers mean equal values of one type. Records that say exactly the
// same share one node, so copies of a file cost nothing further. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "census/kinds/kind.h"
#include "census/names/match_name.h"
#include "census/records/record.h"

namespace sealift::census {

struct Link {
  LinkKind kind = LinkKind::phone;
  ElementType type = ElementType::phone;
  std::uint32_t value = 0;  // interned with its type
  bool recognised = false;  // from OCR alone

  bool operator==(const Link&) const = default;
};

// A birth date, as days; `swapped` is the other reading of a numeric date, 0 for none. 1 January is
// also written where no birth date is on file: it tells nobody from anybody.
struct Birth {
  std::int32_t day = 0;
  std::int32_t swapped = 0;
  bool first_of_january = false;

  bool operator==(const Birth&) const = default;
};

struct Node {
  std::vector<std::uint32_t> names;  // into FeatureTable::names, without repeats
  std::vector<Link> links;           // sorted by type and value
  std::vector<Birth> births;
  bool child = false;       // a student, somebody's child, or said to be a minor
  bool parent = false;      // somebody's guardian or spouse
  bool staff = false;       // work contact data alone
  bool recognised = false;  // read by OCR
  bool uncertain = false;
  std::uint32_t first_record = 0;
};

enum class Sharing : std::uint8_t {
  shared_node,  // with records that say the same
  own_node,     // whatever others say: somebody has judged this record
};

class FeatureTable {
 public:
  // Adds the next record in canonical order; gives its node.
  std::uint32_t add(const Record& record, Sharing sharing = Sharing::shared_node);

  // The record added last gets a node of its own, though others say the same.
  void part_last();

  std::span<const Node> nodes() const { return nodes_; }
  std::span<const std::uint32_t> node_of_record() const { return node_of_record_; }
  const MatchName& name(std::uint32_t at) const { return names_[at]; }
  const std::string& value(std::uint32_t at) const { return *values_by_id_[at]; }
  std::size_t value_count() const { return values_by_id_.size(); }

 private:
  std::uint32_t intern_value(ElementType type, std::string value);
  std::uint32_t intern_name(const std::string& written);

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> node_of_record_;
  std::vector<MatchName> names_;
  std::unordered_map<std::string, std::uint32_t> name_ids_;
  std::unordered_map<std::string, std::uint32_t> value_ids_;
  std::vector<const std::string*> values_by_id_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> nodes_by_hash_;
};

// "2426 ROSEBANK RD, PICKERING ON L1W 9C2" -> "2426 ROSEBANK": what two writings of one address
// have in common. "" when there is no civic number before a street's name.
std::string street_key(std::string_view address);

// Days since 1970 of an ISO date; 0 when it is none.
std::int32_t day_number(std::string_view iso_date);

}  // namespace sealift::census
