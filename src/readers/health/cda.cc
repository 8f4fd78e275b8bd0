#include "readers/health/cda.h"

#include <algorithm>
#include <array>

#include "readers/card_builder.h"
#include "readers/mail/mime.h"
#include "readers/text/text_encoding.h"
#include "readers/text/tree.h"
#include "readers/text/xml_reader.h"

namespace sealift::readers {
namespace {

using document::FactKind;
using document::FileEnd;
using document::Party;
using document::PlaceKind;

constexpr int kDepthMax = 60;

std::string date_of(std::string_view text) { return std::string(text.substr(0, 8)); }

// All text below a node, parts separated by spaces.
void append_text(const TreeNode& node, std::string& out, int depth = 0) {
  if (!node.value.empty() && node.name != "styleCode" && node.name != "ID" &&
      node.name != "border" && node.name != "width") {
    if (!out.empty()) out += ' ';
    out += node.value;
  }
  if (depth < kDepthMax)
    for (const TreeNode& child : node.children) append_text(child, out, depth + 1);
}

// Provincial health numbers have OIDs next to each other; national ones are known.
std::optional<FactKind> kind_of_root(std::string_view root) {
  constexpr std::string_view kNational = "2.16.840.1.113883.4.";
  if (root == "2.16.840.1.113883.4.1" || root == "2.16.840.1.113883.4.272")
    return FactKind::social_security_number;
  if (root == "2.16.840.1.113883.2.1.4.1") return FactKind::nhs_number;
  if (!root.starts_with(kNational)) return std::nullopt;
  root.remove_prefix(kNational.size());
  const bool provincial = root.size() == 2 && root >= "50" && root <= "62";
  if (provincial) return FactKind::health_number;
  return std::nullopt;
}

class CdaReader {
 public:
  explicit CdaReader(Context& context) : context_(context) {}

  void read(const TreeNode& node);
  bool cut() const { return cut_; }

 private:
  void patient(const TreeNode& role);
  void name(const TreeNode& node, Who who, const std::string& field);
  void contacts(const TreeNode& node, Who who, const std::string& field);
  void staff(const TreeNode& node, const std::string& field, int depth);
  void participant(const TreeNode& node);
  void section(const TreeNode& node, int depth);
  void narrative(const TreeNode& node, int depth);
  void entries(const TreeNode& node, int depth);
  void unstructured(const TreeNode& body);
  Who next(Party party) {
    std::uint8_t& last = ordinals_.at(static_cast<std::size_t>(party));
    if (last < 250) ++last;
    return {party, last};
  }

