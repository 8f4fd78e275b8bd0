#include "census/records/record_content.h"

#include <algorithm>
#include <bit>

#include "base/byte_reader.h"

namespace sealift::census {
namespace {

constexpr std::uint8_t kDayMonthUnsure = 1;
constexpr std::uint8_t kRecognised = 2;
constexpr std::uint8_t kHasConfidence = 4;
constexpr int kCountBits = 32;

void put_byte(std::uint8_t value, base::Bytes& out) { out.push_back(std::byte{value}); }

void put_count(std::uint64_t value, base::Bytes& out) {
  while (value >= 0x80) {
    put_byte(static_cast<std::uint8_t>(value | 0x80), out);
    value >>= 7;
  }
  put_byte(static_cast<std::uint8_t>(value), out);
}

void put_text(std::string_view text, base::Bytes& out) {
  put_count(text.size(), out);
  base::append(out, base::bytes_of(text));
}

void put_element(const Element& element, base::Bytes& out) {
  const bool sure = element.confidence == 1.0F;
  put_byte(static_cast<std::uint8_t>(element.type), out);
  put_byte(static_cast<std::uint8_t>((element.day_month_unsure ? kDayMonthUnsure : 0) |
                                     (element.recognised ? kRecognised : 0) |
                                     (sure ? 0 : kHasConfidence)),
           out);
  if (!sure) {
    const auto bits = std::bit_cast<std::uint32_t>(element.confidence);
    for (int shift = 0; shift < 32; shift += 8)
      put_byte(static_cast<std::uint8_t>(bits >> shift), out);
  }
  put_text(element.value, out);
  put_text(element.locator, out);
}

std::optional<std::uint32_t> take_count(base::ByteReader& in) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < kCountBits + 3; shift += 7) {
    const auto byte = in.u8();
    if (!byte) return std::nullopt;
    value |= static_cast<std::uint64_t>(*byte & 0x7F) << shift;
    if (*byte >= 0x80) continue;
    if (value > 0xFFFFFFFF) return std::nullopt;
    return static_cast<std::uint32_t>(value);
  }
  return std::nullopt;
}

bool take_text(base::ByteReader& in, std::string& text) {
  const auto size = take_count(in);
  const auto bytes = size ? in.take(*size) : std::nullopt;
  if (!bytes) return false;
  text = base::text_of(*bytes);
  return true;
}

bool take_element(base::ByteReader& in, Element& element) {
  const auto type = in.u8();
  const auto flags = in.u8();
  if (!type || !flags || *type >= kElementTypes || *flags > 7) return false;
  element.type = static_cast<ElementType>(*type);
  element.day_month_unsure = (*flags & kDayMonthUnsure) != 0;
  element.recognised = (*flags & kRecognised) != 0;
  if ((*flags & kHasConfidence) != 0) {
    const auto bits = in.u32_le();
    if (!bits) return false;
    element.confidence = std::bit_cast<float>(*bits);
  }
  return take_text(in, element.value) && take_text(in, element.locator);
}

bool take_relation(base::ByteReader& in, Relation& relation) {
  const auto kind = in.u8();
  const auto other = take_count(in);
  if (!kind || !other || *kind > static_cast<std::uint8_t>(Relation::Kind::other_person))
    return false;
  relation = {static_cast<Relation::Kind>(*kind), *other};
  return true;
}

}  // namespace

void pack_content(const Record& record, std::uint32_t first_ordinal, base::Bytes& out) {
  out.clear();
  put_count(record.elements.size(), out);
  for (const Element& element : record.elements) put_element(element, out);
  std::vector<Relation> relations = record.relations;
  std::ranges::sort(relations, {}, [](const Relation& r) { return std::pair(r.kind, r.other); });
  relations.erase(std::unique(relations.begin(), relations.end()), relations.end());
  put_count(relations.size(), out);
  for (const Relation& relation : relations) {
    put_byte(static_cast<std::uint8_t>(relation.kind), out);
    put_count(std::uint64_t{first_ordinal} + relation.other, out);
  }
}

bool unpack_content(base::ByteView content, Record& record) {
  base::ByteReader in(content);
  // the least that an element and a relation take: judged before memory is spent
  constexpr std::size_t kElementSizeMin = 4;
  constexpr std::size_t kRelationSizeMin = 2;
  const auto elements = take_count(in);
  if (!elements || *elements > in.remaining() / kElementSizeMin) return false;
  record.elements.resize(*elements);
  for (Element& element : record.elements)
    if (!take_element(in, element)) return false;
  const auto relations = take_count(in);
  if (!relations || *relations > in.remaining() / kRelationSizeMin) return false;
  record.relations.resize(*relations);
  for (Relation& relation : record.relations)
    if (!take_relation(in, relation)) return false;
  return in.at_end();
}

}  // namespace sealift::census
