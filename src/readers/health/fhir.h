// FHIR resources: a bundle, one resource, or one a line (bulk export), in JSON or XML.
//
// Patient, RelatedPerson, Person, Practitioner and Coverage become cards. What others say of a
// patient (conditions, medicines, allergies, observations, ...) becomes a card that names the
// patient again, found by reference; a reference to nobody in the file takes its display name, or
// is counted. Attachments (base64) are members; narrative that a person wrote is text.
// Source: HL7 FHIR R4; R3 and R5 differ in nothing that is read here.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

// JSON or XML whose first resource is near the start.
bool looks_like_fhir_json(base::ByteView bytes);

document::FileEnd read_fhir_json(base::ByteView bytes, Context& context);
document::FileEnd read_fhir_xml(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