  Context& context_;
  CardBuilder card_;
  std::array<std::uint8_t, 8> ordinals_{};
  std::string prose_;
  bool cut_ = false;
};

void CdaReader::name(const TreeNode& node, Who who, const std::string& field) {
  bool named = false;
  node.each("name", [&](const TreeNode& name) {
    std::string given, middle;
    name.each("given", [&](const TreeNode& one) {
      std::string& part = given.empty() ? given : middle;
      if (!part.empty()) part += ' ';
      part += one.value;
    });
    const std::string family(name.at("family"));
    if (family.empty() && given.empty()) {
      card_.add(who, named ? FactKind::other_name : FactKind::full_name, name.value, field);
    } else if (named) {
      card_.add(who, FactKind::other_name, given + " " + family, field);
    } else {
      card_.add(who, FactKind::last_name, family, field);
      card_.add(who, FactKind::first_name, given, field);
      card_.add(who, FactKind::middle_name, middle, field);
      card_.add(who, FactKind::name_suffix, name.at("suffix"), field);
    }
    named = true;
  });
}

void CdaReader::contacts(const TreeNode& node, Who who, const std::string& field) {
  node.each("addr", [&](const TreeNode& address) {
    std::string lines;
    address.each("streetAddressLine", [&](const TreeNode& line) {
      if (!lines.empty() && !line.value.empty()) lines += ", ";
      lines += line.value;
    });
    if (lines.empty())
      lines = std::string(address.at("houseNumber")) + " " + std::string(address.at("streetName"));
    card_.add_address(
        who, {lines, {}, address.at("city"), address.at("state"), address.at("postalCode")}, field);
  });
  node.each("telecom", [&](const TreeNode& telecom) {
    std::string_view value = telecom.at("value");
    const bool mail = value.find('@') != std::string_view::npos;
    const std::size_t colon = value.find(':');
    if (colon != std::string_view::npos && colon < 10) value.remove_prefix(colon + 1);
    card_.add(who, mail ? FactKind::email : FactKind::phone, value, field);
  });
}

void CdaReader::patient(const TreeNode& role) {
  const Who self{};
  role.each("id", [&](const TreeNode& id) {
    if (const auto kind = kind_of_root(id.at("root")))
      card_.add(self, *kind, id.at("extension"), "patientRole/id");
  });
  contacts(role, self, "patientRole");
  role.each("patient", [&](const TreeNode& patient) {
    name(patient, self, "patient/name");
    card_.add(self, FactKind::birth_date, date_of(patient.at("birthTime/value")),
              "patient/birthTime");
    card_.add(self, FactKind::religion, patient.at("religiousAffiliationCode/displayName"),
              "patient/religiousAffiliationCode");
    card_.add(self, FactKind::death_date, date_of(patient.at("deceasedTime/value")),
              "patient/deceasedTime");
    if (patient.at("deceasedInd/value") == "true")
      card_.add(self, FactKind::deceased, "true", "patient/deceasedInd");
    patient.each("guardian", [&](const TreeNode& guardian) {
      const Who who = next(Party::guardian);
      if (const TreeNode* person = guardian.child("guardianPerson"))
        name(*person, who, "guardian/name");
      contacts(guardian, who, "guardian");
    });
  });
}

// Those who wrote, signed, entered or did: named somewhere below.
void CdaReader::staff(const TreeNode& node, const std::string& field, int depth) {
  if (depth > 6) return;
  for (const TreeNode& child : node.children) {
    if (child.name.ends_with("Person") && child.child("name") != nullptr)
      name(child, next(Party::staff), field);
    staff(child, field, depth + 1);
  }
}

void CdaReader::participant(const TreeNode& node) {
  for (const std::string_view path : {"associatedEntity", "relatedEntity", "participantRole"}) {
    const TreeNode* entity = node.child(path);
    if (entity == nullptr) continue;
    const TreeNode* person = entity->child("associatedPerson");
    if (person == nullptr) person = entity->child("relatedPerson");
    if (person == nullptr) continue;
    const std::string relation = std::string(entity->at("classCode")) + " " +
                                 std::string(entity->at("code/code")) + " " +
                                 std::string(entity->at("code/displayName"));
    Party party = party_of_relationship(relation);
    if (party == Party::relative && entity->at("classCode") == "NOK")
      party = Party::emergency_contact;
    const Who who = next(party);
    name(*person, who, "participant/name");
    contacts(*entity, who, "participant");
  }
}

// What a coded entry says: the names of its values, codes and materials.
void CdaReader::entries(const TreeNode& node, int depth) {
  if (depth > kDepthMax) return;
  for (const TreeNode& child : node.children) {
    const bool told = child.name == "value" || child.name == "manufacturedMaterial" ||
                      child.name == "playingEntity" || child.name == "procedure";
    if (told) {
      std::string words(child.at("displayName"));
      if (words.empty()) words = std::string(child.at("originalText"));
      if (words.empty()) words = std::string(child.at("code/displayName"));
      if (words.empty()) words = std::string(child.at("code/originalText"));
      card_.add({}, FactKind::health_record, words, "entry");
    }
    // Authors and performers of entries are staff, and said once in the header.
    if (child.name != "author" && child.name != "performer" && child.name != "informant")
      entries(child, depth + 1);
  }
}

// Rows of a section's tables and its list items are the patient's; paragraphs are prose.
void CdaReader::narrative(const TreeNode& node, int depth) {
  if (depth > kDepthMax) return;
  for (const TreeNode& child : node.children) {
    if (child.name == "thead" || child.name == "caption") continue;
    if (child.name == "tr") {
      std::string row;
      append_text(child, row);
      card_.add({}, FactKind::health_record, row.substr(0, 300), "section/text");
      constexpr std::size_t kProseMin = 60;
      if (row.size() > kProseMin) prose_ += row + "\n";
    } else if (child.name == "paragraph" || child.name == "item" || child.name == "content") {
      std::string text;
      append_text(child, text);
      prose_ += text + "\n";
    } else {
      narrative(child, depth + 1);
    }
  }
  if (depth == 0 && !node.value.empty()) prose_ += node.value + "\n";
}

void CdaReader::section(const TreeNode& node, int depth) {
  if (depth > kDepthMax) return;
  for (const TreeNode& child : node.children) {
    if (child.name == "text") narrative(child, 0);
    if (child.name == "entry") entries(child, 0);
    if (child.name == "section" || child.name == "component") section(child, depth + 1);
  }
}

void CdaReader::unstructured(const TreeNode& body) {
  const TreeNode* text = body.child("text");
  if (text == nullptr) return;
  if (text->at("representation") != "B64") {
    prose_ += text->value + "\n";
    return;
  }
  const std::string bytes = decode_transfer(text->value, TransferEncoding::base64);
  if (context_.may_unpack(bytes.size())) {
    context_.member("body", base::bytes_of(bytes));
  } else {
    cut_ = true;
  }
}

void CdaReader::read(const TreeNode& node) {
  node.each("recordTarget", [&](const TreeNode& target) {
    target.each("patientRole", [&](const TreeNode& role) { patient(role); });
  });
  node.each("participant", [&](const TreeNode& one) { participant(one); });
  node.each("informant", [&](const TreeNode& one) { participant(one); });
  for (const std::string_view role : {"author", "dataEnterer", "legalAuthenticator",
                                      "authenticator", "documentationOf", "componentOf"})
    node.each(role, [&](const TreeNode& one) { staff(one, std::string(role), 0); });
  node.each("component", [&](const TreeNode& component) {
    if (const TreeNode* body = component.child("nonXMLBody")) unstructured(*body);
    if (const TreeNode* body = component.child("structuredBody")) section(*body, 0);
  });
  cut_ = cut_ || card_.cut();
  const document::Place place{PlaceKind::record, 1, {}};
  card_.hand_on(context_, place);
  context_.text(place, prose_);
}

}  // namespace

FileEnd read_cda(base::ByteView bytes, Context& context) {
  const std::string xml = decode(bytes, xml_charset(base::text_of(bytes).substr(0, 200)));
  Markup markup(xml, Markup::Language::xml);
  CdaReader reader(context);
  TreeBudget budget;
  while (markup.next()) {
    if (markup.kind() != Markup::Kind::open) continue;
    if (local_name(markup.name()) == "ClinicalDocument") reader.read(take_tree(markup, budget));
  }
  if (budget.cut || reader.cut()) return read_partly("has more values than may be kept");
  if (xml.find("</") == std::string::npos || xml.find("ClinicalDocument>") == std::string::npos)
    return read_partly("cut short; what is there was read");
  return read_whole();
}

}  // namespace sealift::readers
