// Words that tell of a person's health, schooling, work, faith or citizenship. Folded; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sealift::census::internal {

enum class RecordTopic : std::uint8_t {
  health,           // a condition, medication or vaccine that means little else
  health_weak,      // "stress": only beside a health cue
  health_cue,       // "diagnosed with", "reports"
  student,          // "individual education plan"
  employment,       // "offer of employment"
  position_cue,     // "position as": the words behind it are the position
  religion,         // "Greek Orthodox"
  religion_weak,    // "Christian": only behind a religion cue
  religion_cue,     // "religion", "faith"
  citizenship,      // "permanent resident"
  citizenship_cue,  // "citizen of": a country follows
  country,
  password_cue,  // "password": the word behind it is one
};

struct RecordPhrase {
  std::string_view words;  // folded, one space between
  RecordTopic topic;
};

std::span<const RecordPhrase> record_phrases();

}  // namespace sealift::census::internal
