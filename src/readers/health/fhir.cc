#include "readers/health/fhir.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/limits.h"
#include "readers/card_builder.h"
#include "readers/mail/mime.h"
#include "readers/text/text_encoding.h"
#include "readers/text/tree.h"
#include "readers/text/xml_reader.h"

namespace sealift::readers {
namespace {

using document::Fact;
using document::FactKind;
using document::FileEnd;
using document::Party;
using document::PlaceKind;

// XML holds values in an attribute of that name, JSON in the node itself.
std::string_view value_of(const TreeNode& node) {
  if (!node.value.empty()) return node.value;
  const TreeNode* value = node.child("value");
  return value == nullptr ? std::string_view{} : std::string_view(value->value);
}

std::string_view at(const TreeNode& node, std::string_view path) {
  const TreeNode* found = node.find(path);
  return found == nullptr ? std::string_view{} : value_of(*found);
}

// A CodeableConcept in words: its text, else what a code is called, else the code.
std::string words_of(const TreeNode* concept_node) {
  if (concept_node == nullptr) return {};
  for (const std::string_view path : {"text", "coding/display", "coding/code", "display", "code"}) {
    if (const std::string_view words = at(*concept_node, path); !words.empty())
      return std::string(words);
  }
  return std::string(value_of(*concept_node));
}

// All codes and words of a concept, for party_of_relationship().
std::string relationship_words(const TreeNode& concept_node) {
  std::string all(at(concept_node, "text"));
  concept_node.each("coding", [&](const TreeNode& coding) {
    for (const std::string_view path : {"code", "display"})
      all.append(" ").append(at(coding, path));
  });
  return all;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// By the system's URI (or OID) and the type's code.
std::optional<FactKind> kind_of_identifier(std::string_view system, std::string_view type) {
  const auto has = [&](std::string_view part) { return contains(system, part); };
  if (type == "SS" || has("us-ssn") || has("-sin") || system.ends_with("113883.4.1"))
    return FactKind::social_security_number;
  if (has("nhs-number")) return FactKind::nhs_number;
  if (type == "JHN" || type == "HC" || has("-hcn") || has("-phn") || has("health-card") ||
      has("healthcard") || has("-ramq") || has("-nam"))
    return FactKind::health_number;
  if (type == "DL" || has("drivers-licence") || has("driver")) return FactKind::drivers_licence;
  if (type == "PPN" || has("passport")) return FactKind::passport;
  return std::nullopt;
}

class FhirReader {
 public:
  explicit FhirReader(Context& context) : context_(context) {}

  // A resource, or a bundle of them.
  void resource(const TreeNode& node, std::string_view type, std::string_view full_url, int depth);
  void count_cut(bool cut) { cut_ = cut_ || cut; }
  void put_off();
  FileEnd end(bool whole) const;

 private:
  struct Waiting {  // what is said of a patient who may stand further down
    std::string reference, display, field, words;
  };

  void bundle(const TreeNode& node, int depth);
  void person(const TreeNode& node, std::string_view type, std::string_view full_url);
  void names(const TreeNode& node, Who who, const std::string& field);
  void contacts(const TreeNode& node, Who who, const std::string& field);
  void identifiers(const TreeNode& node, const std::string& field);
  void contact_parties(const TreeNode& node);
  void of_patient(const TreeNode& node, std::string_view type);
  void attachments(const TreeNode& node, int depth);
  void attachment(std::string_view data);
  void remember(std::string_view type, std::string_view id, std::string_view full_url);
  bool about(const std::string& reference, std::string_view display);
  void hand_on();
  Who next(Party party) {
    std::uint8_t& last = ordinals_.at(static_cast<std::size_t>(party));
    if (last < 250) ++last;
    return {party, last};
  }

  Context& context_;
  CardBuilder card_;
  std::array<std::uint8_t, 8> ordinals_{};
  std::map<std::string, std::vector<Fact>, std::less<>> people_;  // by reference
  std::size_t people_facts_ = 0;
  std::vector<Waiting> waiting_;
  std::uint32_t resources_ = 0;
  std::uint32_t documents_ = 0;
  std::uint64_t unknown_subjects_ = 0;
  bool cut_ = false;
};

void FhirReader::names(const TreeNode& node, Who who, const std::string& field) {
  bool named = false;
  node.each("name", [&](const TreeNode& name) {
    const std::string family(at(name, "family"));
    std::string given, middle;
    name.each("given", [&](const TreeNode& one) {
      std::string& part = given.empty() ? given : middle;
      if (!part.empty()) part += ' ';
      part += value_of(one);
    });
    const std::string_view text = at(name, "text").empty() ? value_of(name) : at(name, "text");
    if (family.empty() && given.empty()) {
      card_.add(who, named ? FactKind::other_name : FactKind::full_name, text, field + ".name");
    } else if (named) {
      card_.add(who, FactKind::other_name, given + " " + family, field + ".name");
    } else {
      card_.add(who, FactKind::last_name, family, field + ".name");
      card_.add(who, FactKind::first_name, given, field + ".name");
      card_.add(who, FactKind::middle_name, middle, field + ".name");
      card_.add(who, FactKind::name_suffix, at(name, "suffix"), field + ".name");
    }
    named = true;
  });
}

void FhirReader::contacts(const TreeNode& node, Who who, const std::string& field) {
  node.each("telecom", [&](const TreeNode& telecom) {
    const std::string_view value = at(telecom, "value");
    const bool mail = contains(value, "@");
    card_.add(who, mail ? FactKind::email : FactKind::phone, value, field + ".telecom");
  });
  node.each("address", [&](const TreeNode& address) {
    std::string lines;
    address.each("line", [&](const TreeNode& line) {
      if (!lines.empty()) lines += ", ";
      lines += value_of(line);
    });
    if (lines.empty() && at(address, "postalCode").empty()) {
      card_.add(who, FactKind::address, at(address, "text"), field + ".address");
      return;
    }
    card_.add_address(
        who, {lines, {}, at(address, "city"), at(address, "state"), at(address, "postalCode")},
        field + ".address");
  });
}

void FhirReader::identifiers(const TreeNode& node, const std::string& field) {
  node.each("identifier", [&](const TreeNode& identifier) {
    std::string_view type = at(identifier, "type/coding/code");
    if (type.empty()) type = at(identifier, "type/text");
    const auto kind = kind_of_identifier(at(identifier, "system"), type);
    const TreeNode* value = identifier.child("value");
    if (kind && value != nullptr) card_.add({}, *kind, value_of(*value), field + ".identifier");
  });
}

// Patient.contact: next of kin, parents, employers.
void FhirReader::contact_parties(const TreeNode& node) {
  node.each("contact", [&](const TreeNode& contact) {
    if (contact.child("name") == nullptr) return;
    std::string relation;
    contact.each("relationship",
                 [&](const TreeNode& one) { relation += relationship_words(one) + " "; });
    Party party = party_of_relationship(relation);
    if (party == Party::relative) party = Party::emergency_contact;
    const Who who = next(party);
    names(contact, who, "Patient.contact");
    contacts(contact, who, "Patient.contact");
  });
}

void FhirReader::remember(std::string_view type, std::string_view id, std::string_view full_url) {
  constexpr std::size_t kFactsKeptMax = 2'000'000;
  std::vector<Fact> identity = card_.identity();
  people_facts_ += identity.size();
  if (people_facts_ > kFactsKeptMax) {
    cut_ = true;
    return;
  }
  if (!full_url.empty()) people_.insert_or_assign(std::string(full_url), identity);
  if (!id.empty())
    people_.insert_or_assign(std::string(type) + "/" + std::string(id), std::move(identity));
}

void FhirReader::hand_on() {
  cut_ = cut_ || card_.cut();
  card_.hand_on(context_, {PlaceKind::record, resources_, {}});
  ordinals_.fill(0);
}

void FhirReader::person(const TreeNode& node, std::string_view type, std::string_view full_url) {
  const std::string field(type);
  const bool works = contains(type, "Practitioner");
  const Who who = works ? Who{Party::staff, 0} : Who{};
  names(node, who, field);
  contacts(node, who, field);
  if (!works) {
    card_.add(who, FactKind::birth_date, at(node, "birthDate"), field + ".birthDate");
    card_.add(who, FactKind::death_date, at(node, "deceasedDateTime"), field + ".deceased");
    if (at(node, "deceasedBoolean") == "true")
      card_.add(who, FactKind::deceased, "true", field + ".deceased");
    identifiers(node, field);
    contact_parties(node);
    remember(type, at(node, "id"), full_url);
  }
  hand_on();
}

// Puts who `reference` points to on the card as its subject. False: nobody known.
bool FhirReader::about(const std::string& reference, std::string_view display) {
  auto found = people_.find(reference);
  if (found == people_.end()) {
    // Absolute references end as relative ones do: ".../Patient/123/_history/1"
    const std::size_t slash = reference.rfind("Patient/");
    if (slash != std::string::npos) {
      const std::string id = reference.substr(slash);
      found = people_.find(id.substr(0, id.find('/', 8)));
    }
  }
  if (found != people_.end()) {
    for (const Fact& fact : found->second) card_.add({}, fact.kind, fact.value, fact.field);
    return true;
  }
  card_.add({}, FactKind::full_name, display, "subject.display");
  return !display.empty();
}

// What a resource says of the patient whom it is about.
void FhirReader::of_patient(const TreeNode& node, std::string_view type) {
  const TreeNode* subject = node.child("subject");
  for (const std::string_view name : {"patient", "beneficiary", "individual"})
    if (subject == nullptr) subject = node.child(name);
  if (subject == nullptr) return;
  std::string words;
  for (const std::string_view path : {"code", "medicationCodeableConcept", "medication",
                                      "vaccineCode", "reasonCode", "type", "category"}) {
    words = words_of(node.child(path));
    if (!words.empty()) break;
  }
  const std::string value =
      std::string(at(node, "valueString")) + std::string(at(node, "valueQuantity/value"));
  if (!value.empty()) words += ": " + value;
  Waiting said{std::string(at(*subject, "reference")), std::string(at(*subject, "display")),
               std::string(type), std::string(type) + ": " + words};
  if (people_.contains(said.reference) || waiting_.size() >= limits::kTreeNodesMax / 8) {
    about(said.reference, said.display);
    card_.add({}, FactKind::health_record, said.words, said.field);
    hand_on();
  } else {
    waiting_.push_back(std::move(said));
  }
}

// Resources come in any order: what pointed ahead is read last.
void FhirReader::put_off() {
  for (const Waiting& said : waiting_) {
    if (!about(said.reference, said.display)) {
      ++unknown_subjects_;
      continue;
    }
    card_.add({}, FactKind::health_record, said.words, said.field);
    hand_on();
  }
  waiting_.clear();
}

void FhirReader::attachment(std::string_view data) {
  constexpr std::size_t kDataMin = 32;
  if (data.size() < kDataMin) return;
  const std::string bytes = decode_transfer(data, TransferEncoding::base64);
  if (!context_.may_unpack(bytes.size())) {
    cut_ = true;
    return;
  }
  context_.member("attachment " + std::to_string(++documents_), base::bytes_of(bytes));
}

// Base64 data, notes, and answers in words, wherever they are in a resource.
void FhirReader::attachments(const TreeNode& node, int depth) {
  constexpr int kDepthMax = 12;
  if (depth > kDepthMax) return;
  for (const TreeNode& child : node.children) {
    const bool prose = child.name == "note" || child.name == "description" ||
                       child.name == "comment" || child.name == "patientInstruction" ||
                       child.name == "valueString" || child.name == "conclusion";
    if (child.name == "data") {
      attachment(value_of(child));
    } else if (prose) {
      const std::string_view text = child.name == "note" ? at(child, "text") : value_of(child);
      context_.text({PlaceKind::record, resources_, {}}, text);
    } else if (child.name != "text" && child.name != "resource") {
      attachments(child, depth + 1);
    }
  }
}

void FhirReader::bundle(const TreeNode& node, int depth) {
  node.each("entry", [&](const TreeNode& entry) {
    const TreeNode* inner = entry.child("resource");
    if (inner == nullptr) return;
    const std::string_view url = at(entry, "fullUrl");
    if (const TreeNode* type = inner->child("resourceType")) {
      resource(*inner, type->value, url, depth + 1);
    } else if (!inner->children.empty()) {  // XML wraps it in an element
      resource(inner->children.front(), inner->children.front().name, url, depth + 1);
    }
  });
}

void FhirReader::resource(const TreeNode& node, std::string_view type, std::string_view full_url,
                          int depth) {
  constexpr int kDepthMax = 4;
  if (depth > kDepthMax) return;
  if (type == "Bundle") return bundle(node, depth);
  ++resources_;
  if (type == "Patient" || type == "Practitioner" || type == "Person") {
    person(node, type, full_url);
  } else if (type == "RelatedPerson") {
    about(std::string(at(node, "patient/reference")), at(node, "patient/display"));
    std::string relation;
    node.each("relationship",
              [&](const TreeNode& one) { relation += relationship_words(one) + " "; });
    const Who who = next(party_of_relationship(relation));
    names(node, who, "RelatedPerson");
    contacts(node, who, "RelatedPerson");
    card_.add(who, FactKind::birth_date, at(node, "birthDate"), "RelatedPerson.birthDate");
    hand_on();
  } else {
    of_patient(node, type);
  }
  attachments(node, 0);
  node.each("contained", [&](const TreeNode& inner) {
    resource(inner, at(inner, "resourceType"), "#" + std::string(at(inner, "id")), depth + 1);
  });
}

FileEnd FhirReader::end(bool whole) const {
  if (context_.out_of_time()) return read_partly("took too long; the first resources were read");
  if (!whole) return read_partly("damaged or cut short; its start was read");
  if (cut_) return read_partly("has more values than may be kept");
  if (unknown_subjects_ > 0)
    return read_partly(unknown_subjects_ == 1
                           ? "1 record is about a patient who is not in this file"
                           : std::to_string(unknown_subjects_) +
                                 " records are about patients who are not in this file");
  return read_whole();
}

std::string_view start_of(base::ByteView bytes) {
  return base::text_of(bytes).substr(0, std::size_t{8} << 10);
}

// Streams the entries of a bundle, so that a large one is never held whole.
void read_entries(JsonCursor& in, FhirReader& reader, Context& context) {
  in.take('[');
  while (in.good() && !in.take(']')) {
    TreeBudget budget;
    TreeNode bundle;
    bundle.children.push_back(take_tree(in, "entry", budget));
    reader.count_cut(budget.cut);
    reader.resource(bundle, "Bundle", {}, 0);
    in.take(',');
    if (context.out_of_time()) return;
  }
}

// One value: a resource. Its members are gathered, except a bundle's entries, which stream.
void read_value(JsonCursor& in, FhirReader& reader, Context& context) {
  if (in.peek() == '[') {  // an array of resources
    in.take('[');
    while (in.good() && !in.take(']')) {
      read_value(in, reader, context);
      in.take(',');
      if (context.out_of_time()) return;
    }
    return;
  }
  TreeBudget budget;
  TreeNode node;
  if (!in.take('{')) return in.fail();
  while (in.good() && !in.take('}')) {
    const std::string name = in.string();
    if (!in.take(':')) in.fail();
    if (name == "entry" && in.peek() == '[') {
      read_entries(in, reader, context);
      if (context.out_of_time()) return;
    } else if (in.good()) {
      TreeNode member = take_tree(in, name, budget);
      const bool items = member.value.empty() && !member.children.empty() &&
                         member.children.front().listed && member.children.front().name == name;
      if (items) {
        for (TreeNode& item : member.children) node.children.push_back(std::move(item));
      } else {
        node.children.push_back(std::move(member));
      }
    }
    in.take(',');
  }
  reader.count_cut(budget.cut);
  const std::string type(node.at("resourceType"));
  if (!type.empty()) reader.resource(node, type, {}, 0);
}

}  // namespace

bool looks_like_fhir_json(base::ByteView bytes) {
  const std::string_view start = start_of(bytes);
  const std::size_t type = start.find("\"resourceType\"");
  const std::size_t first = start.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return type != std::string_view::npos && first != std::string_view::npos &&
         (start[first] == '{' || start[first] == '[');
}

FileEnd read_fhir_json(base::ByteView bytes, Context& context) {
  const std::string text = decode(bytes, "UTF-8");
  JsonCursor in(text);
  FhirReader reader(context);
  while (in.good() && !in.at_end() && !context.out_of_time()) {
    read_value(in, reader, context);
    in.take(',');
  }
  reader.put_off();
  return reader.end(in.good());
}

FileEnd read_fhir_xml(base::ByteView bytes, Context& context) {
  const std::string xml = decode(bytes, xml_charset(base::text_of(bytes).substr(0, 200)));
  Markup markup(xml, Markup::Language::xml);
  FhirReader reader(context);
  while (markup.next()) {
    if (markup.kind() != Markup::Kind::open) continue;
    const std::string name(local_name(markup.name()));
    if (name == "Bundle") continue;  // its entries stream
    TreeBudget budget;
    TreeNode node = take_tree(markup, budget);
    reader.count_cut(budget.cut);
    if (name == "entry") {
      TreeNode bundle;
      bundle.children.push_back(std::move(node));
      reader.resource(bundle, "Bundle", {}, 0);
    } else {
      reader.resource(node, name, {}, 0);
    }
    if (context.out_of_time()) break;
  }
  reader.put_off();
  return reader.end(true);
}

}  // namespace sealift::readers
